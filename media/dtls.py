"""DTLS as the server of DTLS-SRTP: keys from handshakes, the peer known by its fingerprint (RFC 5764, 8122).

OpenSSL does the cryptography. What it does not do well here is done by us: flights are packed into few
datagrams, a lost one is sent again after a tenth of a second, and the certificate is compared by us.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

from media.srtp import AES_128_CM, AES_128_GCM, Keys, Suite

MTU = 1200
RESEND_SECONDS = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4)
GIVE_UP_SECONDS = 20.0
_HANDSHAKE = 22
_RECORD_HEAD = 13
_DTLS_1_2 = 0xFEFD
_LABEL = b"EXTRACTOR-dtls_srtp"
_PROFILES: dict[bytes, Suite] = {
    b"SRTP_AEAD_AES_128_GCM": AES_128_GCM,
    b"SRTP_AES128_CM_SHA1_80": AES_128_CM,
}
_CIPHERS = b"ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES"
_HASHES = frozenset({"sha-256", "sha-384", "sha-512"})
_VALID = datetime.timedelta(days=365)
_START = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)

Fingerprint = tuple[str, str]
"""Hash function and value as in a=fingerprint (RFC 8122), in small and in capital letters."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Our certificate and its key, as PEM."""

    certificate: str
    key: str

    @classmethod
    def make(cls) -> Identity:
        """A fresh self-signed one; peers know it by its fingerprint only, never by its dates or name."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "doorline")])
        built = (
            x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(_START)
            .not_valid_after(_START + 50 * _VALID).sign(key, SHA256())
        )
        pem = serialization.Encoding.PEM
        hidden = key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return cls(built.public_bytes(pem).decode(), hidden.decode())

    @property
    def fingerprint(self) -> Fingerprint:
        """SHA-256 of the certificate."""
        der = x509.load_pem_x509_certificate(self.certificate.encode()).public_bytes(
            serialization.Encoding.DER
        )
        return "sha-256", _digest("sha-256", der)


def _digest(name: str, der: bytes) -> str:
    return hashlib.new(name.replace("-", ""), der).digest().hex(":").upper()


def supported(fingerprints: Iterable[Fingerprint]) -> tuple[Fingerprint, ...]:
    """Those whose hash function is believed; without any there can be no connection."""
    return tuple(one for one in fingerprints if one[0] in _HASHES)


def context(identity: Identity) -> SSL.Context:
    """What all handshakes of a worker share."""
    made = SSL.Context(SSL.DTLS_SERVER_METHOD)
    made.set_max_proto_version(_DTLS_1_2)
    made.set_min_proto_version(_DTLS_1_2)
    made.set_options(SSL.OP_NO_QUERY_MTU | SSL.OP_NO_TICKET | SSL.OP_CIPHER_SERVER_PREFERENCE)
    made.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    made.set_cipher_list(_CIPHERS)
    made.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
    made.set_tlsext_use_srtp(b":".join(_PROFILES))
    made.use_certificate(x509.load_pem_x509_certificate(identity.certificate.encode()))
    key = serialization.load_pem_private_key(identity.key.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    made.use_privatekey(key)
    return made


class Handshake:
    """One peer's handshake. Feed it datagrams; send what it returns; `keys` appear when it is done.

    The keys are not to be used before `trusted` says that the certificate is the announced one.
    """

    __slots__ = (
        "_began", "_certificate", "_connection", "_flight", "_tries", "deadline", "failed", "keys",
    )

    def __init__(self, shared: SSL.Context, now: float) -> None:
        self._connection = SSL.Connection(shared, None)
        self._connection.set_accept_state()
        self._connection.set_ciphertext_mtu(MTU)
        self._certificate = b""
        self._flight: list[bytes] = []
        self._tries = 0
        self._began = now
        self.deadline: float | None = now + GIVE_UP_SECONDS
        self.keys: Keys | None = None
        self.failed = ""

    def receive(self, data: bytes, now: float) -> list[bytes]:
        """Take one datagram; the datagrams to send for it."""
        if self.failed or not data:
            return []
        self._connection.bio_write(data)
        if self.keys is not None:
            return self._afterwards(data)
        over = self._step()
        sent = self._take(now)
        if over:
            self.deadline = None
        return sent

    def handle_timeout(self, now: float) -> list[bytes]:
        """The last flight again, when its answer has not come."""
        if self.deadline is None or now < self.deadline:
            return []
        if now - self._began >= GIVE_UP_SECONDS:
            self.failed, self.deadline = "time-out", None
            return []
        self._tries += 1
        self._plan(now)
        return self._flight

    def trusted(self, fingerprints: Iterable[Fingerprint]) -> bool:
        """Whether the peer's certificate is one of those its description announced."""
        return bool(self._certificate) and any(
            hmac.compare_digest(_digest(name, self._certificate).encode(), value.upper().encode())
            for name, value in supported(fingerprints)
        )

    def _step(self) -> bool:
        """Go on with the handshake; True when it is over, well or not."""
        try:
            self._connection.do_handshake()
        except SSL.WantReadError:
            return False
        except SSL.Error as error:
            self.failed = f"handshake: {error!r}"[:200]
            return True
        peer = self._connection.get_peer_certificate(as_cryptography=True)
        suite = _PROFILES.get(self._connection.get_selected_srtp_profile())
        if peer is None or suite is None:
            self.failed = "no SRTP profile in common" if peer is not None else "no certificate"
            return True
        self._certificate = peer.public_bytes(serialization.Encoding.DER)
        self.keys = self._derive(suite)
        return True

    def _derive(self, suite: Suite) -> Keys:
        """RFC 5764 section 4.2: client's key, server's key, client's salt, server's salt."""
        material = self._connection.export_keying_material(_LABEL, 2 * (suite.key + suite.salt))
        client, server = material[: suite.key], material[suite.key : 2 * suite.key]
        salts = material[2 * suite.key :]
        return Keys(suite, ours=server + salts[suite.salt :], theirs=client + salts[: suite.salt])

    def _take(self, now: float) -> list[bytes]:
        """What OpenSSL wants sent, as datagrams; kept, as it may be wanted again."""
        try:
            written = self._connection.bio_read(1 << 16)
        except SSL.WantReadError:
            return []
        flight = pack(written)
        if flight:
            self._flight, self._tries = flight, 0
            self._plan(now)
        return flight

    def _plan(self, now: float) -> None:
        pause = RESEND_SECONDS[min(self._tries, len(RESEND_SECONDS) - 1)]
        self.deadline = min(now + pause, self._began + GIVE_UP_SECONDS)

    def _afterwards(self, data: bytes) -> list[bytes]:
        """The peer repeats its last flight: ours was lost. Alerts and application data are nothing to us."""
        try:
            self._connection.recv(4096)
        except SSL.Error:
            pass
        try:
            self._connection.bio_read(1 << 16)
        except SSL.Error:
            pass
        return self._flight if has_handshake(data) else []


def has_handshake(data: bytes) -> bool:
    """Whether a datagram holds a record of a handshake, in the clear or encrypted."""
    return any(record[0] == _HANDSHAKE for record in records(data))


def records(data: bytes) -> list[bytes]:
    """The DTLS records of a run of bytes, as far as their lengths hold (RFC 6347 section 4.1)."""
    found: list[bytes] = []
    at = 0
    while at + _RECORD_HEAD <= len(data):
        end = at + _RECORD_HEAD + int.from_bytes(data[at + 11 : at + 13], "big")
        if end > len(data):
            break
        found.append(data[at:end])
        at = end
    return found


def pack(written: bytes) -> list[bytes]:
    """A flight as few datagrams of at most MTU bytes; no record is torn apart."""
    datagrams: list[bytes] = []
    for record in records(written):
        if datagrams and len(datagrams[-1]) + len(record) <= MTU:
            datagrams[-1] += record
        else:
            datagrams.append(record)
    return datagrams
