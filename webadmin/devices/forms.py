"""Forms about devices."""

from __future__ import annotations

from wtforms import HiddenField, RadioField

from webadmin.forms import ChoiceField, Form, LineField, choices, one_line

KINDS = [
    ("phone", "A SIP phone, or Linphone on a computer"),
    ("station", "An apartment station on the wall"),
    ("app", "App on a phone or tablet"),
]


class DeviceForm(Form):
    """A device."""

    version = HiddenField()
    name = LineField("Name", [one_line()], description="Such as Kari's kitchen phone.")
    number = LineField("Short number", [one_line(32)], description="What a visitor may type. Empty: none.")


class NewDeviceForm(DeviceForm):
    """A new one."""

    kind = RadioField("Kind", choices=choices(KINDS), default="phone")
    owner = ChoiceField(
        "Belongs to",
        description="An app belongs to a person. A station or phone may belong to a unit or a building too.",
    )
