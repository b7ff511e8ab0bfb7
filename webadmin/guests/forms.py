"""The form of a pass."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wtforms import DateTimeLocalField

from webadmin.forms import Form, LineField, TicksField, needed, one_line


class MomentField(DateTimeLocalField):
    """A day and a time."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the value."""
        try:
            self.data = datetime.fromisoformat(str(valuelist[0])[:16] if valuelist else "")
        except ValueError:
            self.data = None
            raise ValueError("Choose a day and a time.") from None


class PassForm(Form):
    """A pass for a guest or a craftsman; times are those of the site."""

    label = LineField("Who it is for", [needed, one_line()], description="Such as the plumber, or a company.")
    doors = TicksField("Which doors")
    window = MomentField("From")
    end = MomentField("To")
    uses = LineField(
        "Openings at most",
        [one_line(3)],
        description="Empty: as often as needed.",
    )

    def most(self) -> int | None:
        """Openings at most; 0, which no pass has, for what is no number."""
        text = self.text("uses")
        return (int(text) if text.isascii() and text.isdecimal() else 0) if text else None
