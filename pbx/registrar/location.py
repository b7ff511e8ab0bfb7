"""All bindings of all sites in memory: found by device, dropped by flow, expired by the driver's timer."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable

from pbx.facts import Registered, Unregistered
from pbx.sip.flow import Address, Flow

from .binding import Binding, Change, Held, Offer, RemovedBinding, StoredBinding, restored, stored

_BUCKET_SECONDS = 2.0


class Location:
    """Which device is where.

    A device keeps at most `limit` bindings; one more takes the place of the one that was refreshed longest
    ago: nobody but the device itself can cause that, and a phone that comes back under a new address must
    get in.

    Args:
        limit: bindings a device.
        report: gets an `Unregistered` for each binding that expires.
        save: gets the changes of UDP bindings, gathered for `save_seconds`; the others are worthless after
        a restart.
    """

    def __init__(
        self,
        *,
        limit: int = 5,
        report: Callable[[Unregistered], None] | None = None,
        save: Callable[[list[Change]], None] | None = None,
        save_seconds: float = 0.1,
    ) -> None:
        self.limit = limit
        self._report = report
        self._save = save
        self._save_seconds = save_seconds
        self._save_at: float | None = None
        self._sites: dict[str, dict[str, tuple[Binding, ...]]] = {}
        self._by_flow: dict[Flow, tuple[Binding, ...]] = {}
        self._due: dict[int, list[Binding]] = {}
        self._order: list[int] = []
        self._dirty: dict[Binding, None] = {}
        self._forgotten: list[RemovedBinding] = []
        self._count = 0

    def find(self, site: str, device: str) -> tuple[Binding, ...]:
        """The device's bindings, oldest first; empty when it is not registered."""
        devices = self._sites.get(site)
        return devices.get(device, ()) if devices else ()

    def commit(
        self, held: Held, gone: Iterable[Binding], kept: Iterable[tuple[Binding | None, Offer]], now: float
    ) -> list[Registered | Unregistered]:
        """Carry out a whole REGISTER that has been found right; nothing here can fail half-way.

        `gone` are taken away; each pair in `kept` renews a binding or, with None, makes one.
        """
        facts: list[Registered | Unregistered] = [self._remove(each, "removed", now) for each in gone]
        renewed: list[Binding] = []
        for known, offer in kept:
            binding = known
            moved = known is None or known.flow is not held.flow
            if binding is None:
                binding = Binding(held.site, held.device, offer, held.flow)
                self._add(binding)
            elif moved:
                self._move(binding, held.flow)
            self._renew(binding, held, offer, now)
            renewed.append(binding)
            facts.append(registered(binding, offer.seconds, moved))
        if len(self.find(held.site, held.device)) > 1:
            facts += self._supersede(renewed, now)
        return facts

    def drop_flow(self, flow: Flow, now: float) -> list[Unregistered]:
        """The connection is gone, and with it every binding that used it."""
        return [self._remove(binding, "flow_lost", now) for binding in self._by_flow.get(flow, ())]

    def drop_device(self, site: str, device: str, now: float, cause: str = "revoked") -> list[Unregistered]:
        """Take away every binding of a device."""
        return [self._remove(binding, cause, now) for binding in self.find(site, device)]

    def expire(self, now: float) -> list[Unregistered]:
        """Take away what has run out; at most two seconds late."""
        facts: list[Unregistered] = []
        while self._order and self._order[0] * _BUCKET_SECONDS <= now:
            bucket = heapq.heappop(self._order)
            for binding in self._due.pop(bucket):
                if not binding.alive or binding.due != bucket:
                    continue
                if binding.expires_at <= now:
                    facts.append(self._remove(binding, "expired", now))
                else:
                    self._schedule(binding)
        return facts

    def next_deadline(self) -> float | None:
        """When `handle_timeout` wants to be called (`pbx.transport.driver.Timed`)."""
        deadline = self._order[0] * _BUCKET_SECONDS if self._order else None
        if self._save_at is not None and (deadline is None or self._save_at < deadline):
            return self._save_at
        return deadline

    def handle_timeout(self, now: float) -> None:
        """Report what has expired, save what has changed."""
        for fact in self.expire(now):
            if self._report is not None:
                self._report(fact)
        if self._save is not None and self._save_at is not None and self._save_at <= now:
            self._save(self.changes(now))

    def changes(self, now: float) -> list[Change]:
        """What the store has to learn since the last call: the newest state of each UDP binding, once."""
        self._save_at = None
        changes: list[Change] = [*self._forgotten]
        self._forgotten = []
        for binding in self._dirty:
            if binding.alive and not binding.flow.reliable:
                changes.append(stored(binding, now))
                binding.stored = True
            elif binding.stored:
                changes.append(RemovedBinding(binding.site, binding.device, binding.key))
                binding.stored = False
        self._dirty = {}
        return changes

    def snapshot(self, now: float) -> list[StoredBinding]:
        """Every UDP binding as the store keeps it."""
        every = (each for site in self._sites.values() for several in site.values() for each in several)
        return [stored(binding, now) for binding in every if not binding.flow.reliable]

    def restore(
        self, values: Iterable[StoredBinding], flow_of: Callable[[Address, Address], Flow | None], now: float
    ) -> int:
        """Take stored bindings back at a start, before any REGISTER; the number taken.

        `flow_of(local, remote)` finds the UDP flow, or None where there is no such listener any more.
        """
        taken = 0
        for value in values:
            if value.seconds <= 0 or len(self.find(value.site, value.device)) >= self.limit:
                continue
            flow = flow_of(value.local, value.remote)
            if flow is not None:
                binding = restored(value, flow, now)
                self._add(binding)
                self._schedule(binding)
                taken += 1
        return taken

    def stats(self) -> dict[str, int]:
        """Sizes of the tables, for metrics and leak tests."""
        return {
            "bindings": self._count,
            "flows": len(self._by_flow),
            "unsaved": len(self._dirty) + len(self._forgotten),
        }

    def __len__(self) -> int:
        return self._count

    def _add(self, binding: Binding) -> None:
        devices = self._sites.setdefault(binding.site, {})
        devices[binding.device] = (*devices.get(binding.device, ()), binding)
        self._count += 1
        if binding.flow.reliable:
            self._by_flow[binding.flow] = (*self._by_flow.get(binding.flow, ()), binding)

    def _remove(self, binding: Binding, cause: str, now: float) -> Unregistered:
        binding.alive = False
        self._count -= 1
        devices = self._sites[binding.site]
        left = tuple(each for each in devices[binding.device] if each is not binding)
        if left:
            devices[binding.device] = left
        else:
            del devices[binding.device]
            if not devices:
                del self._sites[binding.site]
        self._leave_flow(binding)
        if binding.stored:
            self._forgotten.append(RemovedBinding(binding.site, binding.device, binding.key))
            binding.stored = False
            self._wait_to_save(now)
        self._dirty.pop(binding, None)
        return Unregistered(binding.site, binding.device, binding.contact, cause)

    def _move(self, binding: Binding, flow: Flow) -> None:
        self._leave_flow(binding)
        binding.flow = flow
        if flow.reliable:
            self._by_flow[flow] = (*self._by_flow.get(flow, ()), binding)

    def _leave_flow(self, binding: Binding) -> None:
        held = self._by_flow.get(binding.flow)
        if held is None:
            return
        left = tuple(each for each in held if each is not binding)
        if left:
            self._by_flow[binding.flow] = left
        else:
            del self._by_flow[binding.flow]

    def _renew(self, binding: Binding, held: Held, offer: Offer, now: float) -> None:
        if binding.contact != offer.contact:
            if binding.stored and binding.reg_id is None:
                self._forgotten.append(RemovedBinding(binding.site, binding.device, binding.key))
            binding.contact = offer.contact
        binding.q = offer.q
        binding.aor = held.aor
        binding.call_id = held.call_id
        binding.cseq = held.cseq
        binding.path = held.path
        binding.user_agent = held.user_agent
        binding.seen = held.seen
        self.extend(binding, offer.seconds, now)

    def extend(self, binding: Binding, seconds: int, now: float) -> None:
        """Give a binding `seconds` more from `now`."""
        binding.refreshed_at = now
        binding.expires_at = now + seconds
        if not binding.due or int(binding.expires_at / _BUCKET_SECONDS) + 1 < binding.due:
            self._schedule(binding)
        if binding.stored or not binding.flow.reliable:
            self._dirty[binding] = None
            self._wait_to_save(now)

    def _schedule(self, binding: Binding) -> None:
        """Put it into the bucket of its expiry; a later expiry finds it there and puts it on."""
        bucket = int(binding.expires_at / _BUCKET_SECONDS) + 1
        binding.due = bucket
        held = self._due.get(bucket)
        if held is None:
            self._due[bucket] = [binding]
            heapq.heappush(self._order, bucket)
        else:
            held.append(binding)

    def _supersede(self, renewed: list[Binding], now: float) -> list[Unregistered]:
        """Take away what the same phone left behind, then what is beyond the limit, least recently renewed
        first."""
        if not renewed:
            return []
        newest = renewed[0]
        others = [each for each in self.find(newest.site, newest.device) if each not in renewed]
        gone = [each for each in others if any(_replaces(new, each) for new in renewed)]
        left = sorted((each for each in others if each not in gone), key=lambda each: each.refreshed_at)
        beyond = len(left) + len(renewed) - self.limit
        if beyond > 0:
            gone += left[:beyond]
        return [self._remove(binding, "replaced", now) for binding in gone]

    def _wait_to_save(self, now: float) -> None:
        if self._save_at is None and self._save is not None:
            self._save_at = now + self._save_seconds


def registered(binding: Binding, seconds: int, fresh: bool) -> Registered:
    """The fact that a binding was made or renewed."""
    flow = binding.flow
    host, port = flow.remote
    source = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return Registered(
        binding.site,
        binding.device,
        binding.contact,
        flow.transport,
        source,
        binding.user_agent,
        seconds,
        fresh,
    )


def _replaces(new: Binding, old: Binding) -> bool:
    """Whether `new` is the same phone as `old`, started again: it would ring twice, or once into the void.

    The same socket, or the same instance outside outbound (which tells parallel flows apart by reg-id),
    under another Call-ID: a phone keeps its Call-ID for as long as it runs (RFC 3261 section 10.2.4).
    """
    if new.call_id == old.call_id:
        return False
    if new.flow is old.flow:
        return True
    return bool(new.instance) and new.instance == old.instance and new.reg_id is None and old.reg_id is None
