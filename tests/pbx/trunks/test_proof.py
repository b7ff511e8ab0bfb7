"""Digests go to the trunk's own realm only, once for each challenge (S10)."""

from __future__ import annotations

from pbx.sip import digest
from pbx.sip.headers import Headers
from pbx.sip.message import Request, Response
from pbx.trunks.proof import Proof
from tests.support.carriers import registering

REGISTER = Request("REGISTER", "sip:carrier.example", Headers.from_lines([]), b"")


def challenge(realm: str, status: int = 401, more: str = "") -> Response:
    name = "WWW-Authenticate" if status == 401 else "Proxy-Authenticate"
    value = f'Digest realm="{realm}", nonce="n", algorithm=SHA-256, qop="auth"{more}'
    return Response(status, "x", Headers.from_lines([f"{name}: {value}"]), b"")


def test_its_own_realm_is_answered_and_counted() -> None:
    proof = Proof(registering(), lambda: "c")
    for status, name in ((401, "Authorization"), (407, "Proxy-Authorization")):
        answered = proof.answer(challenge("carrier.example", status), REGISTER)
        assert answered is not None
        [(told, value)] = answered
        assert told == name
        headers = Headers.from_lines([f"Authorization: {value}"])
        [found] = digest.find_credentials(headers, "carrier.example")
        stored = digest.ha1("doorline", "carrier.example", "s3cret", "SHA-256")
        assert digest.verify(found, stored, "REGISTER")
    assert found.nc == "00000002"


def test_nobody_else_learns_anything() -> None:
    proof = Proof(registering(), lambda: "c")
    assert proof.answer(challenge("evil.example"), REGISTER) is None
    assert proof.strange_realm == "evil.example"
    assert proof.answer(Response(401, "x", Headers.from_lines([]), b""), REGISTER) is None
    broken = Response(401, "x", Headers.from_lines(["WWW-Authenticate: Digest x"]), b"")
    assert proof.answer(broken, REGISTER) is None
    assert Proof(registering(password=""), lambda: "c").answer(challenge("carrier.example"), REGISTER) is None


def test_an_answer_that_was_refused_is_not_given_again_unless_stale() -> None:
    proof = Proof(registering(), lambda: "c")
    again = Request("REGISTER", "sip:carrier.example", Headers.from_lines(["Authorization: Digest x"]), b"")
    assert proof.answer(challenge("carrier.example"), again) is None
    assert proof.answer(challenge("carrier.example", more=", stale=true"), again) is not None
