"""What the overview says about each site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dialplan.rows import SiteKind
from webadmin.models import Device, Door, Panel, Person, PlanRevision, Site

State = Literal["current", "coming", "away", "unpublished"]


@dataclass(frozen=True, slots=True)
class SiteCard:
    """One site at a glance. `running` None: the PBX is not reachable, or does not run this site."""

    name: str
    domain: str
    kind: SiteKind
    time_zone: str
    people: int
    panels: int
    doors: int
    published: int | None
    published_at: datetime | None
    running: int | None
    state: State


def site_cards(session: Session, running: Mapping[str, int] | None) -> list[SiteCard]:
    """Every site by name. `running`: revisions by domain, None when the PBX is not reachable."""
    people = _counts(session, select(Person.site_id, func.count()).group_by(Person.site_id))
    doors = _counts(session, select(Door.site_id, func.count()).group_by(Door.site_id))
    on_device = select(Device.site_id, func.count()).join(Panel, Panel.device_id == Device.id)
    panels = _counts(session, on_device.group_by(Device.site_id))
    newest = select(PlanRevision.site, func.max(PlanRevision.revision).label("revision"))
    newest_of_site = newest.group_by(PlanRevision.site).subquery()
    published = {
        site: (revision, at)
        for site, revision, at in session.execute(
            select(PlanRevision.site, PlanRevision.revision, PlanRevision.at).join(
                newest_of_site,
                (PlanRevision.site == newest_of_site.c.site)
                & (PlanRevision.revision == newest_of_site.c.revision),
            )
        )
    }
    cards = []
    for site in session.scalars(select(Site).order_by(Site.name, Site.domain)):
        revision, at = published.get(site.domain, (None, None))
        runs = running.get(site.domain) if running is not None else None
        cards.append(
            SiteCard(
                name=site.name,
                domain=site.domain,
                kind=site.kind,
                time_zone=site.time_zone,
                people=people.get(site.id, 0),
                panels=panels.get(site.id, 0),
                doors=doors.get(site.id, 0),
                published=revision,
                published_at=at,
                running=runs,
                state=_state(revision, runs, reachable=running is not None),
            )
        )
    return cards


def _counts(session: Session, query: Any) -> dict[int, int]:
    return {site: count for site, count in session.execute(query)}


def _state(published: int | None, running: int | None, *, reachable: bool) -> State:
    if published is None:
        return "unpublished"
    if not reachable:
        return "away"
    return "current" if running == published else "coming"
