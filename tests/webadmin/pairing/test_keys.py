"""Only a public key is ever handed out."""

from __future__ import annotations

from pathlib import Path

from webadmin.pairing.keys import public_key


def test_public_keys_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "good.pub").write_text("-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----\n")
    (tmp_path / "bad.pub").write_text("-----BEGIN PRIVATE KEY-----\nx\n")
    assert public_key(tmp_path, "good.pub") is not None
    assert public_key(tmp_path, "bad.pub") is None
    assert public_key(tmp_path, "none.pub") is None
