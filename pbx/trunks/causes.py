"""From Q.850 causes and SIP statuses to why a carrier's leg ended: one table (RFC 3398, RFC 3326) [S]."""

from __future__ import annotations

import re

from pbx.facts import EndReason
from pbx.sip.message import Response

_CAUSE = re.compile(r"Q\.850\s*;[^,]*?cause\s*=\s*(\d{1,3})", re.IGNORECASE)

BY_CAUSE = {
    1: EndReason.NOT_FOUND,
    2: EndReason.NOT_FOUND,
    3: EndReason.NOT_FOUND,
    17: EndReason.BUSY,
    18: EndReason.NO_ANSWER,
    19: EndReason.NO_ANSWER,
    20: EndReason.UNREACHABLE,
    21: EndReason.DECLINED,
    22: EndReason.NOT_FOUND,
    26: EndReason.ANSWERED_ELSEWHERE,
    27: EndReason.UNREACHABLE,
    28: EndReason.NOT_FOUND,
    31: EndReason.FAILED,
    34: EndReason.OVERLOAD,
    38: EndReason.OVERLOAD,
    41: EndReason.OVERLOAD,
    42: EndReason.OVERLOAD,
    44: EndReason.OVERLOAD,
    55: EndReason.FORBIDDEN,
    57: EndReason.FORBIDDEN,
    58: EndReason.OVERLOAD,
    65: EndReason.NO_MEDIA,
    79: EndReason.NO_MEDIA,
    88: EndReason.NO_MEDIA,
    102: EndReason.TIMEOUT,
    111: EndReason.FAILED,
    127: EndReason.FAILED,
}

BY_STATUS = {
    401: EndReason.FORBIDDEN,
    402: EndReason.FORBIDDEN,
    403: EndReason.FORBIDDEN,
    404: EndReason.NOT_FOUND,
    407: EndReason.FORBIDDEN,
    408: EndReason.UNREACHABLE,
    410: EndReason.NOT_FOUND,
    415: EndReason.NO_MEDIA,
    480: EndReason.UNREACHABLE,
    484: EndReason.NOT_FOUND,
    486: EndReason.BUSY,
    487: EndReason.NO_ANSWER,
    488: EndReason.NO_MEDIA,
    503: EndReason.OVERLOAD,
    600: EndReason.BUSY,
    603: EndReason.DECLINED,
    604: EndReason.NOT_FOUND,
    606: EndReason.NO_MEDIA,
    607: EndReason.DECLINED,
    608: EndReason.DECLINED,
}

NEXT_TRUNK = frozenset({408, 500, 502, 503, 504})
"""The carrier, not the called one, says no: another one may say yes. A 3xx is no reason to call anybody."""


def reason_of(status: int, response: Response | None) -> EndReason:
    """Why a carrier's leg that ended with this final status is gone; a Q.850 cause in Reason says it best."""
    cause = cause_in(response)
    if cause is not None and cause in BY_CAUSE:
        return BY_CAUSE[cause]
    return BY_STATUS.get(status, EndReason.DECLINED if status >= 600 else EndReason.FAILED)


def cause_in(response: Response | None) -> int | None:
    """The Q.850 cause in the Reason header, if there is one."""
    for line in response.headers.all("Reason") if response is not None else ():
        if found := _CAUSE.search(line[:512]):
            return int(found[1])
    return None
