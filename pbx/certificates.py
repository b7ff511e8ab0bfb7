"""A local certificate authority and the server's certificate, made at the first start (decision 16).

A production site names its own certificate in the settings; until then every phone and browser can be
given `ca.pem` and speak TLS to this machine.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_DAYS = 3650
SERVER_DAYS = 397
RENEW_DAYS = 30


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """PEM files: the server's chain, its key (0600), and the authority to trust."""

    certificate: Path
    key: Path
    authority: Path


def load_or_make(directory: Path, names: Iterable[str], at: datetime | None = None) -> ServerCertificate:
    """The server's certificate for these host names and addresses, renewed when it soon ends.

    `directory` is made 0700. The authority is kept for ten years; whoever trusts it need not be visited
    when the server's certificate changes. Raises OSError.
    """
    at = at or datetime.now(UTC)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = ServerCertificate(directory / "server.pem", directory / "server.key", directory / "ca.pem")
    wanted = sorted(set(names))
    authority_key = directory / "ca.key"
    if not files.authority.exists() or not authority_key.exists():
        _make_authority(files.authority, authority_key, at)
    elif files.certificate.exists() and _good(files.certificate, wanted, at):
        return files
    _make_server(files, authority_key, wanted, at)
    return files


def local_names() -> list[str]:
    """Names and addresses by which this machine may be called, for its certificate."""
    names = {"localhost", "127.0.0.1", socket.gethostname()}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent: asks the routing table for our own address
            names.add(str(probe.getsockname()[0]))
        except OSError:
            pass  # no network yet; loopback works all the same
    return sorted(name for name in names if name)


def _good(path: Path, names: list[str], at: datetime) -> bool:
    """Whether the certificate covers these names and lives on for a while."""
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    covered = {str(name.value) for name in alternatives}
    return covered >= set(names) and certificate.not_valid_after_utc > at + timedelta(days=RENEW_DAYS)


def _make_authority(certificate: Path, key: Path, at: datetime) -> None:
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Doorline local CA {at:%Y-%m-%d}")])
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    built = (
        _builder(name, name, secret.public_key(), at, CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(secret, hashes.SHA256())
    )
    _write(key, _private(secret), 0o600)
    _write(certificate, built.public_bytes(Encoding.PEM), 0o644)


def _make_server(files: ServerCertificate, authority_key: Path, names: list[str], at: datetime) -> None:
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    signer = load_pem_private_key(authority_key.read_bytes(), None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise OSError(f"{authority_key} is not the key of the local CA")
    secret = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64] if names else "doorline")])
    built = (
        _builder(subject, authority.subject, secret.public_key(), at, SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([_alternative(name) for name in names]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(signer, hashes.SHA256())
    )
    chain = built.public_bytes(Encoding.PEM) + files.authority.read_bytes()
    _write(files.key, _private(secret), 0o600)
    _write(files.certificate, chain, 0o644)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(hours=1))
        .not_valid_after(at + timedelta(days=days))
    )


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
