"""A DTLS-SRTP client for tests, without sockets and without a clock of its own."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

from media.dtls import Fingerprint, Identity, pack, records
from media.srtp import Keys, Suite

LABEL = b"EXTRACTOR-dtls_srtp"


class Client:
    """Offers `profiles`; `mtu` small breaks its flights, the ClientHello too, into fragments."""

    def __init__(self, profiles: bytes = b"SRTP_AEAD_AES_128_GCM", *, mtu: int = 1200) -> None:
        self.identity = Identity.make()
        made = SSL.Context(SSL.DTLS_CLIENT_METHOD)
        made.set_options(SSL.OP_NO_QUERY_MTU)
        made.set_verify(SSL.VERIFY_NONE, lambda *_: True)
        if profiles:
            made.set_tlsext_use_srtp(profiles)
        made.use_certificate(x509.load_pem_x509_certificate(self.identity.certificate.encode()))
        key = serialization.load_pem_private_key(self.identity.key.encode(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        made.use_privatekey(key)
        self.connection = SSL.Connection(made, None)
        self.connection.set_connect_state()
        self.connection.set_ciphertext_mtu(mtu)
        self.done = False
        self.flight: list[bytes] = []

    @property
    def fingerprints(self) -> tuple[Fingerprint, ...]:
        return (self.identity.fingerprint,)

    def step(self, *datagrams: bytes) -> list[bytes]:
        """Take these; what to send then, each record a datagram of its own."""
        for datagram in datagrams:
            self.connection.bio_write(datagram)
            self._go()
        if not datagrams:
            self._go()
        try:
            written = self.connection.bio_read(1 << 16)
        except SSL.WantReadError:
            return []
        self.flight = records(written)
        return self.flight

    def _go(self) -> None:
        if self.done:
            return
        try:
            self.connection.do_handshake()
            self.done = True
        except SSL.WantReadError:
            pass

    def packed(self) -> list[bytes]:
        """The last flight in few datagrams."""
        return pack(b"".join(self.flight))

    def keys(self, suite: Suite) -> Keys:
        """As the client derives them."""
        size = suite.key
        material = self.connection.export_keying_material(LABEL, 2 * (suite.key + suite.salt))
        salts = material[2 * size :]
        return Keys(
            suite,
            ours=material[:size] + salts[: suite.salt],
            theirs=material[size : 2 * size] + salts[suite.salt :],
        )
