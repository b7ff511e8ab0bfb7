"""The store as `pbx.app` sees it: two threads, and callbacks that arrive on the event loop.

The reader looks for plans and credentials on a nudge and every 2 s by itself; the writer writes
bindings and visits in batches. A database that is away costs log lines and memory, never a call.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from dialplan.plan import DialPlan
from pbx.auth import Credential
from pbx.doors.reports import Mark
from pbx.doors.watch import Lockdown
from pbx.registrar.binding import StoredBinding
from pbx.store.bindings import BindingJournal, restore
from pbx.store.copies import Copies
from pbx.store.credentials import CredentialBook, CredentialWatch
from pbx.store.engine import open_reader, open_writer
from pbx.store.history import VisitJournal
from pbx.store.journal import Journal
from pbx.store.latest import LatestJournal, restore_marks, restore_uses, write_mark, write_use
from pbx.store.lockdowns import restore_lockdowns, write_lockdown
from pbx.store.passes import Passes, PassWatch
from pbx.store.plans import PlanWatch
from pbx.store.trunks import TrunkWatch, restore_spent, write_spent
from pbx.store.worker import Worker
from pbx.trunks.guard import Use
from pbx.trunks.trunk import Trunk

log = logging.getLogger("doorline.store")

READ_SECONDS = 2.0
GATHER_SECONDS = 0.05
RETRY_SECONDS = 1.0
RETENTION_TURN_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """How the databases do: for `/health` and alarms.

    Attributes:
        reading, writing: whether the last try worked.
        waiting: changes not written yet.
        lost_visits: visits that memory could not hold or the database refused.
    """

    reading: bool
    writing: bool
    waiting: int
    lost_visits: int


class Store:
    """Plans, credentials and passes in; bindings, lockdowns, counts of uses and visits out.

    Args:
        admin_url, pbx_url: SQLAlchemy URLs, as in the settings.
        copies: directory of the local copies.
        post: runs a callback on the event loop (`loop.call_soon_threadsafe`).
        on_plan: gets each new plan, on the loop.
        on_plan_gone: gets the name of a site that was removed, on the loop.
        on_over: gets credentials that were revoked or have a new secret, on the loop, after `credentials`.
        on_passes: gets all passes whenever one changed, on the loop.
        on_trunks: gets the trunks that are switched on whenever one changed, on the loop.
        secret_key: the file of the key that opens their passwords.
        retention_days: of visits to commercial sites, 1-90.
        civil: the time now, aware; the only clock that goes on across a restart.
    """

    def __init__(
        self,
        *,
        admin_url: str,
        pbx_url: str,
        copies: Path,
        post: Callable[[Callable[[], object]], object],
        on_plan: Callable[[DialPlan], None],
        on_plan_gone: Callable[[str], None],
        on_over: Callable[[Sequence[Credential]], None],
        on_passes: Callable[[Passes], None] = lambda passes: None,
        on_trunks: Callable[[list[Trunk]], None] = lambda trunks: None,
        secret_key: Path | None = None,
        retention_days: int = 14,
        civil: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._post = post
        self._on_plan = on_plan
        self._on_plan_gone = on_plan_gone
        self._on_over = on_over
        self._on_passes = on_passes
        self._on_trunks = on_trunks
        self._civil = civil
        self._reader_engine = open_reader(admin_url)
        self._writer_engine = open_writer(pbx_url)
        kept = Copies(copies)
        self._plans = PlanWatch(self._reader_engine, kept, self._plan_read, self._plan_gone)
        self._credentials = CredentialWatch(self._reader_engine, kept, self._credentials_read)
        self._passes = PassWatch(self._reader_engine, kept, self._passes_read)
        self._trunks = TrunkWatch(self._reader_engine, kept, secret_key, self._trunks_read)
        self._reader = Worker("store-reader", self._read_turn)
        self._writer = Worker("store-writer", self._write_turn, GATHER_SECONDS)
        self._waiters_lock = threading.Lock()
        self._waiters: list[Callable[[], object]] = []
        self._reading = self._writing = True
        self._next_retention = time.monotonic()
        self.credentials = CredentialBook()
        self.bindings = BindingJournal(civil, self._writer.wake)
        self.visits = VisitJournal(retention_days, civil, self._writer.wake)
        self.lockdowns = LatestJournal(self._writer.wake, write_lockdown)
        self.uses = LatestJournal(self._writer.wake, write_use)
        self.marks = LatestJournal(self._writer.wake, write_mark)
        self.spent = LatestJournal(self._writer.wake, write_spent)
        self._journals: tuple[Journal, ...] = (
            *(self.bindings, self.lockdowns, self.uses, self.marks, self.spent),
            self.visits,
        )

    def prime(self) -> None:
        """Read everything once, from the local copies where the database is away. Blocks; before `start`."""
        for watch in (self._credentials, self._plans, self._passes, self._trunks):
            try:
                watch.poll()
            except SQLAlchemyError as fault:
                self._reading = False
                log.warning("WebAdmin's database is away, the local copies are used: %s", _short(fault))
                watch.recall()

    def restore(self) -> list[StoredBinding]:
        """The UDP bindings of the last run that still live; none when the database is away, nor of who was
        revoked meanwhile. Blocks.
        """
        try:
            found = restore(self._writer_engine, self._civil())
        except SQLAlchemyError as fault:
            self._writing = False
            log.warning("no bindings were restored: %s", _short(fault))
            return []
        return [each for each in found if not self.credentials.revoked(each.site, each.device)]

    def restore_lockdowns(self) -> list[Lockdown]:
        """The lockdowns that last; none when the database is away. Blocks."""
        try:
            return restore_lockdowns(self._writer_engine, self._civil())
        except SQLAlchemyError as fault:
            self._writing = False
            log.error("lockdowns of before are not known: %s", _short(fault))
            return []

    def restore_uses(self) -> dict[tuple[str, str], int]:
        """How often passes were used; empty when the database is away. Blocks."""
        try:
            return restore_uses(self._writer_engine)
        except SQLAlchemyError as fault:
            self._writing = False
            log.error("how often passes were used is not known: %s", _short(fault))
            return {}

    def restore_marks(self) -> dict[tuple[str, str], Mark]:
        """How far agents' events have come; empty when the database is away. Blocks."""
        try:
            return restore_marks(self._writer_engine)
        except SQLAlchemyError as fault:
            self._writing = False
            log.error("how far agents' events have come is not known: %s", _short(fault))
            return {}

    def restore_spent(self) -> list[Use]:
        """What sites have used on trunks; empty when the database is away. Blocks."""
        try:
            return restore_spent(self._writer_engine)
        except SQLAlchemyError as fault:
            self._writing = False
            log.error("what was spent on trunks is not known: %s", _short(fault))
            return []

    def start(self) -> None:
        """Start both threads."""
        self._reader.start()
        self._writer.start()

    def nudge(self, then: Callable[[], object] | None = None) -> None:
        """Look for changes now; `then` runs on the loop when that is done, whether it worked or not."""
        if then is not None:
            with self._waiters_lock:
                self._waiters.append(then)
        self._reader.wake()

    def stop(self, seconds: float = 5.0) -> bool:
        """Write what waits and end the threads. Blocks; False when `seconds` did not suffice."""
        ended = self._writer.stop(seconds)
        ended = self._reader.stop(seconds) and ended
        self._reader_engine.dispose()
        self._writer_engine.dispose()
        return ended

    def status(self) -> StoreStatus:
        """How the databases do."""
        waiting = sum(journal.waiting() for journal in self._journals)
        return StoreStatus(self._reading, self._writing, waiting, self.visits.lost)

    def _plan_read(self, plan: DialPlan) -> None:
        self.visits.set_kind(plan.site, plan.kind)
        self._post(lambda: self._on_plan(plan))

    def _plan_gone(self, site: str) -> None:
        self._post(lambda: self._on_plan_gone(site))

    def _passes_read(self, passes: Passes) -> None:
        self._post(lambda: self._on_passes(passes))

    def _trunks_read(self, trunks: list[Trunk]) -> None:
        self._post(lambda: self._on_trunks(trunks))

    def _credentials_read(self, changed: list[Credential]) -> None:
        def arrive() -> None:
            if over := self.credentials.take(changed):
                self._on_over(over)

        self._post(arrive)

    def _read_turn(self) -> float:
        with self._waiters_lock:
            waiters, self._waiters = self._waiters, []
        try:
            self._credentials.poll()
            self._plans.poll()
            self._passes.poll()
            self._trunks.poll()
        except SQLAlchemyError as fault:
            if self._reading:
                log.warning("WebAdmin's database is away, what is loaded goes on: %s", _short(fault))
            self._reading = False
        else:
            if not self._reading:
                log.info("WebAdmin's database is back")
            self._reading = True
        finally:
            for then in waiters:
                self._post(then)
        return READ_SECONDS

    def _write_turn(self) -> float:
        retention_due = time.monotonic() >= self._next_retention
        try:
            with self._writer_engine.begin() as connection:
                for journal in self._journals:
                    journal.write(connection)
                if retention_due:
                    self.visits.delete_old(connection)
        except (DataError, IntegrityError) as fault:
            log.error("the PBX's database refuses a change for good, its batch is dropped: %s", _short(fault))
            for journal in self._journals:
                journal.written()
            return RETRY_SECONDS
        except SQLAlchemyError as fault:
            for journal in self._journals:
                journal.failed()
            if self._writing:
                log.warning("the PBX's database is away, changes wait in memory: %s", _short(fault))
            self._writing = False
            return RETRY_SECONDS
        for journal in self._journals:
            journal.written()
        if not self._writing:
            log.info("the PBX's database is back")
        self._writing = True
        if retention_due:
            self._next_retention = time.monotonic() + RETENTION_TURN_SECONDS
        return RETENTION_TURN_SECONDS


def _short(fault: SQLAlchemyError) -> str:
    """The driver's own words: SQLAlchemy's text holds the statement with its values."""
    return str(getattr(fault, "orig", None) or type(fault).__name__)
