"""The form of the bounds."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import NumberRange

from webadmin.forms import Form


def _count(label: str, least: int, most: int, description: str = "") -> IntegerField:
    message = f"Write a whole number from {least} to {most}."
    return IntegerField(label, [NumberRange(least, most, message)], description=description)


class BoundsForm(Form):
    """What unit owners may do; fields as in `service.Bounds`. `version`: the bounds the form began with."""

    version = HiddenField()
    members = BooleanField(
        "Move their own people in and out", description="With devices and invitations to the app."
    )
    most_members = _count("People in a unit at most", 1, 100)
    buttons = BooleanField(
        "Set up their own buttons", description="What a button says, whether it shows, who rings first."
    )
    guests = BooleanField("Let guests and craftsmen in", description="By passes that end by themselves.")
    most_guests = _count("Passes of a unit at the same time", 0, 100)
    guest_days = _count("Days a pass lasts at most", 1, 366)
