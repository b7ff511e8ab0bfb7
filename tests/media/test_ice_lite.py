"""The lite side of ICE: whose checks are answered, what they change, when consent ends."""

from __future__ import annotations

import pytest

from media import stun
from media.ice_lite import CONSENT_SECONDS, Checks, Credentials, local_ufrag

OURS = Credentials("ours", "password-of-ours-22-chars")
NEW = Credentials("newer", "another-password-22-chars")
SOURCE = ("192.0.2.7", 5000)


def check(
    name: str = "ours:theirs",
    key: str = OURS.password,
    *more: tuple[int, bytes],
    kind: int = stun.BINDING_REQUEST,
) -> stun.Message:
    attributes = ((stun.USERNAME, name.encode()), (stun.ICE_CONTROLLING, bytes(8)), *more)
    message = stun.parse(stun.build(stun.Message(kind, bytes(12), attributes), key.encode()))
    assert message is not None
    return message


def code(reply: bytes | None) -> int:
    message = stun.parse(reply or b"")
    assert message is not None and message.type == stun.BINDING_ERROR
    value = message.get(stun.ERROR_CODE) or bytes(4)
    return value[2] * 100 + value[3]


def test_a_check_is_answered_with_where_it_came_from() -> None:
    checks = Checks(OURS)
    found = checks.receive(check(), SOURCE, 1.0)
    reply = stun.parse(found.reply or b"")
    assert reply is not None and reply.type == stun.BINDING_SUCCESS
    assert stun.authentic(reply, OURS.password.encode())
    assert stun.read_xor_address(reply.get(stun.XOR_MAPPED_ADDRESS) or b"") == SOURCE
    assert (found.valid, found.nominated, checks.consent) == (True, False, 1.0)


def test_use_candidate_nominates() -> None:
    message = check("ours:x", OURS.password, (stun.USE_CANDIDATE, b""))
    assert Checks(OURS).receive(message, SOURCE, 1.0).nominated


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        (check(key="wrong"), 401),
        (check("other:theirs"), 401),
        (check("ours:theirs", OURS.password, (0x7777, b"")), 420),
        (check("ours:theirs", OURS.password, (stun.ICE_CONTROLLED, bytes(8))), 487),
    ],
)
def test_what_is_refused_changes_nothing(message: stun.Message, wanted: int) -> None:
    checks = Checks(OURS)
    found = checks.receive(message, SOURCE, 1.0)
    assert (code(found.reply), found.valid, checks.consent) == (wanted, False, None)


def test_indications_and_responses_are_passed_over() -> None:
    for kind in (stun.BINDING_INDICATION, stun.BINDING_SUCCESS):
        message = check(kind=kind)
        assert Checks(OURS).receive(message, SOURCE, 1.0).reply is None
        assert local_ufrag(message) is None


def test_once_the_description_is_there_the_peer_s_name_must_fit() -> None:
    checks = Checks(OURS)
    assert checks.receive(check("ours:anybody"), SOURCE, 1.0).valid
    checks.expect("theirs")
    assert not checks.receive(check("ours:anybody"), SOURCE, 1.0).valid
    assert checks.receive(check("ours:theirs"), SOURCE, 1.0).valid


def test_a_restart_keeps_the_old_names_until_the_new_are_used() -> None:
    checks = Checks(OURS)
    checks.restart(OURS)
    assert len(checks.ufrags) == 1
    checks.restart(NEW)
    checks.expect("fresh")
    assert sorted(checks.ufrags) == ["newer", "ours"]
    assert checks.receive(check(), SOURCE, 1.0).valid
    assert checks.receive(check("newer:fresh", NEW.password), SOURCE, 2.0).valid
    assert not checks.receive(check(), SOURCE, 3.0).valid
    assert len(checks.ufrags) == 1


def test_consent_lasts_half_a_minute_after_the_newest_check() -> None:
    checks = Checks(OURS)
    assert not checks.lapsed(1000.0), "nobody was there yet"
    checks.receive(check(), SOURCE, 10.0)
    assert not checks.lapsed(10.0 + CONSENT_SECONDS - 0.1)
    assert checks.lapsed(10.0 + CONSENT_SECONDS)


def test_the_name_of_a_check() -> None:
    assert local_ufrag(check()) == "ours"
    assert local_ufrag(check("nocolon")) is None
    assert local_ufrag(check("x" * 600 + ":y")) is None
