"""One table: what a carrier says, and what it means."""

from __future__ import annotations

import pytest

from pbx.facts import EndReason
from pbx.sip.headers import Headers
from pbx.sip.message import Response
from pbx.trunks.causes import BY_CAUSE, BY_STATUS, NEXT_TRUNK, cause_in, reason_of


def response(status: int, *reasons: str) -> Response:
    return Response(status, "Whatever", Headers.from_lines([f"Reason: {each}" for each in reasons]), b"")


@pytest.mark.parametrize(("cause", "reason"), BY_CAUSE.items())
def test_a_cause_says_it_best(cause: int, reason: EndReason) -> None:
    assert reason_of(480, response(480, f'Q.850;cause={cause};text="x"')) is reason
    assert reason_of(500, response(500, "SIP;cause=200", f"Q.850 ; text=y; cause={cause}")) is reason


@pytest.mark.parametrize(("status", "reason"), BY_STATUS.items())
def test_else_the_status(status: int, reason: EndReason) -> None:
    assert reason_of(status, response(status)) is reason
    assert reason_of(status, None) is reason


def test_what_stands_in_no_table() -> None:
    assert reason_of(302, response(302)) is EndReason.FAILED
    assert reason_of(699, None) is EndReason.DECLINED
    assert reason_of(486, response(486, "Q.850;cause=999")) is EndReason.BUSY
    assert cause_in(response(486, "nonsense", "Q.850;cause=")) is None


def test_only_the_carriers_own_trouble_is_a_reason_for_another() -> None:
    assert NEXT_TRUNK.isdisjoint({300, 302, 401, 403, 404, 407, 480, 486, 487, 600, 603})
