"""Forms about people."""

from __future__ import annotations

from wtforms import BooleanField, DateTimeLocalField, HiddenField, SelectField, TextAreaField
from wtforms.validators import Optional

from webadmin.forms import Form, LineField, choices, needed, one_line

DEVICES = [("app", "App on a phone or tablet"), ("phone", "Desk phone")]
TELEPHONE = "Such as +4722334455: rings with the apps, and then answers by a key. Empty: none."
UNTIL = "Empty: until you switch it back."


class PersonForm(Form):
    """A person. `version` tells whether somebody else was here meanwhile."""

    version = HiddenField()
    name = LineField("Name", [needed, one_line()])
    alias = LineField("Shown as", [one_line()], description="What visitors see instead of the name.")
    unit = SelectField("Unit")
    number = LineField("Short number", [one_line(32)], description="What a visitor may type. Empty: none.")
    telephone = LineField("Telephone", [one_line(32)], description=TELEPHONE)
    hidden = BooleanField("Hide the button", description="Neither shown on panels nor called.")
    hidden_until = DateTimeLocalField("Hidden until", [Optional()], description=UNTIL)
    do_not_disturb = BooleanField("Do not disturb", description="Shown on panels, but not called.")
    do_not_disturb_until = DateTimeLocalField("Do not disturb until", [Optional()], description=UNTIL)


class NewPersonForm(PersonForm):
    """Somebody who moves in."""

    device = SelectField(
        "Called on",
        choices=choices([("app", "App on a phone or tablet"), ("phone", "Desk phone"), ("", "Nothing yet")]),
    )
    button = BooleanField("Own button on the panels", default=True)


class DeviceForm(Form):
    """One more device of a person."""

    kind = SelectField(
        "Kind", choices=choices([("app", "App on a phone or tablet"), ("phone", "Desk phone")])
    )
    name = LineField("Name", [one_line()], description="Such as Kari's kitchen phone.")


class ImportForm(Form):
    """A list of people as CSV text. `seen`: the preview that was agreed to."""

    content = TextAreaField("List", [needed])
    seen = HiddenField()
