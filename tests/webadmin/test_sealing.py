"""What is sealed opens with its key only."""

from __future__ import annotations

from webadmin.sealing import Sealer


def test_there_and_back() -> None:
    sealed = Sealer("one").seal("secret")
    assert "secret" not in sealed
    assert Sealer("one").open(sealed) == "secret"
    assert Sealer("other").open(sealed) is None
    assert Sealer("one").open("nonsense") is None
