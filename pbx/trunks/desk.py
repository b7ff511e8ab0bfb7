"""All trunks of the node: which there are, how they are, and what may go by them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from dialplan.plan import DialPlan
from dialplan.rows import TelephonyRow
from pbx.facts import AlarmCleared, AlarmRaised, Fact, TrunkChanged
from pbx.sip.flow import Flow
from pbx.trunks.guard import Denied, Guard
from pbx.trunks.line import LineState
from pbx.trunks.link import Ground, Link
from pbx.trunks.numbers import is_emergency, written
from pbx.trunks.passage import Passage
from pbx.trunks.trunk import Trunk, TrunkShown

if TYPE_CHECKING:
    from pbx.sip.session import Session

log = logging.getLogger("doorline.trunks")

AWAY_SECONDS = 60.0
"""A carrier may be gone for so long before anybody is told."""


class TrunkDesk:
    """The trunks, the guard before them, and a `Timed` of the driver.

    Args:
        publish: gets TrunkChanged and the alarms.
    """

    def __init__(self, ground: Ground, guard: Guard, publish: Callable[[Fact], None]) -> None:
        self.guard = guard
        self._ground = ground
        self._publish = publish
        self._links: dict[str, Link] = {}
        self._away: dict[str, float] = {}
        self._alarmed: set[str] = set()
        self.strangers = 0

    # Which there are.

    def configure(self, trunks: Sequence[Trunk], now: float) -> None:
        """From now on these, in this order; those that did not change go on undisturbed."""
        wanted = {trunk.ref: trunk for trunk in trunks}
        for ref, link in list(self._links.items()):
            if wanted.get(ref) != link.trunk:
                link.close(now)
                del self._links[ref]
                self._forget(link)
        kept, self._links = self._links, {}
        fresh = []
        for ref, trunk in wanted.items():
            self._links[ref] = kept.get(ref) or Link(trunk, self._ground, self._link_changed)
            if ref not in kept:
                fresh.append(self._links[ref])
        for link in fresh:
            self._away[link.trunk.ref] = now + AWAY_SECONDS
            link.start(now)

    def take(self, trunks: Sequence[Trunk]) -> None:
        """The same now, outside any event."""
        self.configure(trunks, self._ground.driver.clock())
        self._ground.driver.touch()

    def close(self, now: float) -> None:
        """Leave all carriers."""
        self.configure((), now)

    def shown(self) -> list[TrunkShown]:
        """Every trunk, in order."""
        return [
            TrunkShown(
                link.trunk.ref,
                link.trunk.name,
                link.trunk.kind,
                link.trunk.host,
                link.trunk.username,
                state_of(link),
                link.line.cause,
                link.calls,
            )
            for link in self._links.values()
        ]

    def link(self, ref: str) -> Link:
        """The trunk of that ref. Raises KeyError."""
        return self._links[ref]

    def link_of(self, flow: Flow) -> Link | None:
        """The trunk whose listener or connection a flow came by, trusted or not; None for all other flows."""
        if isinstance(flow.identity, Link):
            return flow.identity
        own = [link for link in self._links.values() if link.owns(flow)]
        return next((link for link in own if link.trusts(flow)), own[0] if own else None)

    def lost(self, flow: Flow, now: float) -> None:
        """A connection is gone."""
        for link in list(self._links.values()):
            link.lost(flow, now)

    # What may go by them.

    def passage(
        self, plan: DialPlan, who: str, dialled: str, building: str, now: float
    ) -> Passage | Denied:
        """The way of a call to a telephone, or why there is none. Emergency numbers pass by the guard."""
        row = plan.telephony
        if is_emergency(dialled):
            if row is None or not row.emergency:
                return Denied("number")
            shown = shown_number(row, building)
            return Passage(plan.site, who, dialled, None, row, 0, shown, iter(self._emergency(row)))
        allowed = self.guard.ask(plan.site, row, who, dialled, now)
        if isinstance(allowed, Denied) or row is None:
            return allowed if isinstance(allowed, Denied) else Denied("off")
        links = self._in_order(row.trunks or tuple(self._links))
        number, shown = allowed.number, shown_number(row, building)
        return Passage(plan.site, who, number.e164, number, row, allowed.price, shown, links)

    def invite(
        self,
        passage: Passage,
        link: Link,
        flow: Flow,
        body: bytes,
        context: object,
        expires: int,
        now: float,
    ) -> Session:
        """Call by one trunk."""
        trunk = link.trunk
        shown = passage.shown or trunk.caller_id
        address = written(shown, trunk.number_format) if shown else trunk.username or "anonymous"
        from_ = f"<sip:{address}@{trunk.from_domain}>"
        said = "P-Preferred-Identity" if trunk.kind == "registering" else "P-Asserted-Identity"
        target = f"sip:{written(passage.dialled, trunk.number_format)}@{trunk.uri_host}"
        return self._ground.engine.invite(
            target=target,
            from_=from_,
            to=f"<{target}>",
            contact=None,
            flow=flow,
            body=body,
            context=context,
            headers=((said, from_),) if shown else (),
            expires=expires,
            now=now,
            answer_challenge=link.proof.answer,
        )

    # Time.

    def next_deadline(self) -> float | None:
        """The earliest moment at which a trunk or the guard has something to do."""
        moments = [link.next_deadline() for link in self._links.values()]
        moments += [self.guard.next_deadline(), *self._away.values()]
        return min((moment for moment in moments if moment is not None), default=None)

    def handle_timeout(self, now: float) -> None:
        """Do what is due."""
        for link in list(self._links.values()):
            link.handle_timeout(now)
        self.guard.handle_timeout(now)
        for ref, due in list(self._away.items()):
            if due <= now:
                del self._away[ref]
                self._alarmed.add(ref)
                cause = self._links[ref].line.cause or "no answer"
                self._publish(AlarmRaised(None, "trunk_away", ref, cause))

    def stats(self) -> dict[str, int]:
        """Counts for metrics."""
        up = sum(link.line.up for link in self._links.values())
        counts = {"configured": len(self._links), "up": up, "strangers": self.strangers}
        return {**counts, **self.guard.stats()}

    # Inside.

    def _in_order(self, refs: Iterable[str]) -> Iterator[Link]:
        """Those that are up first; then, as nothing is lost by it, the others."""
        links = [self._links[ref] for ref in refs if ref in self._links]
        return iter(sorted(links, key=lambda link: not link.line.up))

    def _emergency(self, row: TelephonyRow) -> list[Link]:
        """The named trunk, then every other: somebody needs help."""
        refs = (row.emergency, *(ref for ref in self._links if ref != row.emergency))
        return [self._links[ref] for ref in refs if ref in self._links]

    def _link_changed(self, link: Link, now: float) -> None:
        trunk = link.trunk
        if link.line.up:
            self._away.pop(trunk.ref, None)
            if trunk.ref in self._alarmed:
                self._alarmed.discard(trunk.ref)
                self._publish(AlarmCleared(None, "trunk_away", trunk.ref, "it answers again"))
        elif trunk.ref not in self._alarmed:
            self._away.setdefault(trunk.ref, now + AWAY_SECONDS)
        if link.line.state is not LineState.ASKING:
            log.info("trunk %s: %s %s", trunk.ref, state_of(link), link.line.cause)
            self._publish(
                TrunkChanged(
                    trunk.ref, trunk.kind, trunk.host, trunk.username, state_of(link), link.line.cause
                )
            )

    def _forget(self, link: Link) -> None:
        ref = link.trunk.ref
        self._away.pop(ref, None)
        if ref in self._alarmed:
            self._alarmed.discard(ref)
            self._publish(AlarmCleared(None, "trunk_away", ref, "it was taken away"))


def state_of(link: Link) -> str:
    """How a trunk is, in Asterisk's words: those of registrations, or of contacts."""
    state = link.line.state
    if link.trunk.kind == "peered":
        return "Reachable" if link.line.up else "Unreachable"
    return LineState.AWAY.value if state is LineState.ASKING else state.value


def shown_number(row: TelephonyRow, building: str) -> str:
    """The number that calls from a building show; "" for the trunk's own."""
    own = next((each.number for each in row.caller_ids if each.building == building), "")
    return own or row.caller_id
