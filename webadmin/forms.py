"""What forms share: fields that strip, phrases that `languages` knows, and checks with a clear answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined,unused-ignore]

_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,180}\.[^@\s,;<>\".]{2,40}")


class Form(FlaskForm):  # type: ignore[misc]
    """A form of somebody who is logged in."""

    def text(self, name: str) -> str:
        """The text in a field, "" for none."""
        return str(self[name].data or "")

    def errors_of(self) -> list[str]:
        """Every error of every field."""
        return [error for errors in self.errors.values() for error in errors]


def choices(pairs: Iterable[tuple[str, str]]) -> list[Any]:
    """Choices of a field from values and labels."""
    return [SelectChoice(value=value, label=label) for value, label in pairs]


class OpenForm(Form):
    """A form before the log-in: there is no session to tie it to; the wall checks its origin instead."""

    class Meta:
        """Settings of WTForms."""

        csrf = False


class LineField(StringField):
    """One line of text without spaces around it."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the value."""
        self.data = str(valuelist[0]).strip() if valuelist else ""


class WholeField(IntegerField):
    """A whole number."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the value; text that is none is kept as it was sent."""
        text = str(valuelist[0]).strip() if valuelist else ""
        try:
            self.data = int(text) if len(text) < 10 else None
        except ValueError:
            self.data = None
        if self.data is None:
            raise ValueError("Write whole seconds, such as 20.")


def told(field: Any) -> dict[str, str]:
    """Attributes that tie a field to its help and to what is wrong with it, for screen readers."""
    parts = [f"{field.id}-help"] * bool(field.description) + [f"{field.id}-error"] * bool(field.errors)
    found = {"aria-describedby": " ".join(parts)} if parts else {}
    return found | ({"aria-invalid": "true"} if field.errors else {})


def _offered(field: Any) -> set[str]:
    return {choice.value for choice in field.choices or ()}


class ChoiceField(SelectField):
    """One of the choices offered."""

    def pre_validate(self, form: Any) -> None:
        """Nothing that was not offered."""
        if self.data not in _offered(self):
            raise ValidationError("Choose from the list.")


class TicksField(SelectMultipleField):
    """Any of the choices offered; what was set before and is not offered stays (`kept`)."""

    def pre_validate(self, form: Any) -> None:
        """Nothing that was not offered."""
        if not {*(self.data or ())} <= _offered(self):
            raise ValidationError("Choose from the list.")

    def chosen(self, before: Iterable[str] = ()) -> tuple[str, ...]:
        """The ids ticked, after those of `before` that the form did not show."""
        offered = _offered(self)
        return (*(each for each in before if each not in offered), *(self.data or ()))


def needed(form: FlaskForm, field: Field) -> None:
    """There must be something."""
    if not field.data:
        raise ValidationError("Fill this in.")


def one_line(longest: int = 120) -> Any:
    """A check: one line, not too long, without control characters."""

    def check(form: FlaskForm, field: Field) -> None:
        text = field.data or ""
        if len(text) > longest:
            raise ValidationError("This is too long. Shorten it.")
        if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in text):
            raise ValidationError("Use one line of ordinary letters.")

    return check


def email(form: FlaskForm, field: Field) -> None:
    """It must look like an address."""
    if not _EMAIL.fullmatch(field.data or ""):
        raise ValidationError("Write an e-mail address such as kari@example.no.")
