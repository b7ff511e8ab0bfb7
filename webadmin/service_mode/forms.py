"""The form of a service mode."""

from __future__ import annotations

from webadmin.forms import ChoiceField, Form, choices

LENGTHS = [("120", "2 minutes"), ("300", "5 minutes"), ("900", "15 minutes")]


class ServiceForm(Form):
    """How long it lasts; then it ends by itself."""

    seconds = ChoiceField("It ends by itself after", choices=choices(LENGTHS), default="300")
