"""A renewed certificate is shown to the next connection, without a restart."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pbx.certificates import ServerCertificate, load_or_make
from pbx.live_certificate import LiveCertificate

AT = datetime(2026, 11, 22, tzinfo=UTC)
FIRST, SECOND = ["127.0.0.1", "first.example"], ["127.0.0.1", "second.example"]


def _made(directory: Path, names: list[str]) -> ServerCertificate:
    return load_or_make(directory, names, AT)


def _shown(live: LiveCertificate, authority: Path, name: str) -> bool:
    """Whether a client that asks for `name` is content, handshake in memory."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    trusting = ssl.create_default_context(cafile=authority)
    client = trusting.wrap_bio(to_client, to_server, server_hostname=name)
    server = live.context.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError:
                return False
    return client.version() is not None


def test_what_is_renewed_is_shown_and_what_is_not_is_not_taken_again(tmp_path: Path) -> None:
    names = FIRST
    live = LiveCertificate(lambda: _made(tmp_path, names))
    authority = live.files.authority
    assert _shown(live, authority, "first.example") and not _shown(live, authority, "second.example")
    assert not live.look()
    names = SECOND
    assert live.look() and not live.look()
    assert _shown(live, authority, "second.example") and not _shown(live, authority, "first.example")


def test_half_a_renewal_leaves_the_old_one_in_use(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    old, new = _made(tmp_path / "old", FIRST), _made(tmp_path / "new", SECOND)
    live = LiveCertificate(lambda: old)
    key = old.key.read_bytes()
    old.certificate.write_bytes(new.certificate.read_bytes())
    assert not live.look() and "cannot be used" in caplog.text
    assert _shown(live, old.authority, "first.example")
    old.key.write_bytes(new.key.read_bytes())
    assert live.look() and _shown(live, new.authority, "second.example")
    assert key not in caplog.text.encode()


@pytest.mark.parametrize("text", ["", "no certificate"])
def test_files_that_vanish_or_break_are_the_doctors_business(tmp_path: Path, text: str) -> None:
    live = LiveCertificate(lambda: _made(tmp_path, FIRST))
    authority = tmp_path / "kept.pem"
    authority.write_bytes(live.files.authority.read_bytes())
    live.files.certificate.write_text(text)
    assert not live.look()
    assert _shown(live, authority, "first.example")
