"""A view's one call for a change: saved, published, told to the PBX, noted; or errors at fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from flask import g

from webadmin.auth.reach import lifted
from webadmin.editing.changes import Changed, Edit, Refused, Stale, change, undo
from webadmin.editing.faults import sentence
from webadmin.forms import Form
from webadmin.languages import translate
from webadmin.nudging import nudge
from webadmin.shell import note

__all__ = ["STALE", "Tell", "act", "act_undo", "nudge"]

Tell = Callable[[Sequence[str], str], bool]
"""Given the rest of the compiler's place after table and id, and a sentence: whether it shows it itself."""
STALE = "Somebody else changed this while you wrote. Nothing of theirs is lost: look at it, then save again."


def act(
    site_id: int,
    edit: Edit,
    form: Form | None,
    phrase: str,
    *values: object,
    fields: Mapping[str, str] | None = None,
    tables: Sequence[str] = (),
    tell: Tell | None = None,
) -> Changed | None:
    """Save a change; None when it could not be, with the errors in `form`.

    Args:
        phrase, values: the note and the history's text, an English phrase that `languages` knows.
        fields: fields of the form by a part of the compiler's place, where the names differ.
        tables: those whose fields the form has; errors elsewhere stand above it. Empty: any.
        tell: shows errors of lines in the form.
    """
    who, account_id = g.account.email, g.account.id
    try:
        with lifted():
            changed = change(
                site_id,
                edit,
                who=who,
                account_id=account_id,
                note=translate("en", phrase, *values),
                at=datetime.now(UTC),
            )
    except Stale:
        _tell(form, [], STALE, {})
        return None
    except Refused as fault:
        for error in fault.errors[:10]:
            table, *place = error.where.split("/")
            own = place[1:] if not tables or table in tables else []
            text = sentence(error, g.language)
            if tell is None or not own or not tell(own, text):
                _tell(form, own, text, fields or {})
        return None
    if changed.revision:
        note(phrase, *values, undo=changed.change_id or None)
        nudge()
    return changed


def act_undo(change_id: int) -> bool:
    """Take a change back; False, with a note, when that cannot be."""
    try:
        with lifted():
            done = undo(change_id, who=g.account.email, account_id=g.account.id, at=datetime.now(UTC))
    except Stale:
        note("This was changed again since. Undo the later change first.")
        return False
    except Refused as fault:
        note("This cannot be undone now: {0}", sentence(fault.errors[0], g.language))
        return False
    note("Undone. Revision {0} is published.", done.revision)
    nudge()
    return True


def _tell(form: Form | None, place: Sequence[str], text: str, fields: Mapping[str, str]) -> None:
    if form is None:
        note(text)
        return
    names = [fields.get(part, part) for part in reversed(place)] or [fields.get("", "")]
    name = next((each for each in names if each in form), None)
    if name is not None:
        form[name].errors = [*form[name].errors, text]
    else:
        form.form_errors = [*form.form_errors, text]
