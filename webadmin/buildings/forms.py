"""Forms of a site and of a building."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField

from webadmin.forms import ChoiceField, Form, LineField, choices, needed, one_line
from webadmin.languages import LANGUAGES


class BuildingForm(Form):
    """A building."""

    version = HiddenField()
    name = LineField("Name", [needed, one_line()])
    address = LineField(
        "Address", [one_line(200)], description="Where the house stands."
    )


class SiteForm(Form):
    """What may change about a site; domain and privacy are fixed when it is made."""

    version = HiddenField()
    name = LineField("Name", [needed, one_line()])
    time_zone = LineField(
        "Time zone", [needed, one_line(64)], description="Such as Europe/Oslo. Schedules follow it."
    )
    language = ChoiceField(
        "Language of the house",
        choices=choices(LANGUAGES.items()),
        description="What panels and spoken prompts begin with.",
    )
    buttons_wait = BooleanField(
        "A new person's button shows when they first log in to the app",
        description="Off: at once. With a telephone, a desk phone or a station it always shows at once.",
    )
