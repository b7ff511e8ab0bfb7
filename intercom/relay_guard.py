"""The process that owns the pins: it bounds every pulse by itself, whatever becomes of the agent.

    python -m intercom.relay_guard CONFIG

Standard input is a Unix socket (SOCK_SEQPACKET) whose other end the agent holds; no path in the file system
leads to it, so nobody else can speak to the guard. One packet is one JSON line of at most 1 KiB:

    {"do":"pulse","id":"..","relay":"gate","ms":5000,"before_ns":..}   on for `ms`, unless `before_ns` is past
    {"do":"hold","id":"..","relay":"gate"}                             on for a lease of 30 s; renew it
    {"do":"release","id":"..","relay":"gate"}                          ends the lease
    {"do":"ping","id":".."}                                            "pong": the guard is not hung
    {"do":"press","id":"..","button":".."}                             plays a finger, with mock pins only
    {"do":"set","id":"..","input":"..","on":true}                      plays an input, with mock pins only

Answers: `{"id","result":"on","ns","left_ms"}`, `{"id","result":"off","ns"}`, `{"id","result":"pong"}`,
`{"id","result":"refused","reason"}`; events: `{"event":"button","button","ns"}`, and
`{"event":"input","input","on","ns"}` for every input at the start and whenever it changes. A pulse while the
relay is on neither extends nor repeats it: the on-time is bounded by the first. `ns` is CLOCK_MONOTONIC,
comparable between processes.

Standard output tells each edge of a pin: `edge relay=gate on=1 ns=123`. A reader that stalls loses lines,
never delays a pin.

The relays are at rest from the start to the first order, and again when the agent's end closes (it died), on
SIGTERM, SIGINT or SIGHUP, and on any error of our own; then the guard ends and the agent, or its successor,
starts a new one. A guard that is itself killed leaves the pins to the kernel; the agent sees that at once
and starts the next, which puts them at rest.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from intercom.settings import Guard, Relay, SettingsError, load_guard
from intercom.wiegand import INTERVAL_NS, Sender

MAX_PACKET = 1024
# Packets taken between two looks at the clock: a flood may not starve the timers (32 take a millisecond).
BURST = 32
LEASE_NS = 30_000_000_000
# After its time a relay is at rest for at least this long, else a flood of pulses would be one endless pulse:
# a relay needs some 10 ms to let go. The PBX waits longer than this by itself.
REST_NS = 200_000_000
_WAKE_BUTTON_BASE = 128  # bytes below are signal numbers
_WAKE_INPUT_BASE = 160  # at most 28 pins: buttons below, inputs from here


class Pin(Protocol):
    """One output: `on` releases the door, `off` is the resting state."""

    def on(self) -> None: ...
    def off(self) -> None: ...


class _Refused(Exception):
    """A command that cannot be carried out; the text is one word."""


class Output:
    """One relay and the two moments until which it is on; all times are monotonic nanoseconds."""

    __slots__ = (
        "_changed",
        "_hold_end",
        "_limit_ns",
        "_pin",
        "_pulse_end",
        "_rest_end",
        "edge_ns",
        "is_on",
        "name",
    )

    def __init__(self, relay: Relay, pin: Pin, changed: Callable[[str, bool], int]) -> None:
        """`changed` is called straight after each edge, reports it and returns its time."""
        self.name = relay.name
        self._pin, self._changed = pin, changed
        self._limit_ns = int(relay.max_seconds * 1e9)
        self._pulse_end = self._hold_end = self._rest_end = self.edge_ns = 0
        self.is_on = False

    def pulse(self, ms: int, now: int) -> None:
        """On for `ms`, bounded by the relay's own limit; while a pulse runs another changes nothing."""
        self._begin(now)
        if self._pulse_end <= now:
            self._pulse_end = now + min(ms * 1_000_000, self._limit_ns)
        self._switch(True)

    def hold(self, now: int) -> None:
        """On for one lease from now."""
        self._begin(now)
        self._hold_end = now + LEASE_NS
        self._switch(True)

    def release(self, now: int) -> None:
        """End the lease; a running pulse runs on."""
        self._hold_end = now
        self.sweep(now)

    @property
    def end(self) -> int:
        """When the relay goes back to rest."""
        return max(self._pulse_end, self._hold_end)

    def sweep(self, now: int) -> None:
        """Back to rest when its time is over."""
        if self.is_on and self.end <= now:
            self.rest()
            self._rest_end = max(now, self.edge_ns) + REST_NS

    def rest(self) -> None:
        """Back to rest now."""
        self._pulse_end = self._hold_end = 0
        self._switch(False)

    def _begin(self, now: int) -> None:
        # First end what is over: a command read before the next look at the clock may not join two pulses.
        self.sweep(now)
        if not self.is_on and now < self._rest_end:
            raise _Refused("resting")

    def _switch(self, on: bool) -> None:
        # Written even when nothing changes: a pin that lost its state gets it back.
        (self._pin.on if on else self._pin.off)()
        if on != self.is_on:
            self.is_on = on
            self.edge_ns = self._changed(self.name, on)


