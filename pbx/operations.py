"""What operators may ask, answered from memory: the implementation of `pbx.control.Control`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from dialplan.directory import Device
from dialplan.plan import DialPlan
from pbx.control import Contact, Endpoint, Orders, Reloaded, SiteKind
from pbx.running import RunningPlans
from pbx.trunks.trunk import TrunkShown

if TYPE_CHECKING:
    from pbx.calls.switchboard import Switchboard
    from pbx.registrar.binding import Binding
    from pbx.registrar.location import Location


class Operations:
    """Answers of the running PBX.

    Args:
        read_plans: looks for new plans and credentials and returns when that is done.
        settled: run after each order that changed something (it drains the driver).
        counters: everything that has counters, by the prefix of its names.
        orders: what carries out all other orders.
    """

    def __init__(
        self,
        *,
        plans: RunningPlans,
        location: Location,
        switchboard: Switchboard,
        clock: Callable[[], float],
        read_plans: Callable[[], Awaitable[None]],
        settled: Callable[[], None],
        counters: Mapping[str, Callable[[], Mapping[str, float]]],
        orders: Orders,
    ) -> None:
        self.orders = orders
        self._plans = plans
        self._location = location
        self._switchboard = switchboard
        self._clock = clock
        self._read_plans = read_plans
        self._settled = settled
        self._counters = counters

    def sites(self) -> Mapping[str, SiteKind]:
        """Every site that runs, with its type of privacy."""
        return self._plans.kinds

    def endpoint(self, site: str, device: str) -> Endpoint | None:
        """One device with its contacts of this moment."""
        plan = self._plans.get(site)
        found = plan.device(device) if plan is not None else None
        return self._endpoint(plan, found) if plan is not None and found is not None else None

    def endpoints(self, site: str) -> Sequence[Endpoint]:
        """Every device of the site."""
        plan = self._plans.get(site)
        return [self._endpoint(plan, device) for device in plan.directory.devices] if plan is not None else []

    def hang_up(self, call: str, leg: str) -> bool:
        """End a leg; the caller's or the answered one ends the call."""
        done = self._switchboard.hang_up_leg(call, leg, self._clock())
        self._settled()
        return done

    def dialogs(self, call: str) -> Sequence[str]:
        """SIP Call-IDs of a call's legs."""
        return self._switchboard.dialogs(call)

    def trunks(self) -> Sequence[TrunkShown]:
        """Every trunk, in order."""
        desk = self._switchboard.around.trunks
        return desk.shown() if desk is not None else ()

    async def reload(self, sites: frozenset[str] | None) -> Sequence[Reloaded]:
        """Read plans and credentials now."""
        await self._read_plans()
        wanted = self._plans if sites is None else sites
        return [
            Reloaded(site, self._plans[site].revision)
            if site in self._plans
            else Reloaded(site, 0, "no plan of this site is running")
            for site in sorted(wanted)
        ]

    def stats(self) -> Mapping[str, float]:
        """Counters and gauges of every room."""
        found: dict[str, float] = {"sites": len(self._plans)}
        for prefix, counters in self._counters.items():
            found.update({f"{prefix}_{name}": value for name, value in counters().items()})
        return found

    def _endpoint(self, plan: DialPlan, device: Device) -> Endpoint:
        now = self._clock()
        contacts = tuple(contact(binding, now) for binding in self._location.find(plan.site, device.id))
        person = plan.person_of(device.id)
        number = device.number or (person.number if person is not None else "")
        name = device.name or (person.shown_name if person is not None else device.username)
        return Endpoint(plan.site, device.id, device.username, number, name, device.kind, contacts)


def contact(binding: Binding, now: float) -> Contact:
    """A binding as operators see it."""
    host, port = binding.flow.remote
    return Contact(
        binding.contact,
        f"{host}:{port}",
        binding.flow.transport,
        binding.user_agent,
        max(0, round(binding.expires_at - now)),
    )
