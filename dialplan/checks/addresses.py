"""Addresses and short numbers of people, devices and buttons: well formed, and each leading to one of
them.
"""

from __future__ import annotations

from collections.abc import Iterator

from dialplan.errors import PlanError
from dialplan.numbers import EMERGENCY, is_number, is_user
from dialplan.rows import ButtonRow, SiteRows

_Address = tuple[str, str, str]
"""Where it stands, whom it leads to, and the text."""


def addresses(rows: SiteRows) -> Iterator[PlanError]:
    """No address or number leads to two; only a person and his or her individual button share one."""
    taken: dict[str, tuple[str, str]] = {}
    for where, whose, text in _all(rows):
        yield from _form(where, text)
        owner, place = taken.setdefault(text, (whose, where))
        if owner != whose:
            what = "number" if is_number(text) else "address"
            message = f"the {what} {text[:64]!r} is used at {place} too"
            yield PlanError(where, message, f"choose another {what}", "taken", (what, text[:64], place))


def emergency(rows: SiteRows) -> Iterator[PlanError]:
    """No short number is an emergency number: who dials it in need must not ring a neighbour."""
    for where, _, text in _all(rows):
        if text in EMERGENCY:
            yield PlanError(
                where, f"{text} is an emergency number", "choose another number", "emergency", (text,)
            )


def _all(rows: SiteRows) -> Iterator[_Address]:
    for person in rows.people:
        whose = f"people/{person.id}"
        yield f"{whose}/user", whose, person.user or person.id.lower()
        yield from _number(whose, whose, person.number)
    for device in rows.devices:
        whose = f"devices/{device.id}"
        yield f"{whose}/username", whose, device.username or device.id.lower()
        yield from _number(whose, whose, device.number)
    for button in rows.buttons:
        whose = _behind(button)
        yield f"buttons/{button.id}/user", whose, button.user or button.id.lower()
        yield from _number(f"buttons/{button.id}", whose, button.number)


def _behind(button: ButtonRow) -> str:
    return f"people/{button.person}" if button.kind == "individual" else f"buttons/{button.id}"


def _number(where: str, whose: str, number: str) -> Iterator[_Address]:
    if number:
        yield f"{where}/number", whose, number


def _form(where: str, text: str) -> Iterator[PlanError]:
    if where.endswith("/number") and not is_number(text):
        yield PlanError(where, "this is no short number", "use 1 to 8 digits", "short_number")
    elif not is_user(text):
        hint = "use 1 to 64 lower-case letters (a-z), digits, dots, hyphens or underscores"
        yield PlanError(where, "this is no address", hint, "address")
