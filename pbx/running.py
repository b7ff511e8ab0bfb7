"""Which plan each site runs now: one reference per site, swapped when a new revision arrives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dialplan.plan import DialPlan
from dialplan.rows import SiteKind


class RunningPlans(Mapping[str, DialPlan]):
    """The plans that run, by site; it also answers what authentication asks of the directory."""

    def __init__(self) -> None:
        self._plans: dict[str, DialPlan] = {}
        self.kinds: dict[str, SiteKind] = {}
        """The type of privacy of each site."""

    def __getitem__(self, site: str) -> DialPlan:
        return self._plans[site]

    def __iter__(self) -> Iterator[str]:
        return iter(self._plans)

    def __len__(self) -> int:
        return len(self._plans)

    def run(self, plan: DialPlan) -> None:
        """From now on new calls of the site follow this plan."""
        self._plans[plan.site] = plan
        self.kinds[plan.site] = plan.kind

    def forget(self, site: str) -> None:
        """The site is gone."""
        self._plans.pop(site, None)
        self.kinds.pop(site, None)

    def may_use(self, site: str, device: str, user: str) -> bool:
        """Whether `sip:user@site` is an address or short number of the device or of its owner."""
        plan = self._plans.get(site)
        target = plan.at_address(user) if plan is not None else None
        if plan is None or target is None:
            return False
        if target.kind == "device":
            return target.id == device
        owner = plan.person_of(device)
        return target.kind == "person" and owner is not None and owner.id == target.id
