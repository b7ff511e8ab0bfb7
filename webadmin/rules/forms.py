"""The form of an access rule."""

from __future__ import annotations

from wtforms import HiddenField

from dialplan.rows import METHODS
from webadmin.doors.routes import WAYS
from webadmin.forms import ChoiceField, Form, TicksField, choices

HOW = [(method, WAYS[method]) for method in METHODS]


class RuleForm(Form):
    """A right."""

    version = HiddenField()
    doors = TicksField("Which doors")
    buildings = TicksField("Everybody in a building")
    units = TicksField("Everybody in a unit")
    people = TicksField("Single people")
    methods = TicksField("In which way", choices=choices(HOW), default=list(METHODS))
    during = ChoiceField("Only during")
    outside = ChoiceField("Not during")
