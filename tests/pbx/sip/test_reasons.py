from __future__ import annotations

from pbx.sip.reasons import REASONS


def test_each_phrase_fits_a_status_line() -> None:
    assert all(100 <= status <= 699 and phrase.isascii() and phrase for status, phrase in REASONS.items())
