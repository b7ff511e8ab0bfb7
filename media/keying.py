"""What a description says of protection: SDES keys, fingerprints, ICE credentials (RFC 4568, 8122, 8839)."""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Profile = Literal["plain", "sdes", "webrtc"]
PLAIN = frozenset({"RTP/AVP", "RTP/AVPF"})
SDES = frozenset({"RTP/SAVP", "RTP/SAVPF"})
WEBRTC = frozenset({"UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF", "TCP/DTLS/RTP/SAVP", "TCP/DTLS/RTP/SAVPF"})
SUITE_BYTES = {"AEAD_AES_128_GCM": 28, "AES_CM_128_HMAC_SHA1_80": 30, "AES_CM_128_HMAC_SHA1_32": 30}
OFFERED = ("AEAD_AES_128_GCM", "AES_CM_128_HMAC_SHA1_80")
"""Suites of our own offers. A tag of 32 bits is taken from desk phones that offer nothing better."""
"""Suites we speak, best first, and the length of key and salt together."""

HASHES = frozenset({"sha-256", "sha-384", "sha-512"})
VARYING = frozenset({
    b"crypto", b"fingerprint", b"ice-ufrag", b"ice-pwd", b"setup", b"candidate", b"msid", b"ssrc-group",
    b"msid-semantic", b"end-of-candidates", b"tls-id", b"remote-candidates", b"key-mgmt",
})
"""Attributes that differ from call to call of one endpoint."""
_KEPT = frozenset({b"crypto", b"fingerprint", b"ice-ufrag", b"ice-pwd", b"setup"})
_WEAKENING = ("UNENCRYPTED_", "UNAUTHENTICATED_", "KDR=", "FEC_")
_MAX_CRYPTOS = 16


@dataclass(frozen=True, slots=True)
class Crypto:
    """One a=crypto line we can follow; `key` is master key and salt."""

    tag: int
    suite: str
    key: bytes

    def __repr__(self) -> str:
        return f"Crypto({self.tag}, {self.suite})"


@dataclass(frozen=True, slots=True)
class Keying:
    """All one m= line says of its protection, with what the session part says for all."""

    cryptos: tuple[Crypto, ...] = ()
    ufrag: str = ""
    password: str = ""
    fingerprints: tuple[tuple[str, str], ...] = ()
    setup: str = ""

    def serves(self, profile: Profile) -> bool:
        """Whether that is enough to protect a stream in this way."""
        if profile == "sdes":
            return bool(self.cryptos)
        return profile == "plain" or bool(self.ufrag and self.password and self.fingerprints)

    def __repr__(self) -> str:
        return f"Keying({self.cryptos}, {self.ufrag}, {self.fingerprints}, {self.setup})"


def profile_of(protocol: str) -> Profile:
    """How streams of this protocol are protected."""
    return "sdes" if protocol in SDES else "webrtc" if protocol in WEBRTC else "plain"


def set_apart(line: bytes) -> tuple[bytes, bytes | None]:
    """(what is the same in every call, what is to be kept of this one) of an attribute line."""
    name, _, value = line[2:].partition(b":")
    if name not in VARYING:
        return line, None
    if name not in _KEPT:
        return b"", None
    if name == b"crypto":
        return b"a=crypto:" + b" ".join(value.split(None, 2)[:2]), line
    return b"a=" + name, line


def read_keying(session: Iterable[bytes], media: Iterable[bytes]) -> Keying:
    """From the lines `set_apart` kept: the media part's word goes before the session part's."""
    own, common = _by_name(media), _by_name(session)

    def values(name: str) -> list[str]:
        return own.get(name) or common.get(name) or []

    cryptos = [key for text in own.get("crypto", [])[:_MAX_CRYPTOS] if (key := read_crypto(text))]
    prints = [one for text in values("fingerprint")[:_MAX_CRYPTOS] if (one := _fingerprint(text))]
    return Keying(
        tuple(cryptos), _first(values("ice-ufrag"), 4, 256), _first(values("ice-pwd"), 22, 256),
        tuple(prints), _first(values("setup"), 4, 8),
    )


def _by_name(lines: Iterable[bytes]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        if line[:2] == b"a=":
            name, _, value = line[2:].decode("latin-1").partition(":")
            found.setdefault(name, []).append(value.strip())
    return found


def _first(values: Sequence[str], shortest: int, longest: int) -> str:
    value = values[0] if values else ""
    return value if shortest <= len(value) <= longest and value.isascii() and value.isprintable() else ""


def _fingerprint(text: str) -> tuple[str, str] | None:
    name, _, value = text.partition(" ")
    name, value = name.lower(), value.strip().upper()
    return (name, value) if name in HASHES and len(value) < 256 else None


def read_crypto(text: str) -> Crypto | None:
    """One a=crypto value; None when we cannot do as it says (another suite, an MKI, weaker protection)."""
    fields = text.split()
    if len(fields) < 3 or not (fields[0].isascii() and fields[0].isdigit() and len(fields[0]) < 10):
        return None
    size = SUITE_BYTES.get(fields[1].upper())
    method, _, parameters = fields[2].partition(":")
    key, *rest = parameters.split("|")
    if size is None or method.lower() != "inline" or any(":" in one for one in rest):
        return None
    if any(one.upper().startswith(_WEAKENING) for one in fields[3:]):
        return None
    try:
        plain = binascii.a2b_base64(key.encode("ascii", "replace") + b"=" * (-len(key) % 4), strict_mode=True)
    except binascii.Error:
        return None
    return Crypto(int(fields[0]), fields[1].upper(), plain) if len(plain) == size else None


def write_crypto(crypto: Crypto) -> str:
    """The attribute without "a="."""
    inline = binascii.b2a_base64(crypto.key, newline=False).decode().rstrip("=")
    padding = "=" * (-len(inline) % 4)
    return f"crypto:{crypto.tag} {crypto.suite} inline:{inline}{padding}"
