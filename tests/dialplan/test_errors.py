"""An error reads as one line."""

from __future__ import annotations

from dialplan.errors import DocumentError, PlanError


def test_an_error_says_where_what_and_what_to_do() -> None:
    error = PlanError("people/kari/number", "this is no short number", "use 1 to 8 digits")
    assert str(error) == "people/kari/number: this is no short number; use 1 to 8 digits"


def test_a_document_error_is_an_exception() -> None:
    assert str(DocumentError("the document is no JSON")) == "the document is no JSON"
