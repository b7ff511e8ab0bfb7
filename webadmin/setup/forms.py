"""Forms of the guided set-up: one question a page, with answers that fit most houses."""

from __future__ import annotations

import re
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import NumberRange

from webadmin.forms import Form, LineField, choices, needed, one_line
from webadmin.setup.service import MOST_UNITS, unit_names

_DOMAIN = re.compile(r"(?=.{4,120}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


def a_domain(form: FlaskForm, field: Field) -> None:
    """Empty, or a domain name."""
    if field.data and not _DOMAIN.fullmatch(field.data):
        raise ValidationError("Write small letters, digits and dots, such as fjordgata12.home.arpa.")


class HouseForm(Form):
    """The house, and what may be kept about visits."""

    name = LineField(
        "Name of the house", [needed, one_line()], description="As people say it, such as Fjordgata 12."
    )
    kind = RadioField(
        "What is it?",
        choices=choices(
            [
                ("residential", "Homes: nothing is kept about visits"),
                ("commercial", "Offices or shops: visits are kept for a limited time"),
            ]
        ),
        default="residential",
        description="This cannot be changed later.",
    )
    domain = LineField(
        "Own domain name",
        [a_domain],
        description="Leave this empty if you do not know what it is. It cannot be changed later.",
    )


class UnitsForm(Form):
    """The units, as a list."""

    names = TextAreaField(
        "Flats or offices",
        [needed],
        description="One a line, as it says on the door: H0101, H0102 ...",
        render_kw={"rows": 8},
    )

    def validate_names(self, field: Field) -> None:
        """Not too many, none too long."""
        names = unit_names(field.data or "")
        if not names or len(names) > MOST_UNITS or any(len(name) > 60 for name in names):
            raise ValidationError("Write 1 to 500 names, one a line, each of at most 60 letters.")
        if any(not name.isprintable() for name in names):
            raise ValidationError("Use one line of ordinary letters.")


class PeopleForm(Form):
    """Who lives where; a field for each unit is added by `people_form`."""

    kind = SelectField(
        "Called on",
        choices=choices([("app", "App on a phone or tablet"), ("phone", "Desk phone")]),
        description="You can give each person more and other things later.",
    )

    def people(self) -> dict[str, list[str]]:
        """Names by the unit's ref."""
        fields = [field for field in self if field.name.startswith("unit-")]
        return {field.name[5:]: unit_names(field.data or "") for field in fields if field.data}

    def validate(self, extra_validators: Any = None) -> bool:
        """There must be somebody."""
        good = bool(super().validate(extra_validators))
        if good and not any(self.people().values()):
            first = next((field for field in self if field.name.startswith("unit-")), None)
            if first is not None:
                first.errors = ["Write at least one name, in any unit."]
            return False
        return good


def people_form(units: list[tuple[str, str]]) -> PeopleForm:
    """The form of these units (ref, name)."""
    fields = {f"unit-{ref}": LineField(name, [one_line(400)]) for ref, name in units}
    made: PeopleForm = type("PeopleOfUnits", (PeopleForm,), fields)()
    return made


class PanelForm(Form):
    """The panel at the entrance."""

    name = LineField("Name of the panel", [needed, one_line()], description="Where it hangs: Main entrance.")


class DoorForm(Form):
    """The door at the panel."""

    name = LineField("Name of the door", [needed, one_line()])
    driven = RadioField(
        "What opens it?",
        choices=choices(
            [
                ("controller", "A controller of ours, with a relay"),
                ("panel", "The panel itself, by its own digits"),
            ]
        ),
        default="controller",
    )
    digits = LineField(
        "The panel's own digits", [one_line(8)], description="Only if the panel opens it: such as 5 or 0#."
    )
    open_seconds = IntegerField(
        "Seconds it stays open", [NumberRange(1, 60, "Write a whole number from 1 to 60.")], default=5
    )
    escape_route = BooleanField("People get out this way in a fire", default=True)
    exit_hardware = BooleanField("A handle or button inside opens it without us", default=True)
