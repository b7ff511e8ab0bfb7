"""Civil time at a door [S]: learned from the Date header (RFC 3261 20.17) of the PBX's answer to our
REGISTER.

An order is valid for ten seconds of the PBX's clock, and a Raspberry Pi wakes up in 1970 or wherever it was
switched off. So the agent does not ask whether its own clock is right, but whether it agrees with the clock
that signs:

* until the first Date of an authenticated registration the time is *untrusted* and orders are refused;
* a Date within two seconds of our own clock confirms it (a Date has a resolution of one second, ours is
finer);
* any other Date sets an offset, forwards or backwards: the signer's clock wins, right or wrong;
* between two Dates time advances with the monotonic clock, so a jump of the machine's own clock changes
nothing.

Over TLS the Date is as trustworthy as the server's certificate. Over UDP or TCP an attacker on the wire
could forge it and turn time back; a replayed order still fails by its `jti` and its `run` (see `order`), and
one held back opens only the door a resident wanted open. Where that matters, use TLS.
"""

from __future__ import annotations

from pbx.sip.errors import PeerError
from pbx.sip.fields import parse_date

TOLERANCE = 2.0


class CivilClock:
    """Turns monotonic `now` into civil seconds since 1970 once the PBX has confirmed or corrected our own
    clock."""

    def __init__(self, own: float, now: float) -> None:
        """`own` is what the machine's clock says at `now`."""
        self._offset = own - now
        self.trusted = False

    def civil(self, now: float) -> float | None:
        """Seconds since 1970, or None while the time cannot be trusted."""
        return now + self._offset if self.trusted else None

    def learn(self, date: str, now: float) -> float | None:
        """Take the Date header of an authenticated answer; returns the step in seconds, None when it is no
        date."""
        try:
            moment = parse_date(date)
        except PeerError:
            return None
        # A Date names the second that has begun: on average half of it is gone.
        drift = moment.timestamp() + 0.5 - (now + self._offset)
        self.trusted = True
        if abs(drift) <= TOLERANCE:
            return 0.0
        self._offset += drift
        return drift
