"""Forms about panels and controllers."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import NumberRange

from webadmin.forms import ChoiceField, Form, LineField, WholeField, choices, needed, one_line

KINDS = [
    ("panel", "A panel: visitors ring from it"),
    ("controller", "A controller: it only opens doors"),
]


class BoxForm(Form):
    """A controller, or what a panel has in common with one."""

    version = HiddenField()
    name = LineField("Name", [needed, one_line()], description="Where it stands: Main entrance, Back yard.")
    building = ChoiceField("Building")


class PanelForm(BoxForm):
    """A panel; its doors and digits are lines."""

    number = LineField("Short number", [one_line(32)], description="To call the panel itself. Empty: none.")
    talk_seconds = WholeField(
        "Talk at most, seconds", [NumberRange(30, 3600, "Choose between 30 and 3600 seconds.")], default=180
    )
    idle_seconds = WholeField(
        "Seconds without a touch until the next visitor's screen",
        [NumberRange(5, 300, "Choose between 5 and 300 seconds.")],
        default=20,
        description="Longer where people need more time. Language and contrast start anew then.",
    )
    camera_notice = LineField(
        "Words about the camera",
        [one_line(200)],
        description="Shown beneath the names. Empty: that the camera is on while one rings, "
        "and nothing is kept.",
    )
    answer_early = BooleanField(
        "Answer the panel at once",
        description="For panels that send no picture before they are answered. "
        "It hears a ringing tone meanwhile.",
    )


class NewBoxForm(BoxForm):
    """A new one."""

    kind = RadioField("Kind", choices=choices(KINDS), default="panel")
