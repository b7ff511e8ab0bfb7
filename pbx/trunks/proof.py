"""Answers a carrier's digest challenges (RFC 8760, RFC 3261 section 22): its own realm's only [S].

Requests follow the trunk's flow, so an answer goes to the carrier's address only; a called party behind it
that challenges us with another realm, or asks again after an answer, learns nothing (S10).
"""

from __future__ import annotations

from collections.abc import Callable

from pbx.sip import digest
from pbx.sip.errors import PeerError
from pbx.sip.message import Request, Response
from pbx.trunks.trunk import Trunk


class Proof:
    """A trunk's answers. `token` makes fresh client nonces."""

    __slots__ = ("_count", "_nonce", "_token", "_trunk", "strange_realm")

    def __init__(self, trunk: Trunk, token: Callable[[], str]) -> None:
        self._trunk, self._token = trunk, token
        self._nonce, self._count = "", 0
        self.strange_realm = ""
        """A realm that was not answered, for whoever wonders why nothing works."""

    def answer(self, response: Response, request: Request) -> list[tuple[str, str]] | None:
        """The header for a second try after 401 or 407; None when there is nothing to say."""
        asked, told = ("WWW-Authenticate", "Authorization")
        if response.status == 407:
            asked, told = ("Proxy-Authenticate", "Proxy-Authorization")
        trunk = self._trunk
        try:
            challenge = digest.choose(response.headers.all(asked))
            if challenge is None or not trunk.password:
                return None
            if challenge.realm != trunk.realm:
                self.strange_realm = challenge.realm[:64]
                return None
            if told in request.headers and not challenge.stale:
                return None
            value = digest.answer(
                challenge,
                trunk.username,
                method=request.method,
                uri=request.uri,
                cnonce=self._token(),
                nc=self._uses(challenge.nonce),
                secret=trunk.password,
                body=request.body,
            )
        except PeerError:
            return None
        return [(told, value)]

    def _uses(self, nonce: str) -> int:
        self._count = self._count + 1 if nonce == self._nonce else 1
        self._nonce = nonce
        return self._count
