"""Proves who we are: answers digest challenges (RFC 8760, RFC 3261 22) of our own site only."""

from __future__ import annotations

from collections.abc import Callable

from pbx.sip import digest
from pbx.sip.errors import PeerError
from pbx.sip.message import Request, Response


class Proof:
    """Our account's answers. `token` makes fresh client nonces."""

    def __init__(self, site: str, username: str, secret: str, token: Callable[[], str]) -> None:
        self._site, self._username, self._secret, self._token = site, username, secret, token
        self._nonce, self._count = "", 0

    def answer(self, response: Response, request: Request) -> list[tuple[str, str]] | None:
        """The header for a second try after 401 or 407, None when there is nothing to say.

        A challenge that follows our own answer is met only if the server calls that one stale; another
        realm than our site's gets nothing at all: a digest is not for strangers.
        """
        asked, told = ("WWW-Authenticate", "Authorization")
        if response.status == 407:
            asked, told = ("Proxy-Authenticate", "Proxy-Authorization")
        try:
            challenge = digest.choose(response.headers.all(asked))
            if challenge is None or challenge.realm != self._site:
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
