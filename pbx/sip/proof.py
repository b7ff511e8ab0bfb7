"""Answers digest challenges of one realm for one account (RFC 8760, RFC 3261 section 22).

Another realm learns nothing: a digest is not for strangers, such as a party called behind a carrier. A
challenge that follows our own answer is met only if the server calls that one stale.
"""

from __future__ import annotations

from collections.abc import Callable

from . import digest
from .errors import PeerError
from .message import Request, Response


class Proof:
    """An account's answers; without a `secret` there are none. `token` makes fresh client nonces."""

    __slots__ = ("_count", "_nonce", "_realm", "_secret", "_token", "_username", "strange_realm")

    def __init__(self, realm: str, username: str, secret: str, token: Callable[[], str]) -> None:
        self._realm, self._username, self._secret, self._token = realm, username, secret, token
        self._nonce, self._count = "", 0
        self.strange_realm = ""
        """A realm that was not answered, for whoever wonders why nothing works."""

    def answer(self, response: Response, request: Request) -> list[tuple[str, str]] | None:
        """The header for a second try after 401 or 407; None when there is nothing to say."""
        asked, told = ("WWW-Authenticate", "Authorization")
        if response.status == 407:
            asked, told = ("Proxy-Authenticate", "Proxy-Authorization")
        try:
            challenge = digest.choose(response.headers.all(asked))
            if challenge is None or not self._secret:
                return None
            if challenge.realm != self._realm:
                self.strange_realm = challenge.realm[:64]
                return None
            if told in request.headers and not challenge.stale:
                return None
            value = digest.answer(
                challenge,
                self._username,
                method=request.method,
                uri=request.uri,
                cnonce=self._token(),
                nc=self._uses(challenge.nonce),
                secret=self._secret,
                body=request.body,
            )
        except PeerError:
            return None
        return [(told, value)]

    def _uses(self, nonce: str) -> int:
        self._count = self._count + 1 if nonce == self._nonce else 1
        self._nonce = nonce
        return self._count
