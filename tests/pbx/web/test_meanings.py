from __future__ import annotations

from pbx.web.meanings import COUNTERS, HELP


def test_every_counter_has_a_line_of_help() -> None:
    assert COUNTERS <= set(HELP)
    assert all(text.endswith(".") for text in HELP.values())
