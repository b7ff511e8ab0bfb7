"""Who is asking: granted, challenged, refused; nothing tells a known user from an unknown one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbx.auth import Granted, Identity, Refused
from pbx.auth.account import Algorithm
from pbx.sip.digest import ha1
from pbx.sip.flow import Transport

from .world import SITE, Book, answered, authenticator, challenge_of, credential, flow, identity, request

NAMES = ("kari-app", "ola")


def book() -> Book:
    return Book(*(credential(name) for name in NAMES))


def shape(result: object) -> tuple[object, ...]:
    """What a peer sees of a refusal, with the nonce left out."""
    assert isinstance(result, Refused)
    headers = [
        (name, [part for part in value.split(", ") if "nonce" not in part]) for name, value in result.headers
    ]
    return result.status, result.reason, headers


def test_a_right_answer_is_granted() -> None:
    auth, way = authenticator(book()), flow()
    challenge = challenge_of(auth.check(request("ola"), way, 100.0))
    assert (challenge.realm, challenge.algorithm, challenge.qop, challenge.stale) == (
        SITE,
        "MD5",
        ("auth",),
        False,
    )
    assert auth.check(request("ola", answered(challenge, "ola")), way, 100.1) == Granted(identity("ola"))
    assert auth.stats()["granted"] == 1


def test_udp_is_challenged_each_time() -> None:
    auth, way = authenticator(book()), flow()
    challenge = challenge_of(auth.check(request("ola"), way, 100.0))
    auth.check(request("ola", answered(challenge, "ola")), way, 100.0)
    assert way.identity == identity("ola")
    assert challenge_of(auth.check(request("ola"), way, 100.0))


@pytest.mark.parametrize("transport", ["tcp", "tls", "ws", "wss"])
def test_a_connection_stays_authenticated_for_its_names_only(transport: Transport) -> None:
    auth, way = authenticator(book()), flow(transport)
    challenge = challenge_of(auth.check(request("kari-app"), way, 100.0))
    auth.check(request("kari-app", answered(challenge, "kari-app")), way, 100.0)
    later = 100_000.0
    assert auth.check(request("kari-app"), way, later) == Granted(identity("kari-app"))
    assert auth.check(request("kari"), way, later) == Granted(identity("kari-app"))
    assert challenge_of(auth.check(request("ola"), way, later))
    assert challenge_of(auth.check(request("kari-app"), flow(transport), later))


def test_what_was_granted_ends_with_a_change_of_the_credential() -> None:
    known = book()
    auth, way = authenticator(known), flow("tls")
    challenge = challenge_of(auth.check(request("ola"), way, 100.0))
    auth.check(request("ola", answered(challenge, "ola")), way, 100.0)
    known.put(replace(credential("ola"), seq=1))
    challenge = challenge_of(auth.check(request("ola"), way, 101.0))
    granted = auth.check(request("ola", answered(challenge, "ola")), way, 101.0)
    assert isinstance(granted, Granted)
    assert granted.identity.seq == 1
    known.put(replace(credential("ola"), seq=2, state="revoked"))
    challenge = challenge_of(auth.check(request("ola"), way, 102.0))
    assert challenge_of(auth.check(request("ola", answered(challenge, "ola")), way, 102.0))


@pytest.mark.parametrize("other", ["ola", "kari", "nobody"])
def test_no_one_speaks_for_another(other: str) -> None:
    auth, way = authenticator(Book(credential("ola"), credential("eve"))), flow()
    challenge = challenge_of(auth.check(request(other), way, 100.0))
    refused = auth.check(request(other, answered(challenge, "eve")), way, 100.0)
    assert isinstance(refused, Refused)
    assert refused.status == 403
    assert way.identity is None


def test_nor_over_its_own_connection() -> None:
    auth, way = authenticator(Book(credential("ola"), credential("eve"))), flow("tls")
    challenge = challenge_of(auth.check(request("eve"), way, 100.0))
    auth.check(request("eve", answered(challenge, "eve")), way, 100.0)
    challenge = challenge_of(auth.check(request("ola"), way, 100.0))
    refused = auth.check(request("ola", answered(challenge, "eve")), way, 100.0)
    assert isinstance(refused, Refused)
    assert refused.status == 403


def test_another_site_grants_nothing() -> None:
    auth, way = authenticator(book()), flow()
    foreign = request("ola")
    foreign.headers.set("From", "<sip:ola@havnegata.example>;tag=a")
    challenge = challenge_of(auth.check(foreign, way, 100.0))
    assert challenge.realm == "havnegata.example"
    stored = ha1("ola", SITE, "ola-secret")
    foreign.headers.add(
        "Authorization", answered(challenge, "ola", secret=None, stored=stored).partition(": ")[2]
    )
    assert challenge_of(auth.check(foreign, way, 100.0))


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_known_and_unknown_look_alike(algorithm: Algorithm) -> None:
    known = Book(
        *(credential(name, algorithm=algorithm) for name in NAMES),
        credential("gone", state="revoked", algorithm=algorithm),
    )

    def seen(name: str, **answer: object) -> list[tuple[object, ...]]:
        auth, way = authenticator(known, algorithm=algorithm), flow()
        first = auth.check(request(name), way, 100.0)
        wrong = answered(challenge_of(first), name, **{"secret": "guess", **answer})
        results = [
            first,
            auth.check(request(name, wrong), way, 100.0),
            auth.check(request(name, wrong), way, 999.0),
        ]
        bare = ", ".join(
            part for part in wrong.split(", ") if part.split("=")[0] not in ("qop", "nc", "cnonce")
        )
        results.append(auth.check(request(name, bare), way, 100.0))
        results += [auth.check(request(name, wrong), way, 100.0) for _ in range(12)]
        return [shape(each) for each in results]

    assert seen("ola") == seen("nobody") == seen("gone")
    assert (
        seen("ola", stored="0" * 32) == seen("nobody", stored="0" * 32) == seen("gone", secret="gone-secret")
    )


def test_an_answer_is_good_once() -> None:
    auth, way = authenticator(book()), flow()
    challenge = challenge_of(auth.check(request("ola"), way, 100.0))
    line = answered(challenge, "ola")
    assert isinstance(auth.check(request("ola", line), way, 100.0), Granted)
    assert challenge_of(auth.check(request("ola", line), way, 100.0)).stale
    assert isinstance(auth.check(request("ola", answered(challenge, "ola", nc=2)), way, 100.0), Granted)


def test_an_answer_is_bound_to_method_uri_source_and_time() -> None:
    auth, way = authenticator(book()), flow()
    challenge = challenge_of(auth.check(request("ola"), way, 100.0))
    line = answered(challenge, "ola")
    invite = request("ola", line, method="INVITE", uri="sip:kari@" + SITE)
    refused = auth.check(invite, way, 100.0)
    assert isinstance(refused, Refused)
    assert refused.status == 400
    assert not challenge_of(auth.check(request("ola", line, method="OPTIONS"), way, 100.0)).stale
    assert challenge_of(auth.check(request("ola", line), flow(host="192.0.2.78"), 100.0)).stale
    assert challenge_of(auth.check(request("ola", line), way, 401.0)).stale
    assert isinstance(auth.check(request("ola", line), way, 399.0), Granted)


def test_uri_parameters_may_differ() -> None:
    auth, way = authenticator(book()), flow()
    challenge = challenge_of(auth.check(request("ola"), way, 100.0))
    line = answered(challenge, "ola")
    assert isinstance(auth.check(request("ola", line, uri=f"sip:{SITE};transport=tcp"), way, 100.0), Granted)


def test_sha_256_by_site_and_by_account() -> None:
    strong = Book(credential("ola", algorithm="SHA-256"))
    for algorithm in ("SHA-256", "MD5"):
        auth, way = authenticator(strong, algorithm=algorithm), flow()
        challenge = challenge_of(auth.check(request("ola"), way, 100.0))
        assert challenge.algorithm == algorithm
        if algorithm == "MD5":  # the account asks for more than its site
            challenge = challenge_of(auth.check(request("ola", answered(challenge, "ola")), way, 100.0))
            assert (challenge.algorithm, challenge.stale) == ("SHA-256", True)
        assert isinstance(auth.check(request("ola", answered(challenge, "ola")), way, 100.0), Granted)


def test_an_account_without_the_hash_of_its_algorithm_admits_nobody() -> None:
    auth, way = (
        authenticator(Book(credential("ola", algorithm="SHA-256", ha1_sha256=None)), algorithm="SHA-256"),
        flow(),
    )
    challenge = challenge_of(auth.check(request("ola"), way, 100.0))
    for stored in ("", "0" * 32, "0" * 64):
        line = answered(challenge, "ola", secret=None, stored=stored)
        assert challenge_of(auth.check(request("ola", line), way, 100.0))


def without_qop(line: str) -> str:
    """The answer of a phone from before RFC 2617."""
    return ", ".join(part for part in line.split(", ") if part.split("=")[0] not in ("qop", "nc", "cnonce"))


def test_digest_without_qop_only_for_a_legacy_account() -> None:
    auth, way = authenticator(Book(credential("ola"), credential("old", legacy=True))), flow()
    for name, granted in (("ola", False), ("old", True), ("nobody", False)):
        challenge = challenge_of(auth.check(request(name), way, 100.0))._replace(qop=())
        line = answered(challenge, name)
        assert "qop" not in line
        first = auth.check(request(name, line), way, 100.0)
        assert isinstance(first, Granted) == granted
        if granted:
            assert challenge_of(auth.check(request(name, line), way, 100.0)).stale
        else:
            assert isinstance(first, Refused)
            assert first.status == 403


def test_guessing_is_slowed_for_the_source_alone() -> None:
    auth, guesser = authenticator(book(), tries=8), flow(host="198.51.100.9")
    tries = 0
    for number in range(20):
        first = auth.check(request("ola"), guesser, 100.0)
        assert isinstance(first, Refused)
        if first.status == 503:
            break
        line = answered(challenge_of(first), ("ola", "kari-app")[number % 2], secret=str(number))
        auth.check(request("ola", line), guesser, 100.0)
        tries += 1
    assert tries == 8
    refused = auth.check(request("ola"), guesser, 130.0)
    assert isinstance(refused, Refused)
    assert refused.headers == (("Retry-After", "31"),)
    other = flow(host="198.51.100.10")
    challenge = challenge_of(auth.check(request("ola"), other, 100.0))
    assert isinstance(auth.check(request("ola", answered(challenge, "ola")), other, 100.0), Granted)
    assert challenge_of(auth.check(request("ola"), guesser, 161.0))


def test_a_neighbour_who_has_authenticated_is_not_slowed() -> None:
    auth, neighbour, guesser = authenticator(book(), tries=3), flow(port=1), flow(port=2)
    challenge = challenge_of(auth.check(request("ola"), neighbour, 100.0))
    auth.check(request("ola", answered(challenge, "ola")), neighbour, 100.0)
    for number in range(5):
        line = answered(challenge, "kari-app", secret=str(number), nc=9)
        auth.check(request("kari-app", line), guesser, 100.0)
    refused = auth.check(request("kari-app"), guesser, 100.0)
    assert isinstance(refused, Refused)
    assert refused.status == 503
    assert isinstance(auth.check(request("ola", answered(challenge, "ola", nc=2)), neighbour, 100.0), Granted)
    assert challenge_of(auth.check(request("ola"), neighbour, 100.0))  # asked as ever, who says nothing yet
    refused = auth.check(request("kari-app", answered(challenge, "kari-app", nc=3)), neighbour, 100.0)
    assert isinstance(refused, Refused)
    assert refused.status == 503


def test_a_namesake_at_another_site_is_slowed_like_anybody() -> None:
    here, there = credential("ola"), credential("ola", site="other.example")
    auth, namesake = authenticator(Book(here, there), tries=3), flow()
    challenge = challenge_of(auth.check(request("ola"), namesake, 100.0))
    namesake.identity = Identity(there.site, there.device, there.username, there.seq)
    for number in range(3):
        auth.check(request("ola", answered(challenge, "ola", secret=str(number), nc=9)), namesake, 100.0)
    refused = auth.check(request("ola", answered(challenge, "ola", secret="x", nc=10)), namesake, 100.0)
    assert isinstance(refused, Refused)
    assert refused.status == 503


def test_wrong_answers_to_a_nonce_of_somebody_else_harm_nobody() -> None:
    auth = authenticator(book(), tries=3)
    challenge = challenge_of(auth.check(request("ola"), flow(host="198.51.100.9"), 100.0))
    victim = flow(host="192.0.2.5")
    for number in range(50):
        line = answered(challenge, "ola", secret="x", nc=number + 1)
        assert challenge_of(auth.check(request("ola", line), victim, 100.0)).stale
    assert auth.stats()["failing_sources"] == 0


def test_a_failure_is_a_fact_that_can_be_shown() -> None:
    auth, way = authenticator(book()), flow()
    challenge = challenge_of(auth.check(request("ola"), way, 100.0))
    bad = request("ola", answered(challenge, "ol\udcffa" + "x" * 500, secret="guess"))
    refused = auth.check(bad, way, 100.0)
    assert isinstance(refused, Refused)
    assert refused.fact is not None
    assert (refused.fact.site, refused.fact.source, refused.fact.transport) == (SITE, "192.0.2.77", "udp")
    assert len(refused.fact.username.encode()) < 300


@pytest.mark.parametrize(
    "line",
    [
        "Authorization: Digest",
        'Authorization: Digest username="ola',
        'Authorization: Digest username="ola", realm="fjordgata.example"',
        'Authorization: Digest username="a", username="a", realm="x", nonce="", uri="", response=""',
    ],
)
def test_malformed_answers_are_refused(line: str) -> None:
    refused = authenticator(book()).check(request("ola", line), flow(), 100.0)
    assert isinstance(refused, Refused)
    assert refused.status == 400


@pytest.mark.parametrize("line", ["Authorization: Basic b2xhOnNlY3JldA==", "Proxy-Authorization: Digest x=y"])
def test_other_schemes_are_none_of_our_business(line: str) -> None:
    assert challenge_of(authenticator(book()).check(request("ola", line), flow(), 100.0))


def test_the_answer_for_our_realm_is_found_among_others() -> None:
    auth, way = authenticator(book()), flow()
    challenge = challenge_of(auth.check(request("ola"), way, 100.0))
    foreign = answered(challenge._replace(realm="else.example"), "ola")
    assert isinstance(auth.check(request("ola", foreign, answered(challenge, "ola")), way, 100.0), Granted)


@pytest.mark.parametrize(
    "line",
    [
        "sip:ola@fjordgata.example;tag=1",
        '"Kari <sip:kari@fjordgata.example>" <sip:ola@fjordgata.example>;tag=1',
        "Ola Nordmann <sips:ol%61@FJORDGATA.example:5061;transport=tls>;tag=1;x=y",
    ],
)
def test_the_sender_is_who_from_names(line: str) -> None:
    auth, way, made = authenticator(book()), flow(), request("x")
    made.headers.set("From", line)
    challenge = challenge_of(auth.check(made, way, 100.0))
    made.headers.add("Authorization", answered(challenge, "ola").partition(": ")[2])
    assert auth.check(made, way, 100.0) == Granted(identity("ola"))


def test_a_sender_that_is_no_sip_address_is_refused() -> None:
    strange = request("ola")
    strange.headers.set("From", "<tel:+4712345678>;tag=a")
    refused = authenticator(book()).check(strange, flow(), 100.0)
    assert isinstance(refused, Refused)
    assert refused.status == 416
