"""The local authority and the certificate it signs."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pbx.certificates import SERVER_DAYS, load_or_make

AT = datetime(2026, 11, 22, tzinfo=UTC)
NAMES = ["127.0.0.1", "localhost"]


def test_made_once_with_private_keys_and_a_chain_that_openssl_takes(tmp_path: Path) -> None:
    made = load_or_make(tmp_path / "tls", NAMES, AT)
    before = made.certificate.read_bytes()
    assert load_or_make(tmp_path / "tls", NAMES, AT).certificate.read_bytes() == before
    assert made.key.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "tls" / "ca.key").stat().st_mode & 0o777 == 0o600
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(made.certificate, made.key)
    assert ssl.create_default_context(cafile=made.authority).get_ca_certs()


def test_renewed_before_it_ends_under_the_same_authority(tmp_path: Path) -> None:
    made = load_or_make(tmp_path, NAMES, AT)
    before, authority = made.certificate.read_bytes(), made.authority.read_bytes()
    load_or_make(tmp_path, NAMES, AT + timedelta(days=SERVER_DAYS - 10))
    assert made.certificate.read_bytes() != before
    assert made.authority.read_bytes() == authority


def test_a_new_name_is_added(tmp_path: Path) -> None:
    made = load_or_make(tmp_path, NAMES, AT)
    before = made.certificate.read_bytes()
    load_or_make(tmp_path, [*NAMES, "door.example"], AT)
    assert made.certificate.read_bytes() != before
