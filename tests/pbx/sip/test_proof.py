"""Digests go to our own realm only, once for each challenge (S10)."""

from __future__ import annotations

from pbx.sip import digest
from pbx.sip.fields import Credentials
from pbx.sip.headers import Headers
from pbx.sip.message import Request, Response
from pbx.sip.proof import Proof

SITE, USER, SECRET = "fjordgata.example", "entrance", "a-generated-secret"


def proof() -> Proof:
    return Proof(SITE, USER, SECRET, lambda: "cnonce")


def request(*lines: str) -> Request:
    return Request("REGISTER", f"sip:{SITE}", Headers.from_lines(list(lines)))


def challenge(realm: str = SITE, extra: str = "", status: int = 401, algorithm: str = "MD5") -> Response:
    name = "WWW-Authenticate" if status == 401 else "Proxy-Authenticate"
    value = f'Digest realm="{realm}", nonce="n1", qop="auth", algorithm={algorithm}{extra}'
    return Response(status, "", Headers.from_lines([f"{name}: {value}"]))


def test_the_answer_is_right_and_counts_its_nonce() -> None:
    made = proof()
    for count in ("00000001", "00000002"):
        [(name, value)] = made.answer(challenge(), request()) or []
        credentials = Credentials.parse(value)
        assert (name, credentials.nc) == ("Authorization", count)
        assert digest.verify(credentials, digest.ha1(USER, SITE, SECRET), "REGISTER")


def test_sha_256() -> None:
    [(_, value)] = proof().answer(challenge(algorithm="SHA-256"), request()) or []
    assert digest.verify(Credentials.parse(value), digest.ha1(USER, SITE, SECRET, "SHA-256"), "REGISTER")


def test_a_proxy_is_answered_in_its_own_header() -> None:
    [(name, _)] = proof().answer(challenge(status=407), request()) or []
    assert name == "Proxy-Authorization"


def test_a_stranger_gets_no_digest() -> None:
    made = proof()
    assert made.answer(challenge("evil.example"), request()) is None
    assert made.strange_realm == "evil.example"


def test_without_a_secret_there_is_no_answer() -> None:
    assert Proof(SITE, USER, "", lambda: "cnonce").answer(challenge(), request()) is None


def test_a_refused_answer_is_not_given_again_unless_stale() -> None:
    given = request("Authorization: Digest x")
    assert proof().answer(challenge(), given) is None
    assert proof().answer(challenge(extra=", stale=true"), given) is not None


def test_what_is_no_challenge() -> None:
    assert proof().answer(Response(401, "", Headers()), request()) is None
    assert proof().answer(challenge(algorithm="ROT13"), request()) is None
    broken = Response(401, "", Headers.from_lines(['WWW-Authenticate: Digest realm="x']))
    assert proof().answer(broken, request()) is None
