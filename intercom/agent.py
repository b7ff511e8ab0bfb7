"""The join: SIP engine, relay guard, panel and controller on one loop.

Run by `python -m intercom`; everything that decides stands in `controller`, `panel`, `clock` and
`phone.registration`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from intercom import controller as lock
from intercom import order, panel
from intercom.child import Child
from intercom.clock import CivilClock
from intercom.codes import OpenedAlone
from intercom.guard_link import GuardLink, deadline_ns
from intercom.health import Health
from intercom.local import LocalPages, Told
from intercom.memory import Memory
from intercom.pad import Pad
from intercom.papers import Paper
from intercom.phone import sound
from intercom.phone.audio import Audio
from intercom.phone.call import Call, Caller, Medium
from intercom.phone.line import Line
from intercom.phone.studio_link import StudioLink
from intercom.reporter import CONTENT_TYPE, Reporter, Sent
from intercom.settings import ALSA, Settings, SettingsError
from intercom.tap import Tapping, listen
from pbx.sip import events as sip
from pbx.sip.engine import Engine
from pbx.sip.flow import Flow
from pbx.sip.message import response_to
from pbx.sip.proof import Proof
from pbx.transport.driver import Driver

NUDGE = "application/vnd.doorline.directory+json"
"""What the PBX sends when the directory or passes have changed (`pbx/web/panel_news.py`)."""

LOCKDOWN = "application/vnd.doorline.lockdown+json"
"""Which of our doors are locked down (`pbx/doors/paper_news.py`)."""

_log = logging.getLogger(__name__)


class Agent:
    """One agent. `tell` gets one line for each change that somebody outside may want to see."""

    def __init__(self, settings: Settings, tell: Callable[[str], None]) -> None:
        """Raises SettingsError when a file that the settings name cannot be used."""
        self._settings, self._tell = settings, tell
        self._run = secrets.token_hex(8)
        self._stopping = asyncio.Event()
        self._spawned = asyncio.TaskGroup()
        self._engine = Engine(token=lambda: secrets.token_hex(8), server="Doorline intercom")
        loop = asyncio.get_running_loop()
        self._driver = Driver(self._engine, loop.time, self._event, self._flow_lost)
        self._clock = CivilClock(datetime.now(UTC).timestamp(), loop.time())
        proof = Proof(
            settings.server.site,
            settings.account.username,
            settings.account.secret,
            lambda: secrets.token_hex(8),
        )
        account, site = settings.account, settings.server.site
        self._caller = Caller(account.name, account.username, site, proof.answer)
        self._line = Line(
            settings,
            self._driver,
            self._clock,
            proof,
            run=self._run,
            spawn=self._spawn,
            tell=self._line_changed,
        )
        self._guard = GuardLink(
            settings.path,
            on_answer=self._guard_said,
            on_button=self._pressed,
            on_lost=self._guard_lost,
            on_input=self._input_changed,
            on_alive=lambda: self._part("relays", True),
        )
        self._proof, self._reporter = proof, Reporter(self._run, settings.guard.inputs)
        self._memory = Memory(settings, spawn=self._spawn, touch=self._driver.touch, hold=self._hold)
        self._pad = Pad(
            settings,
            *(self._engine, self._driver, self._line, self._clock, self._guard, proof),
            opened=self._opened_alone,
            wrong=self._memory.remember_wrong,
        )
        memory = self._memory
        told = Told(settings, lambda: self._line.registered, memory.newest_directory, memory.door_name)
        self._pages = LocalPages(self._pad, told) if settings.kiosk.port else None
        self._osdp = {name: self._make_reader(name) for name in settings.osdp}
        self._controller = self._make_controller()
        self._panel = panel.Panel(settings.ring_seconds)
        self._call: Call | None = None
        self._taps: dict[Tapping, None] = {}
        self._sound = _sound(settings)
        self._health = Health()
        self._studio = self._make_studio() if settings.films else None

    async def run(self) -> None:
        """Serve until `stop`; relays are at rest and everything is closed when this returns.

        Raises OSError when another agent runs with the same state directory.
        """
        socket = await listen(self._settings.state, self._tapped, self._tap_left, self._guard.play)
        for timed in (self._line, self._pad, self):
            self._driver.attach(timed)
        try:
            self._reporter, wrong = self._memory.open(self._run)
            self._pad.recall(wrong)
            self._pad.lock(self._memory.locked_before())
            if self._pages is not None:
                await self._pages.listen(self._settings.kiosk.port)
            async with self._spawned:
                guard = self._spawned.create_task(self._guard.run()) if self._has_pins() else None
                readers = [self._spawned.create_task(each.run()) for each in self._osdp.values()]
                studio = self._spawned.create_task(self._studio.run()) if self._studio is not None else None
                fetch = self._memory.fetching()
                fetching = self._spawned.create_task(fetch) if fetch is not None else None
                self._line.start(self._driver.clock())
                self._driver.drain()
                await self._stopping.wait()
                self._hang_up()
                self._line.stop(self._driver.clock())
                for child in (guard, studio, fetching, *readers):
                    if child is not None:
                        child.cancel()
        finally:
            if self._pages is not None:
                await self._pages.close()
            self._driver.close()
            self._memory.close()
            socket.close()
            for tapping in list(self._taps):
                tapping.end()

    def stop(self) -> None:
        """Make `run` end."""
        self._stopping.set()

    def tap(self, calls: str) -> None:
        """Somebody tapped a button of the directory, or pressed one of metal."""
        now = self._driver.clock()
        self._show(self._panel.tap(calls, now), now)
        self._driver.drain(now)

    # Time.

    def next_deadline(self) -> float | None:
        """When `handle_timeout` wants to be called."""
        parts = (self._panel, self._reporter, self._health)
        found = [each.next_deadline() for each in parts]
        if self._controller is not None:
            found.append(self._controller.next_deadline())
        return min((moment for moment in found if moment is not None), default=None)

    def handle_timeout(self, now: float) -> None:
        """What the panel and the controller waited for."""
        self._show(self._panel.handle_timeout(now), now)
        if self._controller is not None:
            self._obey(self._controller.handle_timeout(now), now)
        for part in self._health.handle_timeout(now):
            _log.error("fault: %s", part)
            self._reporter.fault(part, on=True)
        self._report(now)

    # From SIP.

    def _event(self, event: sip.Event, now: float) -> None:
        match event:
            case sip.ResponseReceived():
                context: Any = event.transaction.context
                context.answered(event.response, now)
            case sip.RequestFailed():
                context = event.transaction.context
                context.failed(event.status, now)
            case sip.RequestReceived():
                self._asked(event, now)
            case sip.InviteReceived():
                event.session.refuse(480, now)  # nothing here answers by itself
            case sip.InSessionRequest():
                known = event.request.method in ("INFO", "OPTIONS")
                self._engine.respond_status(event.transaction, 200 if known else 405, now)
                if isinstance(call := event.session.context, Call):
                    call.asked(event.request)
            case _ if isinstance(call := event.session.context, Call):
                call.event(event, now)

    def _asked(self, event: sip.RequestReceived, now: float) -> None:
        request, status = event.request, 405
        if event.flow is not self._line.flow:
            status = 403  # a panel listens to its server only
        elif request.method == "OPTIONS":
            status = 200
        elif request.method == "MESSAGE" and request.headers.get("Content-Type") == order.CONTENT_TYPE:
            if self._controller is not None:
                self._obey(self._controller.take(request.body, event, self._clock.civil(now), now), now)
                return
            status = 404
        elif request.method == "MESSAGE" and request.headers.get("Content-Type") == NUDGE:
            self._memory.nudge()
            status = 200
        elif request.method == "MESSAGE" and request.headers.get("Content-Type") == LOCKDOWN:
            locked = self._memory.locked(request.body)
            status = 400 if locked is None else 200
            if locked is not None:
                self._pad.lock(locked)
                self._tell(f"lockdown={len(locked)}")
        self._engine.respond_status(event.transaction, status, now)

    def _flow_lost(self, flow: Flow, now: float) -> None:
        self._line.flow_lost(flow, now)

    # To and from the lock.

    def _obey(self, effects: Sequence[lock.Effect], now: float) -> None:
        for effect in effects:
            match effect:
                case lock.SwitchRelay():
                    if not self._switch(effect, now):
                        self._obey(self._answered(effect.id, "guard_away"), now)
                case lock.AnswerOrder():
                    self._answer(effect, now)
                case lock.OpenedDoor():
                    self._tell(f"door={effect.door} opened")
                    self._show(self._panel.door_opened(effect.until), now)
                case lock.Restart():
                    _log.warning("restarted by order")
                    self._driver.drain(now)
                    self.stop()

    def _switch(self, effect: lock.SwitchRelay, now: float) -> bool:
        if (reader := self._osdp.get(effect.relay)) is not None and effect.action == "open":
            due = deadline_ns(effect.deadline, now)
            return reader.send({"do": "pulse", "id": effect.id, "before_ns": due})
        if effect.action == "hold":
            return self._guard.hold(effect.id, effect.relay)
        if effect.action == "release":
            return self._guard.release(effect.id, effect.relay)
        return self._guard.pulse(effect.id, effect.relay, effect.ms, deadline_ns(effect.deadline, now))

    def _answered(self, id: str, reason: str) -> list[lock.Effect]:
        return self._controller.not_switched(id, reason) if self._controller is not None else []

    def _answer(self, effect: lock.AnswerOrder, now: float) -> None:
        event = effect.request
        assert isinstance(event, sip.RequestReceived)
        fields: dict[str, object] = {"jti": effect.jti, "result": effect.result}
        if effect.at_ns is not None:
            fields["at_ns"] = effect.at_ns
        response = response_to(event.request, effect.status)
        response.headers.set("Content-Type", "application/json")
        response.body = json.dumps(fields, separators=(",", ":")).encode()
        self._engine.respond(event.transaction, response, now)
        if effect.status != 200:
            _log.warning("order refused: %d %s", effect.status, effect.result)

    def _guard_said(self, answer: Mapping[str, Any]) -> None:
        if self._pad.guard_said(answer):
            self._driver.drain()
            return
        if self._controller is None:
            return
        now, id = self._driver.clock(), str(answer.get("id"))
        if answer.get("result") == "on":
            effects = self._controller.switched(id, int(answer["ns"]), int(answer["left_ms"]), now)
        elif answer.get("result") == "off":
            effects = self._controller.switched(id, int(answer["ns"]), 0, now)
        else:
            effects = self._controller.not_switched(id, f"guard_{answer.get('reason', 'refused')}")
        self._obey(effects, now)
        self._driver.drain(now)

    def _part(self, part: str, works: bool) -> None:
        if not works:
            self._health.lost(part, self._driver.clock())
        elif self._health.back(part):
            self._reporter.fault(part, on=False)
        self._driver.touch()

    def _guard_lost(self) -> None:
        self._part("relays", False)
        if self._controller is not None:
            now = self._driver.clock()
            self._obey(self._controller.guard_lost(), now)
            self._driver.drain(now)

    def _pressed(self, button: str) -> None:
        found = self._settings.guard.buttons.get(button)
        if found is not None:
            self.tap(found.calls)

    # The inputs.

    def _input_changed(self, name: str, on: bool) -> None:
        self._reporter.learn(name, on)
        if self._settings.guard.inputs[name].kind == "tamper":
            self._pad.tampered(self._reporter.tampered)
        self._tell(f"input={name} on={int(on)}")
        self._driver.touch()

    def _report(self, now: float) -> None:
        flow, body = self._line.flow, self._reporter.report(now)
        if body is None:
            return
        if flow is None or not flow.alive:
            self._reporter.answered(False, now)
            return
        site = self._settings.server.site
        request = self._engine.build_request(
            "MESSAGE",
            f"sip:doors@{site}",
            from_=f"<sip:{self._settings.account.username}@{site}>",
            to=f"<sip:doors@{site}>",
            body=body,
            content_type=CONTENT_TYPE,
        )
        context = Sent(self._reporter, self._memory.told)
        self._engine.send_request(
            request, flow, now, context=context, answer_challenge=self._proof.answer
        )

    def _opened_alone(self, opened: OpenedAlone) -> None:
        self._tell(f"door={opened.door} opened")
        self._reporter.opened(opened.door)
        self._show(self._panel.door_opened(opened.until), self._driver.clock())

    def _hold(self, held: list[Paper]) -> None:
        self._pad.hold(held)
        self._tell(f"papers={len(held)}")

    # To and from the visitor.

    def _show(self, effects: Sequence[panel.Effect], now: float) -> None:
        for effect in effects:
            match effect:
                case panel.PlaceCall():
                    self._spawn(self._place(effect.calls))
                case panel.EndCall():
                    self._hang_up()
                case panel.Show():
                    self._say(f"panel state={effect.state.value} door_open={int(effect.door_open)}")
                    if effect.state in panel.OVER:
                        self._end_taps()

    async def _place(self, calls: str) -> None:
        """The socket first, then the INVITE; whatever is missing is "nobody answers" to the visitor."""
        flow = self._line.flow
        if flow is None or not self._line.registered:
            self._happened(panel.Happening.FAILED, self._driver.clock())
            return
        try:
            medium = await self._medium(flow)
        except OSError as fault:  # no port, or our address has gone
            _log.error("no sound for a call: %s", fault)
            self._happened(panel.Happening.FAILED, self._driver.clock())
            self._driver.touch()
            return
        now = self._driver.clock()
        if self._panel.state is not panel.State.CALLING or not flow.alive:
            medium.close()
            self._happened(panel.Happening.FAILED, now)
            return
        seconds = self._settings.ring_seconds
        self._call = Call.place(
            self._engine, flow, self._caller, calls, medium, self._happened, ring_seconds=seconds, now=now
        )
        self._driver.drain(now)

    async def _medium(self, flow: Flow) -> Medium:
        """Camera, microphone and speaker; without them, or without their process, plain sound of a file."""
        if self._studio is not None:
            scene = await self._studio.open(flow.local[0], secure=flow.secure)
            if scene is not None:
                return scene
        return await Audio.open(flow.local[0], self._sound, int.from_bytes(os.urandom(4)))

    def _make_studio(self) -> StudioLink:
        settings, tell = self._settings, self._tell
        return StudioLink(settings, tell, self._studio_lost, lambda there: self._part("camera", there))

    def _studio_lost(self) -> None:
        """A call without sound and picture helps nobody: the visitor may ring again."""
        if self._call is not None and not self._call.over and not isinstance(self._call.medium, Audio):
            now = self._driver.clock()
            self._show(self._panel.hang_up(now), now)
            self._driver.drain(now)

    def _happened(self, happening: panel.Happening, now: float) -> None:
        self._show(self._panel.happened(happening, now), now)

    def _hang_up(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            call.hang_up(self._driver.clock())
            self._driver.touch()

    # To whoever looks.

    def _line_changed(self, state: str) -> None:
        self._tell(f"line state={state}")
        if state == "registered":
            self._memory.nudge()
        self._reporter.line(state == "registered", self._driver.clock())

    def _say(self, line: str) -> None:
        self._tell(line)
        for tapping in self._taps:
            tapping.tell(line)

    def _tapped(self, tapping: Tapping, calls: str) -> None:
        if self._taps or (self._call is not None and not self._call.over):
            tapping.tell("panel busy")
            tapping.end()
            return
        self._taps[tapping] = None
        self.tap(calls)

    def _tap_left(self, tapping: Tapping) -> None:
        if self._taps.pop(tapping, False) is None:
            now = self._driver.clock()
            self._show(self._panel.hang_up(now), now)
            self._driver.drain(now)

    def _end_taps(self) -> None:
        taps, self._taps = self._taps, {}
        for tapping in taps:
            tapping.end()

    def _has_pins(self) -> bool:
        guard = self._settings.guard
        return bool(guard.relays or guard.buttons or guard.inputs or guard.readers)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> object:
        return self._spawned.create_task(_logged(work))

    def _make_reader(self, name: str) -> Child:
        command = (sys.executable, "-m", "intercom.osdp_reader", str(self._settings.path), name)
        return Child(f"reader {name}", command, self._reader_said, self._guard_lost)

    def _reader_said(self, fields: Mapping[str, Any]) -> None:
        self._part("relays", True)
        if fields.get("result") != "pong":
            self._guard_said(fields)

    def _make_controller(self) -> lock.Controller | None:
        guard, path = self._settings.guard, self._settings.order_key
        if path is None:
            return None
        try:
            key = order.read_key(path.read_bytes())
        except (OSError, ValueError) as error:
            if not (guard.relays or guard.readers or self._osdp):
                return None  # a panel that nobody can order to restart
            raise SettingsError(f"{path}: not the PBX's public order key: {error}") from None
        addressee = order.Addressee(
            key, self._settings.server.site, self._settings.account.username, self._run
        )
        longest = {name: int(relay.max_seconds * 1000) for name, relay in guard.relays.items()}
        longest.update(dict.fromkeys((*guard.readers, *self._osdp), order.MAX_MS))  # a card has no length
        return lock.Controller(addressee, longest)


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    """A fault in one call or connection may not end the agent, and with it the doors."""
    try:
        await work
    except Exception:
        _log.exception("a call or connection failed")


def _sound(settings: Settings) -> sound.Sound:
    source = settings.audio.source
    try:
        return sound.make("silence" if source.startswith(ALSA) else source, settings.audio.tone_hz)
    except ValueError as error:
        raise SettingsError(str(error)) from None
