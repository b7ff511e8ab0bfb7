"""The form of a lockdown."""

from __future__ import annotations

from webadmin.forms import ChoiceField, Form, choices

LENGTHS = [
    ("900", "15 minutes"),
    ("3600", "1 hour"),
    ("14400", "4 hours"),
    ("43200", "12 hours"),
    ("86400", "1 day"),
    ("604800", "7 days"),
]


class LockdownForm(Form):
    """How long it lasts; then it ends by itself."""

    seconds = ChoiceField("It ends by itself after", choices=choices(LENGTHS), default="3600")