class Desk:
    """Carries out one command at a time; knows neither sockets nor gpiozero."""

    def __init__(
        self,
        outputs: Mapping[str, Output],
        press: Callable[[str], bool] | None = None,
        play: Callable[[str, bool], bool] | None = None,
        readers: Mapping[str, tuple[Sender, tuple[int, ...]]] | None = None,
    ) -> None:
        """`press` presses a mock button, `play` switches a mock input, False when there is none of that name;
        None with real pins. `readers`: what we play card readers by, and their frames."""
        self._outputs, self._press, self._play = outputs, press, play
        self._readers = readers or {}

    def command(self, packet: bytes, now: int) -> dict[str, object]:
        """Answer one packet; never raises, whatever the bytes are."""
        id = ""
        try:
            fields = _read(packet)
            id = _text(fields, "id")
            return {"id": id, **self._carry_out(fields, now)}
        except _Refused as refusal:
            return {"id": id, "result": "refused", "reason": str(refusal)}

    def next_end(self) -> int | None:
        """When the next relay goes back to rest."""
        ends = [output.end for output in self._outputs.values() if output.is_on]
        ends += [due for sender, _ in self._readers.values() if (due := sender.next_ns) is not None]
        return min(ends, default=None)

    def sweep(self, now: int) -> None:
        """Put every relay to rest whose time is over."""
        for output in self._outputs.values():
            output.sweep(now)
        for sender, _ in self._readers.values():
            sender.sweep(now)

    def rest(self) -> None:
        """Put every relay to rest, each in spite of the others' faults."""
        for output in self._outputs.values():
            with contextlib.suppress(Exception):
                output.rest()
        for sender, _ in self._readers.values():
            with contextlib.suppress(Exception):
                sender.rest()

    def _carry_out(self, fields: Mapping[str, Any], now: int) -> dict[str, object]:
        verb = fields.get("do")
        if verb == "ping":
            return {"result": "pong"}
        if verb == "press":
            if self._press is None or not self._press(_text(fields, "button")):
                raise _Refused("button")
            return {"result": "pressed"}
        if verb == "set":
            if self._play is None or not self._play(_text(fields, "input"), fields.get("on") is True):
                raise _Refused("input")
            return {"result": "set"}
        if (reader := self._readers.get(_text(fields, "relay"))) is not None:
            return _send_card(verb, fields, reader, now)
        output = self._outputs.get(_text(fields, "relay"))
        if output is None:
            raise _Refused("relay")
        if verb == "pulse":
            if _number(fields, "before_ns") < now:
                raise _Refused("late")
            output.pulse(max(_number(fields, "ms"), 1), now)
        elif verb == "hold":
            output.hold(now)
        elif verb == "release":
            output.release(now)
        else:
            raise _Refused("command")
        if not output.is_on:
            return {"result": "off", "ns": output.edge_ns}
        return {"result": "on", "ns": output.edge_ns, "left_ms": max(output.end - now, 0) // 1_000_000}


def _send_card(
    verb: object, fields: Mapping[str, Any], reader: tuple[Sender, tuple[int, ...]], now: int
) -> dict[str, object]:
    """A pulse of a reader is its card, once."""
    if verb != "pulse":
        raise _Refused("command")
    if _number(fields, "before_ns") < now:
        raise _Refused("late")
    sender, bits = reader
    if not sender.begin(bits, now):
        raise _Refused("resting")
    return {"result": "on", "ns": now, "left_ms": len(bits) * INTERVAL_NS // 1_000_000}


def _spin(ns: int) -> None:
    # 100 us is shorter than the scheduler's patience: the only way to wait that long is to look at the clock.
    end = time.monotonic_ns() + ns
    while time.monotonic_ns() < end:
        pass


def _read(packet: bytes) -> Mapping[str, Any]:
    if len(packet) > MAX_PACKET:
        raise _Refused("oversized")
    try:
        fields = json.loads(packet)
    except (ValueError, RecursionError):
        raise _Refused("malformed") from None
    if not isinstance(fields, dict):
        raise _Refused("malformed")
    return fields


def _text(fields: Mapping[str, Any], key: str) -> str:
    value = fields.get(key)
    if not isinstance(value, str) or len(value) > 64:
        raise _Refused("malformed")
    return value


def _number(fields: Mapping[str, Any], key: str) -> int:
    value = fields.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Refused("malformed")
    return value


class Process:
    """The loop: the agent's socket, the clock, signals and buttons; one thread, so that nothing can be half
    done."""

    def __init__(self, settings: Guard, agent: socket.socket) -> None:
        self._agent = agent
        self._agent.setblocking(False)
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._buttons, self._inputs = list(settings.buttons), list(settings.inputs)
        self._stopping = False
        self._pins = pins = _Pins(settings, self._woken)
        outputs = {
            relay.name: Output(relay, pins.outputs[relay.name], _tell_edge)
            for relay in settings.relays.values()
        }
        mock = settings.pins == "mock"
        readers = {
            each.name: (Sender(*pins.wires[each.name], _spin), each.frame)
            for each in settings.readers.values()
        }
        self._desk = Desk(outputs, pins.press if mock else None, pins.play if mock else None, readers)

    def run(self) -> None:
        """Serve until the agent is gone or a signal says stop; the relays are at rest when this returns or
        raises."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        signal.set_wakeup_fd(self._wake_write)
        poll = select.poll()
        poll.register(self._agent, select.POLLIN)
        poll.register(self._wake_read, select.POLLIN)
        _tell(f"ready ns={time.monotonic_ns()}")
        for index in range(len(self._inputs)):
            self._send_input(index)
        try:
            while not self._stopping:
                poll.poll(self._milliseconds_left())
                self._desk.sweep(time.monotonic_ns())
                self._forward_presses()
                self._serve()
        finally:
            self._desk.rest()
            _tell(f"rest ns={time.monotonic_ns()}")

    def _milliseconds_left(self) -> float | None:
        end = self._desk.next_end()
        return None if end is None else max((end - time.monotonic_ns()) / 1e6, 0)

    def _serve(self) -> None:
        for _ in range(BURST):
            try:
                packet = self._agent.recv(MAX_PACKET + 1)
            except BlockingIOError:
                return
            except OSError:
                packet = b""
            if not packet:
                self._stopping = True
                return
            self._send(self._desk.command(packet, time.monotonic_ns()))

    def _send(self, answer: Mapping[str, object]) -> None:
        # An agent that hangs does not read; its answers are lost and it gives up waiting, the pins do not.
        with contextlib.suppress(OSError):
            self._agent.send(json.dumps(answer, separators=(",", ":")).encode() + b"\n")

    def _woken(self, byte: int) -> None:
        # gpiozero calls from a thread of its own: only a byte crosses over.
        with contextlib.suppress(OSError):
            os.write(self._wake_write, bytes([byte]))

    def _send_input(self, index: int) -> None:
        name = self._inputs[index]
        state = {"event": "input", "input": name, "on": self._pins.is_on(name), "ns": time.monotonic_ns()}
        self._send(state)

    def _forward_presses(self) -> None:
        try:
            woken = os.read(self._wake_read, 64)
        except BlockingIOError:
            return
        for byte in woken:
            if byte >= _WAKE_INPUT_BASE:
                self._send_input(byte - _WAKE_INPUT_BASE)
            elif byte >= _WAKE_BUTTON_BASE:
                name = self._buttons[byte - _WAKE_BUTTON_BASE]
                self._send({"event": "button", "button": name, "ns": time.monotonic_ns()})

    def _stop(self, _number: int, _frame: object) -> None:
        self._stopping = True


class _Pins:
    """The one place that knows gpiozero."""

    def __init__(self, settings: Guard, woken: Callable[[int], None]) -> None:
        """`woken` gets the byte of a button or input that changed, from any thread."""
        if settings.pins != "auto":
            os.environ["GPIOZERO_PIN_FACTORY"] = settings.pins
        import gpiozero  # after the settings are known to be right, and in this process only

        self.outputs: dict[str, Pin] = {
            relay.name: gpiozero.OutputDevice(relay.pin, active_high=relay.open_level, initial_value=False)
            for relay in settings.relays.values()
        }
        self._buttons = {}
        for index, button in enumerate(settings.buttons.values()):
            device = gpiozero.Button(button.pin, pull_up=True, bounce_time=0.05)
            device.when_pressed = lambda byte=_WAKE_BUTTON_BASE + index: woken(byte)
            self._buttons[button.name] = device
        self.wires: dict[str, tuple[Pin, Pin]] = {
            each.name: (
                gpiozero.OutputDevice(each.zero, active_high=False, initial_value=False),
                gpiozero.OutputDevice(each.one, active_high=False, initial_value=False),
            )
            for each in settings.readers.values()
        }
        self._inputs = {}
        for index, each in enumerate(settings.inputs.values()):
            device = gpiozero.Button(each.pin, pull_up=True, bounce_time=0.05)
            if settings.pins == "mock" and each.normally == "closed":
                device.pin.drive_low()
            device.when_pressed = device.when_released = lambda byte=_WAKE_INPUT_BASE + index: woken(byte)
            self._inputs[each.name] = (device, each.normally == "closed")

    def is_on(self, name: str) -> bool:
        """Whether an input's circuit is not as it normally is."""
        device, normally_closed = self._inputs[name]
        return bool(device.is_pressed) != normally_closed

    def play(self, name: str, on: bool) -> bool:
        """Switch a mock input."""
        if name not in self._inputs:
            return False
        device, normally_closed = self._inputs[name]
        (device.pin.drive_high if on == normally_closed else device.pin.drive_low)()
        return True

    def press(self, name: str) -> bool:
        device = self._buttons.get(name)
        if device is None:
            return False
        device.pin.drive_low()
        device.pin.drive_high()
        return True


def _tell_edge(relay: str, on: bool) -> int:
    ns = time.monotonic_ns()
    _tell(f"edge relay={relay} on={int(on)} ns={ns}")
    return ns


def _tell(line: str) -> None:
    # A pipe that polls writable takes a short line whole; any other would block us while a door is open.
    writable = select.poll()
    writable.register(1, select.POLLOUT)
    with contextlib.suppress(OSError):
        if any(flags & select.POLLOUT for _, flags in writable.poll(0)):
            os.write(1, line.encode() + b"\n")


def main(arguments: list[str]) -> int:
    """Run the guard; 2 for wrong settings or pins, each with one line on standard error."""
    try:
        if len(arguments) != 1:
            raise SettingsError("usage: python -m intercom.relay_guard CONFIG")
        settings = load_guard(Path(arguments[0]))
        agent = socket.socket(fileno=0)
        if agent.family != socket.AF_UNIX:
            raise SettingsError("relay_guard: standard input is not the agent's socket")
        process = Process(settings, agent)
    except (SettingsError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except Exception as error:
        # gpiozero has a tree of errors (no such pin, pin in use, no pin factory): all end the start.
        sys.stderr.write(f"relay_guard: no pins: {type(error).__name__}: {error}\n")
        return 2
    process.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
