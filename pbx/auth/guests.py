"""Lines of guests without an app: a pass's page gets a log-in for one browser, good for calling the host [S].

A line lives a few minutes in memory, under a name that tells nothing of its pass. It may do nothing but
invite: no registration, no message. It ends with its pass, and a call that goes on ends with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dialplan.guest import guest_plan
from dialplan.passes import Pass
from dialplan.plan import DialPlan
from pbx.auth.account import Credential, Credentials, Identity
from pbx.sip.digest import ha1

PREFIX = "guest+"
"""No id and no user name of a plan has a plus in it."""

LINE_SECONDS = 300.0
CALL_SECONDS = 600.0
"""So long a call may go on by a line that takes no new one: longer than ring and talk together."""

MOST = 3
WITHIN_SECONDS = 600.0
"""So many lines for one pass within so long."""

NAMES = {"nb": "Gjest", "nn": "Gjest", "no": "Gjest"}


def is_guest(device: str) -> bool:
    """Whether a device that has proved itself is a guest's browser."""
    return device.startswith(PREFIX)


@dataclass(frozen=True, slots=True)
class Line:
    """What a guest's browser logs in with; shown once."""

    username: str
    secret: str


@dataclass(frozen=True, slots=True)
class _Held:
    credential: Credential
    held: Pass
    until: float


class GuestLines:
    """One for all sites; a `Timed` for the driver, and where the authenticator finds log-ins.

    Args:
        credentials: those of devices.
        token: gives a random word.
    """

    def __init__(self, credentials: Credentials, token: Callable[[], str]) -> None:
        self._credentials, self._token = credentials, token
        self._lines: dict[tuple[str, str], _Held] = {}
        self._closed: dict[tuple[str, str], tuple[str, float]] = {}
        self._made: dict[tuple[str, str], deque[float]] = {}

    def find(self, site: str, username: str) -> Credential | None:
        """The log-in of a device or of a guest."""
        if not is_guest(username):
            return self._credentials.find(site, username)
        found = self._lines.get((site, username))
        return found.credential if found is not None else None

    def make(self, site: str, held: Pass, at: datetime, now: float) -> Line | None:
        """A line for the holder of a pass; None when the pass has no host or is not for now, or when there
        were too many. An earlier line of the same pass takes no new call any more.
        """
        if not held.host or not held.start <= at < held.end:
            return None
        made = self._made.setdefault((site, held.id), deque())
        while made and made[0] <= now - WITHIN_SECONDS:
            made.popleft()
        if len(made) >= MOST:
            return None
        made.append(now)
        for key in [key for key, line in self._lines.items() if key[0] == site and line.held.id == held.id]:
            self._close(key, now)
        username, secret = f"{PREFIX}{self._token()}", self._token() + self._token()
        credential = Credential(site, username, username, ha1(username, site, secret))
        self._lines[site, username] = _Held(credential, held, now + LINE_SECONDS)
        return Line(username, secret)

    def plan_of(self, identity: Identity, plan: DialPlan, at: datetime) -> DialPlan | None:
        """All that a guest's call may know of the site; None when the line or its pass is over."""
        line = self._lines.get((identity.site, identity.username))
        if line is None or at >= line.held.end:
            return None
        name = NAMES.get(plan.directory.site.language.partition("-")[0], "Guest")
        return guest_plan(plan, line.held.host, identity.device, name, at)

    def take(self, passes: Mapping[str, Sequence[Pass]]) -> Collection[tuple[str, str]]:
        """All passes there are now; site and device of lines whose pass is gone, and which end with it."""
        known = {(site, held.id) for site, given in passes.items() for held in given}
        held = {key: line.held.id for key, line in self._lines.items()}
        held |= {key: id for key, (id, _) in self._closed.items()}
        gone = [key for key, id in held.items() if (key[0], id) not in known]
        for key in gone:
            self._lines.pop(key, None)
            self._closed.pop(key, None)
        for pass_key in self._made.keys() - known:
            del self._made[pass_key]
        return gone

    def next_deadline(self) -> float | None:
        """When the first line is over, or its last call."""
        ends = [line.until for line in self._lines.values()]
        return min([*ends, *(until for _, until in self._closed.values())], default=None)

    def handle_timeout(self, now: float) -> None:
        """Lines that are over take no new call."""
        for key in [key for key, (_, until) in self._closed.items() if until <= now]:
            del self._closed[key]
        for key in [key for key, line in self._lines.items() if line.until <= now]:
            self._close(key, now)

    def stats(self) -> dict[str, int]:
        """For metrics."""
        return {"lines": len(self._lines)}

    def _close(self, key: tuple[str, str], now: float) -> None:
        """No new call; one that goes on still ends with the pass."""
        self._closed[key] = (self._lines.pop(key).held.id, now + CALL_SECONDS)
