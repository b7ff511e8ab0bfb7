"""Challenges requests and judges the answers: same work and same words for known and unknown (RFC 7616, RFC
8760)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import md5
from hmac import compare_digest
from typing import NamedTuple

from pbx.facts import AuthFailed
from pbx.sip.digest import response_of
from pbx.sip.errors import PeerError
from pbx.sip.fields.auth import Credentials as Answer
from pbx.sip.flow import Flow
from pbx.sip.message import Request
from pbx.sip.uri import SipUri

from .account import Algorithm, Credential, Credentials, Directory, Identity, address_of, may_speak_as
from .answer import answer_in
from .failures import Failures
from .nonces import Nonces

Headers = tuple[tuple[str, str], ...]

_ACTS = 4096
# Stand in for users that are not there; that nobody is active makes even a fitting answer wrong.
_NOBODY = Credential("", "", "", "0" * 32, "0" * 64, "MD5", state="revoked")
_NOBODY_SHA256 = Credential("", "", "", "0" * 32, "0" * 64, "SHA-256", state="revoked")


@dataclass(frozen=True, slots=True)
class AuthOptions:
    """Lengths in seconds. `tries`: wrong answers of one source before it must wait `wait_seconds`."""

    nonce_seconds: float = 300.0
    nonces: int = 65_536
    tries: int = 8
    wait_seconds: float = 60.0


class Granted(NamedTuple):
    """The request comes from this device."""

    identity: Identity


@dataclass(frozen=True, slots=True)
class Refused:
    """Answer with this status and these headers; `fact` is to be published when somebody truly failed."""

    status: int
    reason: str
    headers: Headers = ()
    fact: AuthFailed | None = None


class Authenticator:
    """Decides who sent a request.

    A connection that has been granted an identity keeps it while it lives and the credential stays as it
    was: later requests in that name need no answer. Over UDP each request is challenged; there the identity
    of the flow only notes that this address has authenticated once, which lifts limits.

    Args:
        credentials, directory: asked during `check`; must not wait.
        nonce_key: secret bytes.
        token: gives a random word; asked once, here.
        algorithm: what a site asks for in its challenges: one for all its users, so that it tells nothing
        of them.
    """

    def __init__(
        self,
        credentials: Credentials,
        directory: Directory,
        nonce_key: bytes,
        token: Callable[[], str],
        options: AuthOptions | None = None,
        *,
        algorithm: Callable[[str], Algorithm] = lambda site: "MD5",
    ) -> None:
        options = options or AuthOptions()
        self._credentials = credentials
        self._directory = directory
        self._algorithm = algorithm
        self._nonces = Nonces(nonce_key, token(), options.nonce_seconds, options.nonces)
        self._failures = Failures(options.tries, wait_seconds=options.wait_seconds)
        self._acts: dict[tuple[str, str], str] = {}
        self.granted = self.challenged = self.failed = 0

    def check(self, request: Request, flow: Flow, now: float) -> Granted | Refused:
        """Who sent `request`, or how to refuse it. ACK and CANCEL cannot be challenged: do not ask about
        them."""
        try:
            user, site = address_of(request.from_.uri)
            answer = answer_in(request, site)
        except PeerError as error:
            return Refused(error.status, error.reason)
        known = flow.identity
        if flow.reliable and isinstance(known, Identity) and self._stands(known):
            if may_speak_as(known, self._directory, user, site):
                return Granted(known)
            if answer is not None and answer.username == known.username:
                return Refused(403, "Not your address")
        wait = self._failures.wait(flow.remote[0], now)
        if wait and not (isinstance(known, Identity) and self._may_go_on(known, answer, site)):
            return Refused(503, "Try again later", (("Retry-After", str(int(wait) + 1)),))
        if answer is None:
            return self._challenge(site, self._algorithm(site), flow, now, stale=False)
        judged = self._judge(answer, request, flow, site, now)
        if isinstance(judged, Refused):
            return judged
        if not may_speak_as(judged, self._directory, user, site):
            return Refused(403, "Not your address")
        self.granted += 1
        flow.identity = judged
        return Granted(judged)

    def stats(self) -> dict[str, int]:
        """Counters since the start, and the sizes of the tables."""
        return {
            "granted": self.granted,
            "challenged": self.challenged,
            "failed": self.failed,
            "nonces": len(self._nonces),
            "failing_sources": len(self._failures),
        }

    def _may_go_on(self, known: Identity, answer: Answer | None, site: str) -> bool:
        """Whether a flow that has proved itself is spared the waiting that others of its address have earned:
        a lost telephone that keeps trying shuts nobody out behind the same router."""
        its_own = answer is None or (site, answer.username) == (known.site, known.username)
        return self._stands(known) and its_own

    def _stands(self, identity: Identity) -> bool:
        """Whether what was granted would be granted again: nobody has revoked or changed the credential."""
        credential = self._credentials.find(identity.site, identity.username)
        return (
            credential is not None
            and credential.state == "active"
            and credential.seq == identity.seq
            and credential.device == identity.device
        )

    def _judge(
        self, answer: Answer, request: Request, flow: Flow, site: str, now: float
    ) -> Identity | Refused:
        """Every step is taken for an unknown user as well, so that nothing tells them apart."""
        credential = self._credentials.find(site, answer.username)
        if credential is None or credential.state != "active":
            credential = _NOBODY if self._algorithm(site) == "MD5" else _NOBODY_SHA256
        if not _same_target(answer.uri, request.uri):
            return Refused(400, "Digest uri is not the Request-URI")
        serial = self._nonces.serial_of(answer.nonce, flow.remote[0], now)
        if serial is None or answer.algorithm.upper() != credential.algorithm:
            return self._challenge(site, credential.algorithm, flow, now, stale=True)
        if answer.qop not in ("auth", None):
            return Refused(400, "Unknown qop")
        right = self._matches(answer, credential, request.method)
        if answer.qop is None and not (right and credential.legacy):
            return self._fail(answer, flow, site, now, Refused(403, "Digest without qop"))
        if not right:
            refusal = self._challenge(site, credential.algorithm, flow, now, stale=False)
            return self._fail(answer, flow, site, now, refusal)
        if not self._nonces.spend(serial, answer.uses if answer.qop else 1, now):
            return self._challenge(site, credential.algorithm, flow, now, stale=True)
        known = flow.identity
        if isinstance(known, Identity) and known.username == credential.username and self._stands(known):
            return known
        return Identity(credential.site, credential.device, credential.username, credential.seq)

    def _matches(self, answer: Answer, credential: Credential, method: str) -> bool:
        """Whether the answer proves knowledge of the secret; compared in constant time."""
        stored = credential.ha1 if credential.algorithm == "MD5" else credential.ha1_sha256
        if credential.algorithm == "MD5" and answer.qop is not None:
            middle = f"{answer.nonce}:{answer.nc}:{answer.cnonce}:auth:{self._ha2(method, answer.uri)}"
            expected = _md5(f"{stored}:{middle}")
        else:
            expected = response_of(
                stored or _NOBODY.ha1,
                method,
                answer.uri,
                answer.nonce,
                algorithm=credential.algorithm,
                qop=answer.qop,
                nc=answer.nc,
                cnonce=answer.cnonce,
            )
        given = answer.response.lower().encode("utf-8", "surrogateescape")
        return compare_digest(expected.encode(), given) and credential.state == "active" and bool(stored)

    def _ha2(self, method: str, uri: str) -> str:
        """The hash of method and uri, which is the same for all devices that register at a site."""
        key = method, uri
        found = self._acts.get(key)
        if found is None:
            if len(self._acts) >= _ACTS:
                self._acts.clear()
            found = self._acts[key] = _md5(f"{method}:{uri}")
        return found

    def _challenge(self, site: str, algorithm: Algorithm, flow: Flow, now: float, *, stale: bool) -> Refused:
        self.challenged += 1
        nonce = self._nonces.issue(flow.remote[0], now)
        value = f'Digest realm="{site}", nonce="{nonce}", algorithm={algorithm}, qop="auth"'
        if stale:
            value += ", stale=true"
        return Refused(401, "Unauthorized", (("WWW-Authenticate", value),))

    def _fail(self, answer: Answer, flow: Flow, site: str, now: float, refusal: Refused) -> Refused:
        self.failed += 1
        self._failures.note(flow.remote[0], now)
        username = answer.username[:64].encode("utf-8", "backslashreplace").decode()
        fact = AuthFailed(site, username, flow.remote[0], flow.transport, refusal.reason)
        return Refused(refusal.status, refusal.reason, refusal.headers, fact)


def _md5(text: str) -> str:
    return md5(text.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()


def _same_target(named: str, uri: str) -> bool:
    """Whether the digest was made for this Request-URI; parameters may differ, as phones in the field do
    it."""
    if named == uri:
        return True
    try:
        one, other = SipUri.parse(named), SipUri.parse(uri)
    except PeerError:
        return False
    return (one.user, one.host, one.port) == (other.user, other.host, other.port)
