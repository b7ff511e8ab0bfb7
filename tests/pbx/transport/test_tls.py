"""TLS: versions, names, certificates of both sides; a failed handshake costs nothing for long."""

from __future__ import annotations

import ssl
from contextlib import aclosing
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pbx.certificates import ServerCertificate, load_or_make
from pbx.transport import tls
from pbx.transport.limits import Limits

from .stack import bench, dialling, options

LOCAL = "127.0.0.1"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> ServerCertificate:
    return load_or_make(tmp_path_factory.mktemp("tls"), ["localhost", LOCAL])


@pytest.fixture(scope="module")
def panel(files: ServerCertificate) -> tuple[Path, Path]:
    """A certificate and key for a client, signed by the same authority."""
    directory = files.authority.parent
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    signer = serialization.load_pem_private_key((directory / "ca.key").read_bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    secret = ec.generate_private_key(ec.SECP256R1())
    built = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "panel-1")]))
        .issuer_name(authority.subject)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(authority.not_valid_before_utc)
        .not_valid_after(authority.not_valid_after_utc)
        .sign(signer, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form = serialization.PrivateFormat.PKCS8
    (directory / "panel.pem").write_bytes(built.public_bytes(pem))
    (directory / "panel.key").write_bytes(secret.private_bytes(pem, form, serialization.NoEncryption()))
    return directory / "panel.pem", directory / "panel.key"


@pytest.mark.uvloop
async def test_a_request_over_tls(files: ServerCertificate) -> None:
    context = tls.server_context(files.certificate, files.key)
    with bench() as b:
        async with aclosing(await tls.listen(b.driver, LOCAL, 0, b.gate, context)) as listener:
            trusting = tls.client_context(ca=files.authority)
            async with dialling(listener.address, ssl=trusting, server_hostname="localhost") as peer:
                peer.say(options(transport="TLS"))
                assert (await peer.hear()).startswith(b"SIP/2.0 200 ")
                flow = b.stack.received[0][1]
                assert (flow.transport, flow.reliable, flow.secure) == ("tls", True, True)
            await b.stack.until(lambda: b.stack.lost)
            assert b.driver.stats()["tls_accepted"] == 1


async def test_old_versions_are_refused(files: ServerCertificate) -> None:
    context = tls.server_context(files.certificate, files.key)
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.load_verify_locations(files.authority)
    with pytest.warns(DeprecationWarning):
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with bench() as b:
        async with aclosing(await tls.listen(b.driver, LOCAL, 0, b.gate, context)) as listener:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                async with dialling(listener.address, ssl=old, server_hostname="localhost"):
                    pass
            async with dialling(listener.address) as plain:
                plain.say(b"OPTIONS sip:x SIP/2.0\r\n\r\n")
                await plain.end()
            await b.when(lambda: listener.failed == 2)
            assert b.gate.connections == 0


async def test_a_handshake_that_never_comes_ends(files: ServerCertificate) -> None:
    context = tls.server_context(files.certificate, files.key)
    with bench(Limits(handshake_seconds=0.05)) as b:
        async with aclosing(await tls.listen(b.driver, LOCAL, 0, b.gate, context)) as listener:
            async with dialling(listener.address) as silent:
                assert await silent.end() == b""
        assert listener.failed == 1
        assert b.gate.connections == 0


async def test_closing_within_a_handshake(files: ServerCertificate) -> None:
    context = tls.server_context(files.certificate, files.key)
    with bench() as b:
        listener = await tls.listen(b.driver, LOCAL, 0, b.gate, context)
        async with dialling(listener.address) as silent:
            await b.when(lambda: listener.accepted)
            await listener.aclose()
            await silent.end()
        assert b.gate.connections == 0


async def test_a_client_may_be_asked_for_its_certificate(
    files: ServerCertificate, panel: tuple[Path, Path]
) -> None:
    context = tls.server_context(files.certificate, files.key, ca=files.authority, demand_certificate=True)
    named = tls.client_context(ca=files.authority, certificate=panel[0], key=panel[1])
    with bench() as b:
        async with aclosing(await tls.listen(b.driver, LOCAL, 0, b.gate, context)) as listener:
            async with dialling(listener.address, ssl=named, server_hostname="localhost") as peer:
                peer.say(options(transport="TLS"))
                await peer.hear()
                channel = b.stack.received[0][1].channel
                assert "subject" in channel.peer_certificate()  # type: ignore[attr-defined]
            anonymous = tls.client_context(ca=files.authority)
            try:
                async with dialling(listener.address, ssl=anonymous, server_hostname="localhost") as peer:
                    peer.say(options(transport="TLS"))
                    assert await peer.end() == b""
            except ssl.SSLError:
                pass


async def test_optional_client_certificates(files: ServerCertificate) -> None:
    context = tls.server_context(files.certificate, files.key, ca=files.authority)
    assert context.verify_mode == ssl.CERT_OPTIONAL


def test_missing_files_are_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        tls.server_context(tmp_path / "no.pem", tmp_path / "no.key")
