from __future__ import annotations

from pbx.sip.headers import key_of
from pbx.sip.names import DISPLAY, KEYS, REQUIRED, SINGLE


def test_every_key_can_be_displayed() -> None:
    assert set(KEYS.values()) == set(DISPLAY)
    assert DISPLAY.keys() >= SINGLE | REQUIRED


def test_compact_forms_and_any_spelling() -> None:
    assert [key_of(name) for name in ("v", "I", "x", "VIA", "cALL-id", "X-Thing")] == [
        "via",
        "call-id",
        "session-expires",
        "via",
        "call-id",
        "x-thing",
    ]
