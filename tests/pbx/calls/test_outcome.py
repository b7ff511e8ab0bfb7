"""Causes and statuses: one table, both ways."""

from __future__ import annotations

import pytest

from pbx.calls.outcome import cancel_reason, reason_of_cause, reason_of_status
from pbx.facts import EndReason


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (486, EndReason.BUSY),
        (600, EndReason.BUSY),
        (603, EndReason.DECLINED),
        (699, EndReason.DECLINED),
        (408, EndReason.UNREACHABLE),
        (503, EndReason.UNREACHABLE),
        (488, EndReason.NO_MEDIA),
        (302, EndReason.FAILED),  # nobody is sent elsewhere by a 3xx
        (500, EndReason.FAILED),
    ],
)
def test_why_a_leg_is_gone(status: int, reason: EndReason) -> None:
    assert reason_of_status(status) is reason


def test_elsewhere_is_said_in_sip_terms_and_the_rest_in_q850() -> None:
    assert cancel_reason(EndReason.ANSWERED_ELSEWHERE) == (
        ("Reason", 'SIP;cause=200;text="Call completed elsewhere"'),
    )
    assert cancel_reason(EndReason.NO_ANSWER)[0][1].startswith("Q.850;cause=19;")


def test_causes_of_ended_sessions() -> None:
    assert reason_of_cause("bye") is EndReason.NORMAL
    assert reason_of_cause("flow_lost") is EndReason.FLOW_LOST
    assert reason_of_cause("session_expired") is EndReason.TIMEOUT
