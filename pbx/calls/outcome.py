"""From what SIP says to why a leg ended, and back into Reason (RFC 3326)."""

from __future__ import annotations

from pbx.facts import EndReason
from pbx.sip.events import EndCause

_BY_STATUS = {
    403: EndReason.FORBIDDEN,
    404: EndReason.UNREACHABLE,
    408: EndReason.UNREACHABLE,
    410: EndReason.UNREACHABLE,
    415: EndReason.NO_MEDIA,
    480: EndReason.UNREACHABLE,
    486: EndReason.BUSY,
    487: EndReason.NO_ANSWER,
    488: EndReason.NO_MEDIA,
    503: EndReason.UNREACHABLE,
    600: EndReason.BUSY,
    603: EndReason.DECLINED,
    604: EndReason.UNREACHABLE,
    606: EndReason.NO_MEDIA,
    607: EndReason.DECLINED,
    608: EndReason.DECLINED,
}

_BY_CAUSE: dict[EndCause, EndReason] = {
    "bye": EndReason.NORMAL,
    "timeout": EndReason.TIMEOUT,
    "ack_timeout": EndReason.TIMEOUT,
    "session_expired": EndReason.TIMEOUT,
    "flow_lost": EndReason.FLOW_LOST,
}

_ELSEWHERE = (("Reason", 'SIP;cause=200;text="Call completed elsewhere"'),)


TOLD_TO_PEOPLE = frozenset(
    {EndReason.BUSY, EndReason.DECLINED, EndReason.FORBIDDEN, EndReason.NOT_FOUND, EndReason.OVERLOAD}
)
"""Why a call between people failed, as far as the caller hears more than that nobody answered."""


def reason_of_status(status: int) -> EndReason:
    """Why a leg that answered its INVITE with this final status is gone."""
    return _BY_STATUS.get(status, EndReason.DECLINED if status >= 600 else EndReason.FAILED)


def reason_of_cause(cause: EndCause) -> EndReason:
    """Why an answered session is over."""
    return _BY_CAUSE[cause]


def cancel_reason(reason: EndReason) -> tuple[tuple[str, str], ...]:
    """The Reason header for a CANCEL or BYE: "elsewhere" is what keeps a missed call off a phone."""
    if reason in (EndReason.ANSWERED_ELSEWHERE, EndReason.DOOR_OPENED):
        return _ELSEWHERE
    return (("Reason", f'Q.850;cause={reason.cause};text="{reason.text}"'),)
