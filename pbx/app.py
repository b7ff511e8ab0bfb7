"""The composition root: makes every room of the PBX and joins them; nothing else imports everything."""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from email.utils import format_datetime

from dialplan.plan import DialPlan
from media.embedded import EmbeddedEngine
from media.engine import Event as MediaEvent
from pbx.alarms.book import AlarmBook
from pbx.alarms.sides import alarm_delivery, machine
from pbx.alarms.watch import AlarmWatch
from pbx.ami.accounts import AccountFile
from pbx.ami.server import AmiLimits, AmiServer
from pbx.auth import Authenticator, AuthOptions, Credential, bearer
from pbx.auth.guests import GuestLines
from pbx.calls.from_apps import KINDS
from pbx.calls.surroundings import Limits, Surroundings
from pbx.calls.switchboard import Switchboard
from pbx.certificates import ServerCertificate, load_or_make, local_names
from pbx.dispatch import Dispatch
from pbx.doors.code_messages import CONTENT_TYPE as CODE
from pbx.doors.code_messages import CodeMessages
from pbx.doors.codes import CodeDesk
from pbx.doors.doorkeeper import Doorkeeper
from pbx.doors.drivers.controller import ControllerDriver
from pbx.doors.drivers.http import HttpDriver
from pbx.doors.drivers.mqtt import MqttDriver
from pbx.doors.drivers.network import broker_of, relay_hosts
from pbx.doors.drivers.panel_digit import PanelDigitDriver
from pbx.doors.opener import DoorDriver, Opener
from pbx.doors.order import load_or_make as order_signer
from pbx.doors.paper_news import PaperNews
from pbx.doors.reports import Reports
from pbx.faces import Faces
from pbx.facts import AlarmCleared, AlarmRaised, Facts, PlanLoaded
from pbx.live_certificate import LiveCertificate
from pbx.operations import Operations
from pbx.orders import OperatorOrders
from pbx.outside import TrunkParts, trunk_side
from pbx.pressure import Pressure
from pbx.registrar.binding import Change, StoredBinding
from pbx.registrar.location import Location
from pbx.registrar.register import Registrar
from pbx.running import RunningPlans
from pbx.settings import Settings
from pbx.settings_of import media_settings, transport_limits
from pbx.sip.engine import Engine
from pbx.sip.flow import Flow
from pbx.sip_ports import SipPorts
from pbx.store.passes import Passes
from pbx.store.store import Store
from pbx.tally import Tally
from pbx.tasks import Tasks
from pbx.trace import Ring
from pbx.transport.driver import Driver
from pbx.transport.gate import Gate
from pbx.visits import VisitBook
from pbx.web.codes import CodePages
from pbx.web.guest_line import GuestLinePage
from pbx.web.health import Health
from pbx.web.metrics import Metrics
from pbx.web.preview import PreviewPages
from pbx.web.service_mode import ServiceModes, ServicePages
from pbx.web.side import WebSide
from pbx.web.sip_socket import SipSocket
from pbx.words import Words

log = logging.getLogger("doorline")

GC_THRESHOLDS = (2_000, 500, 100)
"""Calls leave no cycles; at the usual (700, 10, 10) the search for some took a sixth of their time, and each
search of the middle generation, which holds half a minute of transactions, a tenth of a second at once."""

token = Words().word
"""Gives an opaque word of 96 bits."""


def order_token() -> str:
    """A single-use id of 128 bits for an order to a lock."""
    return secrets.token_hex(16)


def civil() -> datetime:
    """Civil time, aware."""
    return datetime.now(UTC)


