"""Compiles a site's tables and adds a revision when the plan has changed (ARCHITECTURE decision 2)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialplan.compile import compile as compile_plan
from dialplan.document import as_text, dump
from dialplan.errors import PlanError
from dialplan.plan import DialPlan
from webadmin.models import PlanRevision, Site
from webadmin.publishing.log_ins import NewLogIn, bring_log_ins
from webadmin.publishing.passes import end_passes_of_the_gone
from webadmin.publishing.rows import site_rows
from webadmin.publishing.waiting import with_waiting

_REVISION_1 = '"revision":1,'
"""Once in a document before its tables: within a text, JSON escapes the quotation marks."""


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
    plan = compile_plan(with_waiting(session, site, site_rows(session, site)))
    if isinstance(plan, list):
        raise PlanRejected(plan)
    return publish_plan(session, site, plan, author=author, note=note, at=at)


def publish_plan(
    session: Session,
    site: Site,
    plan: DialPlan,
    *,
    author: str,
    note: str,
    at: datetime,
    same_devices: bool = False,
) -> Published:
    """Publish the plan that the tables make, within the caller's transaction.

    Args:
        same_devices: they are those of the revision before, so log-ins need no look.
    """
    log_ins = () if same_devices else tuple(bring_log_ins(session, site, plan.directory.devices, at))
    end_passes_of_the_gone(session, site, plan)
    newest = select(PlanRevision.revision, PlanRevision.digest).where(PlanRevision.site == site.domain)
    last = session.execute(newest.order_by(PlanRevision.revision.desc()).limit(1)).one_or_none()
    document = as_text({**dump(plan), "revision": 1})
    digest = hashlib.sha256(document.encode()).hexdigest()
    if last is not None and last.digest == digest:
        return Published(site.domain, last.revision, False, log_ins)
    revision = last.revision + 1 if last is not None else 1
    session.add(
        PlanRevision(
            site=site.domain,
            revision=revision,
            digest=digest,
            document=document.replace(_REVISION_1, f'"revision":{revision},', 1),
            author=author[:120],
            note=note[:500],
            at=at,
        )
    )
    session.flush()
    return Published(site.domain, revision, True, log_ins)
