"""Which passwords are good, and that hashes hold."""

from __future__ import annotations

import pytest

from webadmin.auth.passwords import fault, make_hash, matches


@pytest.mark.parametrize(
    "password", ["short", "x" * 201, "a" * 14, "kari@x.example", "passord12345!"]
)
def test_bad_ones_get_a_reason(password: str) -> None:
    assert fault(password, "KARI@x.example")


def test_a_sentence_is_good_and_its_hash_matches_only_it() -> None:
    assert fault("en setning om dører", "kari@x.example") is None
    stored = make_hash("en setning om dører")
    assert stored.startswith("$argon2id$")
    assert matches(stored, "en setning om dører")
    assert not matches(stored, "en setning om dører ") and not matches("", "") and not matches("rubbish", "x")
    assert not matches("", "nobody has this password")
