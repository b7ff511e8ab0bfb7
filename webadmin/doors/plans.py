"""The newest published plan of a site, read back from its document."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import select

from dialplan.document import loads
from dialplan.plan import DialPlan
from webadmin.auth.reach import lifted
from webadmin.db import db
from webadmin.models import PlanRevision, Site


def newest_plan(site: Site) -> DialPlan | None:
    """The plan, None where nothing is published; kept in memory as long as it is the newest."""
    with lifted():
        query = select(PlanRevision.digest).where(PlanRevision.site == site.domain)
        digest = db.session.scalar(query.order_by(PlanRevision.revision.desc()).limit(1))
        return _load(site.domain, digest) if digest is not None else None


@lru_cache(maxsize=16)
def _load(domain: str, digest: str) -> DialPlan:
    where = (PlanRevision.site == domain, PlanRevision.digest == digest)
    document = db.session.scalars(
        select(PlanRevision.document).where(*where).order_by(PlanRevision.revision.desc()).limit(1)
    ).one()
    return loads(document)