class App:
    """One PBX process. `start` raises OSError when a port or a file cannot be had."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.plans = RunningPlans()
        self.facts = Facts(on_fault=lambda fault: log.error("a listener failed", exc_info=fault))
        self.media = EmbeddedEngine(media_settings(settings), self._media_event)
        self.store: Store
        self.driver: Driver
        self.switchboard: Switchboard
        self.location: Location
        self.operations: Operations
        self.web: WebSide
        self.certificate: LiveCertificate
        self.ports = SipPorts()
        self.pressure = Pressure(time.monotonic, self.ports.unread)
        self.tally = Tally()
        self.tasks = Tasks("app")
        self._built = False
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        """Bring everything up: state first, then media, then the ports that let callers in."""
        var = self.settings.paths.var
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.certificate = LiveCertificate(self._certificate)
        self._open_store()
        self._build()
        self._built = True
        await asyncio.to_thread(self.store.prime)
        self.doorkeeper.restore(await asyncio.to_thread(self.store.restore_lockdowns))
        self.codes.restore(await asyncio.to_thread(self.store.restore_uses))
        self.reports.restore(await asyncio.to_thread(self.store.restore_marks))
        self.trunks.guard.restore(await asyncio.to_thread(self.store.restore_spent))
        await self.media.start()
        self._stack.push_async_callback(self.media.stop)
        await self.ports.open(
            self.settings.sip, self.driver, self.gate, self.certificate.context, self._stack
        )
        self._stack.callback(self.driver.close)
        self._restore(await asyncio.to_thread(self.store.restore))
        self.store.start()
        await self._open_sides()
        self.facts.subscribe(self.tally)
        self._watch_for_alarms()
        self.driver.engine.turn_away(self.pressure.retry_after)
        self.tasks.spawn(self.pressure.watch(), name="pressure")
        self.tasks.spawn(self.certificate.watch(), name="certificate")
        self._stack.push_async_callback(self.tasks.close)
        gc.collect()
        gc.freeze()  # what lives for ever need not be looked at in every collection
        gc.set_threshold(*GC_THRESHOLDS)

    async def drain(self) -> None:
        """Let no new call in, and wait until the last has ended, or for as long as the settings allow."""
        self.pressure.stopping = True
        until = self.driver.clock() + self.settings.calls.drain_seconds
        while (live := self.switchboard.live) and self.driver.clock() < until:
            log.info("%d calls go on before the stop", live)
            await asyncio.sleep(0.25)

    async def stop(self) -> None:
        """End calls in an orderly way, then close everything that was opened, last first.

        Does as much as `start` came to: what made that fail stays the error that is told.
        """
        if self._built:
            now = self.driver.clock()
            for call in self.switchboard.every():
                self.switchboard.hang_up(call, now)
            self.trunks.close(now)
            self.driver.drain()
        await self._stack.aclose()

    # Parts.

    def _open_store(self) -> None:
        loop = asyncio.get_running_loop()
        database, var = self.settings.database, self.settings.paths.var
        self.store = Store(
            admin_url=database.admin_url,
            pbx_url=database.pbx_url,
            copies=var / "copies",
            post=loop.call_soon_threadsafe,
            on_plan=self._plan_arrived,
            on_plan_gone=self.plans.forget,
            on_over=self._log_ins_over,
            on_passes=self._passes_changed,
            on_trunks=lambda trunks: self.trunks.take(trunks),
            secret_key=var / "secret.key",
            retention_days=self.settings.visits.keep_days,
        )
        self._stack.push_async_callback(asyncio.to_thread, self.store.stop)

    def _build(self) -> None:
        """Make the rooms, lowest first, and join them."""
        sip = self.settings.sip
        engine = Engine(token=token, session_interval=sip.session_interval)
        self.gate = Gate(transport_limits(self.settings))
        self.driver = Driver(engine, time.monotonic, self._sip_event, self._flow_lost)
        self.location = Location(report=self.facts.publish, save=self._save)
        self.guests = GuestLines(self.store.credentials, token)
        authenticator = Authenticator(
            self.guests,
            self.plans,
            secrets.token_bytes(32),
            token,
            AuthOptions(nonce_seconds=sip.nonce_seconds),
        )
        opener = Opener(self._door_drivers(engine), order_token)
        self.reports = Reports(self.store.marks.put)
        self.doorkeeper = Doorkeeper(
            opener, self.plans, self.facts, civil, self.store.lockdowns.put, self.reports
        )
        self._build_codes(engine)
        parts = (engine, self.driver, self.gate, self.facts, self.plans, civil, token)
        rest = (self.store.spent.put, self.certificate, self.tasks, sip.udp_host)
        self.trunks, self.outside = trunk_side(TrunkParts(*parts, *rest), self.media, self.codes)
        around = Surroundings(
            engine=engine,
            media=self.media,
            plans=self.plans,
            location=self.location,
            doors=self.doorkeeper,
            facts=self.facts,
            civil=civil,
            token=token,
            limits=Limits(self.settings.calls.total, self.settings.calls.per_device),
            web_profile=self.settings.media.websocket_profile,
            tls_profile=self.settings.media.tls_profile,
            language=self.settings.media.prompt_language,
            languages=frozenset(file.parent.name for file in self.settings.media.prompts.glob("*/calling*")),
            trunks=self.trunks,
            guests=self.guests,
        )
        self.switchboard = Switchboard(authenticator, around)
        registrar = Registrar(self.location, self.plans, lambda: format_datetime(civil(), usegmt=True))
        self._dispatch = Dispatch(
            engine,
            authenticator,
            registrar,
            self.switchboard,
            self.doorkeeper,
            self.facts,
            {CODE: self.code_messages.take, **dict.fromkeys(KINDS, self.switchboard.asked_by_app)},
            self.outside,
        )
        self.visits = VisitBook(self.facts, self.plans, self.store.visits.append, civil)
        rooms = (self.location, opener, self.doorkeeper, self.codes, self.switchboard)
        for timed in (*rooms, self.trunks, self.outside, self.guests):
            self.driver.attach(timed)
        self.services = ServiceModes(civil, self.driver.clock, self.switchboard.visited)
        self.driver.attach(self.services)
        self._build_sides(self._counters(engine, authenticator), opener)

    def _build_codes(self, engine: Engine) -> None:
        self.codes = CodeDesk(self.doorkeeper, self.plans, self.facts, civil, self.store.uses.put)
        self.paper_news = PaperNews(engine, self.location, self.plans, self.doorkeeper, self.driver.clock)
        self.facts.subscribe(self.paper_news.heard, *PaperNews.HEARS)
        self.code_messages = CodeMessages(
            engine, self.codes, self.plans, self.driver.clock, self.driver.touch
        )
        self._stack.push_async_callback(self.code_messages.close)

    def _door_drivers(self, engine: Engine) -> dict[str, DoorDriver]:
        settings, signer = self.settings, order_signer(self.settings.paths.var / "keys")
        http = HttpDriver(relay_hosts(settings), self.driver.touch)
        self._stack.push_async_callback(http.close)
        self.agents = ControllerDriver(engine, self.location, signer, civil)
        drivers: dict[str, DoorDriver] = {
            "agent": self.agents,
            "panel_digit": PanelDigitDriver(lambda call, device: self.switchboard.panel_leg(call, device)),
            "http": http,
        }
        if settings.mqtt.host:
            mqtt = MqttDriver(broker_of(settings), self.plans, self.driver.touch)
            self._stack.push_async_callback(mqtt.close)
            self.facts.subscribe(mqtt.heard)
            mqtt.start()
            drivers["mqtt"] = mqtt
        return drivers

    def _build_sides(
        self, counters: Mapping[str, Callable[[], Mapping[str, float]]], opener: Opener
    ) -> None:
        """What operators see: before the first call, because it follows the facts."""
        self.operations = Operations(
            plans=self.plans,
            location=self.location,
            switchboard=self.switchboard,
            clock=self.driver.clock,
            read_plans=self._read_plans,
            settled=self.driver.touch,
            counters=counters,
            orders=OperatorOrders(
                engine=self.driver.engine,
                plans=self.plans,
                location=self.location,
                switchboard=self.switchboard,
                doors=self.doorkeeper,
                opener=opener,
                facts=self.facts,
                clock=self.driver.clock,
                settled=self.driver.touch,
                services=self.services,
                restart=self._restart_agent,
            ),
        )
        self.ring = Ring()
        self.driver.tap = self.ring.tap
        self.ami = AmiServer(
            self.operations,
            self.facts,
            AccountFile(self.settings.paths.var / "ami-accounts.json"),
            self.ring,
            civil,
            time.monotonic,
            AmiLimits(self.settings.ami.sessions, self.settings.ami.sessions_per_source),
        )

    def _counters(
        self, engine: Engine, authenticator: Authenticator
    ) -> Mapping[str, Callable[[], Mapping[str, float]]]:
        return {
            "sip": engine.stats,
            "transport": self.driver.stats,
            "calls": self.switchboard.stats,
            "previews": self.switchboard.around.previews.stats,
            "push": self.switchboard.around.push.stats,
            "receipts": lambda: self.faces.receipts.stats(),
            "bindings": self.location.stats,
            "auth": authenticator.stats,
            "doors": self.doorkeeper.stats,
            "codes": self.codes.stats,
            "media": self.media.stats,
            "ami": lambda: self.ami.stats(),
            "web": lambda: self.web.stats(),
            "tokens": lambda: self.tokens.stats(),
            "pressure": self.pressure.stats,
            "trunks": self.trunks.stats,
            "facts": self.tally.stats,
        }

    async def _open_sides(self) -> None:
        """AMI and the HTTP side."""
        ami = self.settings.ami
        if ami.host:
            await self.ami.listen(ami.host, ami.port)
        if ami.tls_host:
            await self.ami.listen(ami.tls_host, ami.tls_port, self.certificate.context)
        await self.ami.listen_console(self.settings.paths.var / "console.sock")
        self._stack.push_async_callback(self.ami.close)
        http = self.settings.http
        clients = SipSocket(self.driver, self.gate, http.public_origins, http.native_websocket_clients)
        metrics = Metrics(self.operations.stats, http.metrics_token, self.pressure)
        previews = PreviewPages(self.switchboard.around.previews, http.public_origins)
        self.tokens = bearer.Bearers(self.store.credentials)
        codes = CodePages(self.code_messages, self.tokens, http.public_origins)
        health, proxied = Health(self._parts), http.public_url.startswith("https:")
        self.web = WebSide(clients, health, metrics, previews, codes, behind_proxy=proxied)
        self.faces = Faces(
            self.switchboard,
            self.driver,
            self.store.credentials,
            self.tokens,
            civil,
            self.code_messages.has_pad,
            http.public_origins,
            self.services,
        )
        self.web.add(self.faces.pages.routes())
        lines = GuestLinePage(self.codes, self.guests, civil, self.driver.clock, self.driver.touch)
        self.web.add(lines.routes())
        self.web.add(ServicePages(self.faces.pages, self.services).routes())
        self.faces.wake_by(self.settings.push, self.settings.paths.var / "keys")
        self._stack.push_async_callback(self.faces.close)
        self._stack.push_async_callback(self.web.close)
        if http.host:
            await self.web.listen(http.host, http.port)
        if http.tls_host:
            await self.web.listen(http.tls_host, http.tls_port, self.certificate.context)

    def _watch_for_alarms(self) -> None:
        """From here on, for before nobody could have registered."""
        delivery = alarm_delivery(self.settings.alarms)
        self._stack.push_async_callback(delivery.close)
        self.facts.subscribe(AlarmBook(delivery.tell, token, civil), AlarmRaised, AlarmCleared)
        paths = self.settings.paths
        watch = AlarmWatch(
            self.operations,
            self.facts.publish,
            lambda: machine(self.certificate.files.certificate, paths.var, civil()),
        )
        self.facts.subscribe(watch, *AlarmWatch.HEARS)
        self.driver.attach(watch)

    def _parts(self) -> Mapping[str, bool]:
        """Which parts work, for `/health`."""
        store = self.store.status()
        return {
            "media": self.media.stats().get("ports_ready", 0) > 0,
            "reading": store.reading,
            "writing": store.writing,
        }

    def _certificate(self) -> ServerCertificate:
        paths = self.settings.paths
        if paths.tls_certificate is not None and paths.tls_key is not None:
            return ServerCertificate(paths.tls_certificate, paths.tls_key, paths.tls_certificate)
        return load_or_make(paths.var / "tls", local_names())

    def _restore(self, stored: list[StoredBinding]) -> None:
        """Take back the UDP bindings of the last run, so that no phone need register again."""
        taken = self.location.restore(stored, self.ports.flow_of, self.driver.clock())
        if taken:
            log.info("%d registrations restored", taken)

    def _save(self, changes: list[Change]) -> None:
        """Write changed UDP bindings behind the registrar."""
        for change in changes:
            if isinstance(change, StoredBinding):
                self.store.bindings.put(change)
            else:
                self.store.bindings.remove(change.site, change.device, change.key)

    # What arrives.

    def _sip_event(self, event: object, now: float) -> None:
        self._dispatch(event, now)  # type: ignore[arg-type]

    def _flow_lost(self, flow: Flow, now: float) -> None:
        self.trunks.lost(flow, now)
        for fact in self.location.drop_flow(flow, now):
            self.facts.publish(fact)

    def _media_event(self, event: MediaEvent) -> None:
        now = self.driver.clock()
        if not self.outside.heard(event, now):
            self.switchboard.media_event(event, now)
        self.driver.drain()

    def _plan_arrived(self, plan: DialPlan) -> None:
        self.plans.run(plan)
        self.facts.publish(PlanLoaded(plan.site, plan.revision))
        self.driver.touch()
        log.info("%s runs revision %d", plan.site, plan.revision)

    def _log_ins_over(self, over: Sequence[Credential]) -> None:
        """A revoked or renewed log-in ends what the old one had: bindings and legs, at once."""
        now = self.driver.clock()
        for credential in over:
            for fact in self.location.drop_device(credential.site, credential.device, now):
                self.facts.publish(fact)
            self.switchboard.device_revoked(credential.site, credential.device, now)
        self.driver.touch()

    def _passes_changed(self, passes: Passes) -> None:
        self.codes.take(passes.by_site, passes.known)
        self.paper_news.changed(passes.by_site, now := self.driver.clock())
        for site, device in self.guests.take(passes.by_site):
            self.switchboard.device_revoked(site, device, now)
        self.driver.touch()

    def _restart_agent(self, site: str, device: str, username: str, now: float) -> bool:
        return self.agents.restart(site, device, username, order_token(), now)

    async def _read_plans(self) -> None:
        done = asyncio.get_running_loop().create_future()
        self.store.nudge(lambda: None if done.done() else done.set_result(None))
        await done
