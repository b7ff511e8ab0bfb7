"""Compiles a site's tables and adds a revision when the plan has changed (ARCHITECTURE decision 2)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialplan.compile import compile as compile_plan
from dialplan.document import dumps
from dialplan.errors import PlanError
from webadmin.models import PlanRevision, Site
from webadmin.publishing.log_ins import NewLogIn, bring_log_ins
from webadmin.publishing.rows import site_rows


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: the revision that holds now, whether it is new, and the log-ins that were made."""

    site: str
    revision: int
    changed: bool
    log_ins: tuple[NewLogIn, ...]


class PlanRejected(Exception):
    """The tables do not compile; nothing may be committed."""

    def __init__(self, errors: Sequence[PlanError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = tuple(errors)


def publish(session: Session, site: Site, *, author: str, note: str, at: datetime) -> Published:
    """Publish a site as its tables stand, within the caller's transaction.

    Raises:
        PlanRejected: the tables do not compile.
    """
    session.flush()
    plan = compile_plan(site_rows(session, site))
    if isinstance(plan, list):
        raise PlanRejected(plan)
    log_ins = tuple(bring_log_ins(session, site, plan.directory.devices, at))
    newest = (
        select(PlanRevision).where(PlanRevision.site == site.domain).order_by(PlanRevision.revision.desc())
    )
    last = session.scalars(newest.limit(1)).one_or_none()
    digest = hashlib.sha256(dumps(replace(plan, revision=1)).encode()).hexdigest()
    if last is not None and last.digest == digest:
        return Published(site.domain, last.revision, False, log_ins)
    revision = last.revision + 1 if last is not None else 1
    session.add(
        PlanRevision(
            site=site.domain,
            revision=revision,
            digest=digest,
            document=dumps(replace(plan, revision=revision)),
            author=author[:120],
            note=note[:500],
            at=at,
        )
    )
    session.flush()
    return Published(site.domain, revision, True, log_ins)
