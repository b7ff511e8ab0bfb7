"""TLS for SIP: contexts for both sides, 1.2 and newer (RFC 3261 section 26.3.2, RFC 9325), and the
listener."""

from __future__ import annotations

import ssl
from pathlib import Path

from pbx.sip.flow import Address

from . import tcp
from .driver import Driver
from .gate import Gate
from .tcp import StreamListener

_SUITES = "ECDHE+AESGCM:ECDHE+CHACHA20"


def server_context(
    certificate: Path, key: Path, *, ca: Path | None = None, demand_certificate: bool = False
) -> ssl.SSLContext:
    """What a listener needs: its certificate chain and key (PEM).

    With `ca` a client may show a certificate, which must be signed by that CA; with `demand_certificate` it
    must show one. Raises `OSError` (`ssl.SSLError` is one) when a file cannot be read or does not fit.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_SUITES)
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
    context.load_cert_chain(certificate, key)
    if ca is not None:
        context.load_verify_locations(ca)
        context.verify_mode = ssl.CERT_REQUIRED if demand_certificate else ssl.CERT_OPTIONAL
    return context


def client_context(
    *, ca: Path | None = None, certificate: Path | None = None, key: Path | None = None
) -> ssl.SSLContext:
    """What `connect` needs: the server's name and chain are checked, against `ca` alone if given.

    `certificate` and `key` are shown to servers that ask. Raises `OSError` as `server_context`.
    """
    context = ssl.create_default_context(cafile=ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificate is not None:
        context.load_cert_chain(certificate, key)
    return context


async def listen(
    driver: Driver,
    host: str,
    port: int,
    gate: Gate,
    context: ssl.SSLContext,
    *,
    advertised: Address | None = None,
) -> StreamListener:
    """Listen for SIP over TLS; everything else as `tcp.listen`."""
    return await tcp.listen(driver, host, port, gate, advertised=advertised, context=context)
