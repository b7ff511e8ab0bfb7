"""What the compiler finds wrong, as a sentence in the language of the page."""

from __future__ import annotations

from dialplan.errors import PlanError
from webadmin.norwegian.faults import FAULTS, NOUNS


def sentence(error: PlanError, language: str) -> str:
    """What is wrong and what to do."""
    if language == "nb" and error.slug in FAULTS:
        values = (NOUNS.get(str(value), value) for value in error.values)
        return FAULTS[error.slug].format(*values)
    return f"{error.message[:1].upper()}{error.message[1:]}: {error.hint}."
