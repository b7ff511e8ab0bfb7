"""The form of a button."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import NumberRange

from webadmin.forms import Form, LineField, choices, one_line

KINDS = [
    ("individual", "One person"),
    ("common_simultaneous", "Several, all at once"),
    ("common_sequential", "Several, one after the other"),
    ("grouped", "A name that opens a list of people"),
]


class ButtonForm(Form):
    """A button of one of the four kinds."""

    version = HiddenField()
    kind = RadioField("Kind", choices=choices(KINDS), default="individual")
    person = SelectField("Person", description="For a button of one person.")
    group = SelectField("Dial group", description="For the other three kinds.")
    label = LineField(
        "Text on the button", [one_line()], description="Empty: the name of the person or group."
    )
    number = LineField("Short number", [one_line(32)], description="What a visitor may type. Empty: none.")
    building = SelectField("Shown in")
    fallback = SelectField("If nobody answers")
    ring_seconds = IntegerField(
        "Seconds to ring", [NumberRange(5, 120, "Choose between 5 and 120 seconds.")], default=60
    )
    ring_limit = IntegerField(
        "Seconds at most, with everything after it",
        [NumberRange(5, 300, "Choose between 5 and 300 seconds.")],
        default=120,
    )
    decline = SelectField(
        "When somebody refuses",
        choices=choices([("others_ring", "The others ring on"), ("ends_call", "The call ends")]),
    )
    hidden = BooleanField("Hide the button", description="Neither shown on panels nor called.")
    caretaker = BooleanField(
        "The caretaker's key", description="Panels keep it in sight on every screen, not among the names."
    )
