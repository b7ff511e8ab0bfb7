"""Joins trunks to the rest of the PBX: made at the start, handed to calls, dispatch, store and operators."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from dialplan.passes import Code, pin_digest
from dialplan.plan import DialPlan
from media.engine import MediaEngine
from pbx.doors.codes import CodeDesk
from pbx.facts import Facts
from pbx.live_certificate import LiveCertificate
from pbx.sip.engine import Engine
from pbx.tasks import Tasks
from pbx.transport import tls
from pbx.transport.driver import Driver
from pbx.transport.gate import Gate
from pbx.trunks.call_in import CallInGround, CallIns
from pbx.trunks.desk import TrunkDesk
from pbx.trunks.dns import Resolver
from pbx.trunks.entrance import Entrance
from pbx.trunks.guard import Guard, Use
from pbx.trunks.link import Ground


@dataclass(frozen=True, slots=True)
class TrunkParts:
    """What the trunks are made from; `host` is the address that their listeners bind."""

    engine: Engine
    driver: Driver
    gate: Gate
    facts: Facts
    plans: Mapping[str, DialPlan]
    civil: Callable[[], datetime]
    token: Callable[[], str]
    save: Callable[[str, str, Use | None], None]
    certificate: LiveCertificate
    tasks: Tasks
    host: str


def trunk_side(
    parts: TrunkParts, engine: MediaEngine, codes: CodeDesk
) -> tuple[TrunkDesk, Entrance]:
    """Both sides of the trunks: what calls by them, and what listens to them."""
    desk = trunk_desk(parts)
    return desk, entrance(parts, desk, engine, codes)


def entrance(parts: TrunkParts, desk: TrunkDesk, engine: MediaEngine, codes: CodeDesk) -> Entrance:
    """The side that listens, with calls in; the slow digest of a PIN is made beside the loop."""

    def digest(site: str, pin: str, done: Callable[[Code], None]) -> None:
        async def work() -> None:
            done(Code(pin=await asyncio.to_thread(pin_digest, site, pin)))

        parts.tasks.spawn(work(), name="pin")

    calls = CallIns(
        CallInGround(
            engine=parts.engine,
            media=engine,
            plans=parts.plans,
            codes=codes,
            token=parts.token,
            clock=parts.driver.clock,
            digest=digest,
            settled=parts.driver.touch,
        )
    )
    return Entrance(parts.engine, desk, calls)


def trunk_desk(parts: TrunkParts) -> TrunkDesk:
    """All trunks, with none yet; the guard counts by each site's own civil day."""

    def day(site: str) -> str:
        plan = parts.plans.get(site)
        at = parts.civil()
        if plan is not None:
            at = at.astimezone(ZoneInfo(plan.directory.site.time_zone))
        return at.date().isoformat()

    ground = Ground(
        engine=parts.engine,
        driver=parts.driver,
        gate=parts.gate,
        finder=Resolver(),
        host=parts.host or "0.0.0.0",
        token=parts.token,
        chance=random.SystemRandom().random,
        spawn=lambda work: parts.tasks.spawn(work, name="trunk"),
        server_context=lambda: parts.certificate.context,
        client_context=cache(tls.client_context),
    )
    def save(use: Use) -> None:
        parts.save(use.site, "", use)

    return TrunkDesk(ground, Guard(day, save, parts.facts.publish), parts.facts.publish)
