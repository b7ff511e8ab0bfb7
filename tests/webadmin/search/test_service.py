"""Finding by name; letters with a meaning in SQL are letters."""

from __future__ import annotations

from flask import Flask

from webadmin.search.service import find


def test_words_in_any_order_and_case(published: Flask) -> None:
    assert {hit.name for hit in find("kari")} & {"Kari", "Kari Berg"} or find("kari")
    assert find("") == []
    assert find("%") == [] and find("_") == []
    assert find("nothing-of-that-name") == []
