"""Finds new plan revisions, parses them off the loop and keeps a local copy of each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Engine, Select, and_, func, select

from dialplan.document import loads
from dialplan.errors import DocumentError
from dialplan.plan import DialPlan
from pbx.store.copies import Copies
from pbx.store.tables import plan_revision

log = logging.getLogger("doorline.store")

_newest = (
    select(plan_revision.c.site, func.max(plan_revision.c.revision).label("revision"))
    .group_by(plan_revision.c.site)
    .subquery()
)
_CURRENT = select(plan_revision.c.site, plan_revision.c.revision, plan_revision.c.digest).join(
    _newest,
    and_(plan_revision.c.site == _newest.c.site, plan_revision.c.revision == _newest.c.revision),
)

Version = tuple[int, str]
"""Revision and digest: a database restored from a backup may use a revision's number again."""


class PlanWatch:
    """Compares what the database holds with what was handed out.

    A document that cannot be read is logged once and the plan that runs stays. An empty table counts
    as a database that has lost its content, not as the end of all sites.

    Args:
        engine: from `open_reader`.
        copies: where documents are kept for a start without the database.
        on_plan: gets every plan that is new, in the thread that polls.
        on_gone: gets the name of a site that has no plan any more.
    """

    def __init__(
        self,
        engine: Engine,
        copies: Copies,
        on_plan: Callable[[DialPlan], None],
        on_gone: Callable[[str], None],
    ) -> None:
        self._engine = engine
        self._copies = copies
        self._on_plan = on_plan
        self._on_gone = on_gone
        self._running: dict[str, Version] = {}
        self._unreadable: dict[str, Version] = {}

    def poll(self) -> None:
        """Look for changes once.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is away; nothing changed here.
        """
        with self._engine.connect() as connection:
            current = {row.site: (row.revision, row.digest) for row in connection.execute(_CURRENT)}
            if not current:
                return
            documents = {
                site: connection.execute(_document(site, version[0])).scalar_one()
                for site, version in current.items()
                if version not in (self._running.get(site), self._unreadable.get(site))
            }
        for site, document in documents.items():
            if self._hand_out(site, current[site], document):
                self._copies.keep_plan(site, *current[site], document)
        self._drop_gone(current)

    def recall(self) -> None:
        """Hand out the local copies: the database was away when the PBX started."""
        for copy in self._copies.plans():
            version = (int(copy["revision"]), str(copy["digest"]))
            self._hand_out(str(copy["site"]), version, str(copy["document"]))

    def _hand_out(self, site: str, version: Version, document: str) -> bool:
        try:
            plan = loads(document)
            if plan.site != site:
                raise DocumentError(f"the document is that of {plan.site}")
        except DocumentError as fault:
            log.error("revision %d of %s cannot be read and is not used: %s", version[0], site, fault)
            self._unreadable[site] = version
            return False
        self._unreadable.pop(site, None)
        self._running[site] = version
        self._on_plan(plan)
        return True

    def _drop_gone(self, current: Mapping[str, Version]) -> None:
        for site in self._running.keys() - current.keys():
            del self._running[site]
            self._copies.forget_plan(site)
            self._on_gone(site)


def _document(site: str, revision: int) -> Select[Any]:
    return select(plan_revision.c.document).where(
        plan_revision.c.site == site, plan_revision.c.revision == revision
    )
