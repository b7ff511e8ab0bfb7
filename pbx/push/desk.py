"""Decides what is pushed to whom and when: a ring, again until the device is there, then its end [S].

A ring is sent at once and repeated every ten seconds for as long as it lasts, unless the device has rung by
itself meanwhile. When it is over the device gets one silent "ended" in its place. A subscription that its
push service calls gone is not used again; a device that cannot be reached so is told to the call.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from pbx.push.subscription import Subscription

REPEAT_SECONDS = 10.0
RETRY_SECONDS = 2.0
TRIES = 2
"""Failures in a row before a device counts as unreachable."""

ENDED_SECONDS = 60
"""How long a push service keeps an "ended" for a phone without network."""

Outcome = Literal["accepted", "gone", "failed"]
Stage = Literal["pushed", "accepted", "gone", "failed"]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody rings for a device: what its notification says. `picture`: a path of the HTTP side, or ""."""

    site: str
    device: str
    call: str
    shown: str
    label: str
    picture: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Letter:
    """One push to send: JSON `body`, kept by the service for `ttl` seconds, in place of an older one of its
    `topic`."""

    notice: Notice
    kind: Literal["ring", "ended"]
    subscription: Subscription
    body: bytes
    ttl: int
    topic: str


@dataclass(slots=True)
class _Ring:
    notice: Notice
    until: float
    next_at: float
    count: int = 0
    failures: int = 0
    accepted: bool = False
    up: bool = False
    sent: Subscription | None = field(default=None)


def nobody(site: str, device: str) -> Subscription | None:
    """Nobody can be woken."""
    return None


class PushDesk:
    """Every ring that wakes somebody; a `Timed` for the driver.

    Args:
        find: a device's subscription, None without one that may be used.
        post: sends a letter, later; `sent` is to follow.
    """

    def __init__(
        self,
        find: Callable[[str, str], Subscription | None] = nobody,
        post: Callable[[Letter], None] = lambda letter: None,
    ) -> None:
        self.find, self.post = find, post
        self.on_unreachable: Callable[[str, str, float], None] = lambda call, device, now: None
        self.on_stage: Callable[[Notice, Stage, float], None] = lambda notice, stage, now: None
        self._rings: dict[Key, _Ring] = {}
        self._waited: Counter[Key] = Counter()
        self._gone: dict[Key, Subscription] = {}
        self.pushed = self.accepted = self.failed = 0

    def can_wake(self, site: str, device: str) -> bool:
        """Whether there is a way to this device that has not failed."""
        return self._usable(site, device) is not None

    def ring(self, notice: Notice, now: float) -> None:
        """Wake the device; repeated until `notice.seconds` are over or the ring is."""
        ring = _Ring(notice, now + notice.seconds, now)
        self._drop((notice.call, notice.device))
        self._rings[notice.call, notice.device] = ring
        self._waited[notice.site, notice.device] += 1
        self._send(ring, now)

    def up(self, call: str, device: str) -> None:
        """It rings by itself now: nothing more is needed but the end."""
        ring = self._rings.get((call, device))
        if ring is not None:
            ring.up = True

    def waits_for(self, site: str, device: str) -> bool:
        """Whether this device is being woken for a ring that goes on."""
        return (site, device) in self._waited

    def ended(self, call: str, device: str, now: float) -> None:
        """Nobody rings there any more."""
        ring = self._drop((call, device))
        if ring is None or ring.sent is None:
            return
        self._post(ring, "ended", ring.sent, ENDED_SECONDS)

    def sent(self, letter: Letter, outcome: Outcome, now: float) -> None:
        """What became of a letter."""
        notice = letter.notice
        if outcome == "gone":
            self._gone[notice.site, notice.device] = letter.subscription
        if letter.kind == "ended":
            return
        self.accepted += outcome == "accepted"
        self.failed += outcome != "accepted"
        self.on_stage(notice, outcome, now)
        ring = self._rings.get((notice.call, notice.device))
        if ring is None:
            return
        if outcome == "accepted":
            ring.accepted, ring.failures = True, 0
            return
        ring.failures += 1
        if outcome == "gone" or (ring.failures >= TRIES and not ring.accepted):
            self._drop((notice.call, notice.device))
            if not ring.up:
                self.on_unreachable(notice.call, notice.device, now)
        else:
            ring.next_at = now + RETRY_SECONDS

    def next_deadline(self) -> float | None:
        """When something is to be repeated."""
        return min((ring.next_at for ring in self._rings.values() if not ring.up), default=None)

    def handle_timeout(self, now: float) -> None:
        """Repeat what is due."""
        for ring in list(self._rings.values()):
            if not ring.up and now >= ring.next_at:
                if now >= ring.until:
                    ring.up = True  # the call tells the end
                else:
                    self._send(ring, now)

    def stats(self) -> dict[str, float]:
        """For metrics and leak tests."""
        counts = {"pushed": self.pushed, "accepted": self.accepted, "failed": self.failed}
        return {"rings": len(self._rings), **counts}

    def _drop(self, key: Key) -> _Ring | None:
        ring = self._rings.pop(key, None)
        if ring is not None:
            place = ring.notice.site, ring.notice.device
            self._waited[place] -= 1
            if not self._waited[place]:
                del self._waited[place]
        return ring

    def _usable(self, site: str, device: str) -> Subscription | None:
        found = self.find(site, device)
        return None if found is None or self._gone.get((site, device)) == found else found

    def _send(self, ring: _Ring, now: float) -> None:
        notice = ring.notice
        found = self._usable(notice.site, notice.device)
        ring.next_at = now + REPEAT_SECONDS
        if found is None:
            return
        ring.count += 1
        ring.sent = found
        self.pushed += 1
        self.on_stage(notice, "pushed", now)
        self._post(ring, "ring", found, max(1, int(ring.until - now)))

    def _post(self, ring: _Ring, kind: Literal["ring", "ended"], to: Subscription, ttl: int) -> None:
        notice = ring.notice
        content: dict[str, object] = {
            "type": kind,
            "call": notice.call,
            "site": notice.site,
            "device": notice.device,
        }
        if kind == "ring":
            content |= {"from": notice.shown, "label": notice.label, "picture": notice.picture or None}
            content |= {"seconds": ttl, "count": ring.count}
        body = json.dumps(content, ensure_ascii=False).encode()
        self.post(Letter(notice, kind, to, body, ttl, topic_of(notice.call)))


def topic_of(call: str) -> str:
    """A topic (RFC 8030 section 5.4): at most 32 characters of base64url."""
    return "".join(letter for letter in call if letter.isascii() and (letter.isalnum() or letter in "-_"))[
        :32
    ]
