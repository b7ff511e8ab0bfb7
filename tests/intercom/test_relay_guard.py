"""The guard's rules on a clock of ours, then the real process: every edge is read from its own lines (R8)."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.relay_guard import LEASE_NS, REST_NS, Desk, Output
from intercom.settings import Relay
from intercom.wiegand import Sender, frame
from tests.support.guard import Lines, edge_ns, real_guard

SECOND = 1_000_000_000
# Beyond the configured time a relay may be on for this long (the promise; measured is a few milliseconds).
GRACE_NS = SECOND // 2


class Pin:
    level = False

    def on(self) -> None:
        self.level = True

    def off(self) -> None:
        self.level = False


class Bench:
    """A desk with one relay of two seconds at most, and the moments of its edges."""

    def __init__(self) -> None:
        self.now = 0
        self.edges: list[tuple[bool, int]] = []
        self.pin = Pin()
        gate = Relay("gate", 17, "high", "secure", 2.0)
        self.desk = Desk({"gate": Output(gate, self.pin, self._changed)})

    def _changed(self, relay: str, on: bool) -> int:
        self.edges.append((on, self.now))
        return self.now

    def ask(self, **fields: object) -> dict[str, object]:
        command = {"id": "x", "relay": "gate", "before_ns": self.now, **fields}
        answer = self.desk.command(json.dumps(command).encode(), self.now)
        assert answer.pop("id") == "x"
        return answer

    def pass_to(self, moment: int) -> None:
        """Time passes as in the real loop: the desk is swept when it asks for it."""
        while (end := self.desk.next_end()) is not None and end <= moment:
            self.now = end
            self.desk.sweep(self.now)
        self.now = moment


def test_a_pulse() -> None:
    bench = Bench()
    assert bench.ask(do="pulse", ms=500) == {"result": "on", "ns": 0, "left_ms": 500}
    assert bench.pin.level
    bench.pass_to(SECOND)
    assert bench.edges == [(True, 0), (False, SECOND // 2)]


def test_its_own_settings_bound_it() -> None:
    bench = Bench()
    assert bench.ask(do="pulse", ms=3_600_000)["left_ms"] == 2000


def test_a_pulse_while_on_changes_nothing() -> None:
    bench = Bench()
    bench.ask(do="pulse", ms=500)
    bench.pass_to(400_000_000)
    assert bench.ask(do="pulse", ms=2000) == {"result": "on", "ns": 0, "left_ms": 100}
    bench.pass_to(SECOND)
    assert bench.edges[-1] == (False, SECOND // 2)


def test_a_pulse_read_before_the_next_look_at_the_clock_joins_no_two() -> None:
    bench = Bench()
    bench.ask(do="pulse", ms=500)
    bench.now = 600_000_000
    assert bench.ask(do="pulse", ms=500) == {"result": "refused", "reason": "resting"}
    assert bench.edges == [(True, 0), (False, 600_000_000)]
    bench.pass_to(600_000_000 + REST_NS)
    assert bench.ask(do="pulse", ms=500)["result"] == "on"


def test_a_command_that_waited_too_long_is_dead() -> None:
    bench = Bench()
    bench.now = SECOND
    assert bench.ask(do="pulse", ms=500, before_ns=SECOND - 1) == {"result": "refused", "reason": "late"}
    assert not bench.edges


def test_a_hold_is_a_lease() -> None:
    bench = Bench()
    assert bench.ask(do="hold")["left_ms"] == 30_000
    bench.pass_to(20 * SECOND)
    bench.ask(do="hold")
    bench.pass_to(49 * SECOND)
    assert bench.pin.level
    bench.pass_to(60 * SECOND)
    assert bench.edges == [(True, 0), (False, 20 * SECOND + LEASE_NS)]


def test_a_release_ends_the_lease_and_leaves_a_pulse_alone() -> None:
    bench = Bench()
    bench.ask(do="hold")
    bench.pass_to(SECOND)
    assert bench.ask(do="release") == {"result": "off", "ns": SECOND}
    bench.pass_to(2 * SECOND)
    bench.ask(do="hold")
    bench.ask(do="pulse", ms=1000)
    assert bench.ask(do="release")["left_ms"] == 1000


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        (b"", "malformed"),
        (b"{", "malformed"),
        (b"[]", "malformed"),
        (b"\xff", "malformed"),
        (b"[" * 1000, "malformed"),
        (b" " * 1025, "oversized"),
        (b'{"id":7,"do":"ping"}', "malformed"),
        (b'{"id":"x","do":"pulse","relay":"other"}', "relay"),
        (b'{"id":"x","do":"pulse","relay":"gate"}', "malformed"),
        (b'{"id":"x","do":"pulse","relay":"gate","before_ns":1e9,"ms":1}', "malformed"),
        (b'{"id":"x","do":"pulse","relay":"gate","before_ns":1,"ms":true}', "malformed"),
        (b'{"id":"x","do":"unlock","relay":"gate"}', "command"),
        (b'{"id":"x","do":"press","button":"first"}', "button"),
    ],
)
def test_what_is_no_command(packet: bytes, reason: str) -> None:
    bench = Bench()
    answer = bench.desk.command(packet, 0)
    assert (answer["result"], answer["reason"]) == ("refused", reason)
    assert not bench.edges


@given(st.binary(max_size=1100))
def test_no_bytes_raise_and_none_open(packet: bytes) -> None:
    bench = Bench()
    bench.desk.command(packet, 0)
    assert not bench.edges


@given(st.lists(st.tuples(st.integers(0, SECOND), st.integers(-5, 10**12)), max_size=40))
def test_no_row_of_pulses_keeps_it_on_longer_than_its_limit(pulses: list[tuple[int, int]]) -> None:
    bench = Bench()
    for pause, ms in pulses:
        bench.pass_to(bench.now + pause)
        bench.ask(do="pulse", ms=ms)
    bench.pass_to(bench.now + 3 * SECOND)
    assert not bench.pin.level
    for (_, start), (_, end) in zip(bench.edges[::2], bench.edges[1::2], strict=True):
        assert end - start <= 2 * SECOND
    for (_, end), (_, start) in zip(bench.edges[1::2], bench.edges[2::2], strict=False):
        assert start - end >= REST_NS


# The real process.


def test_the_process_pulses_and_tells_its_edges(tmp_path: Path) -> None:
    with real_guard(tmp_path) as guard:
        answer = guard.pulse(300)
        on = guard.lines.until("edge relay=gate on=1")
        off = guard.lines.until("edge relay=gate on=0")
        assert answer == {"id": "x", "result": "on", "ns": edge_ns(on), "left_ms": 300}
        lasted = edge_ns(off) - edge_ns(on)
        assert 300_000_000 <= lasted <= 300_000_000 + GRACE_NS


def test_a_thousand_opens_at_once_are_one(tmp_path: Path) -> None:
    with real_guard(tmp_path) as guard:
        before = time.monotonic_ns() + 5 * SECOND
        heard = 0
        for _ in range(1000):
            guard.say(do="pulse", relay="gate", ms=1000, before_ns=before)
            if len(guard.agent.recv(4096)):
                heard += 1
        on = guard.lines.until("edge relay=gate on=1")
        off = guard.lines.until("edge relay=gate on=0")
        assert edge_ns(off) - edge_ns(on) <= SECOND + GRACE_NS
        assert heard == 1000


def test_a_flood_from_an_agent_that_never_reads(tmp_path: Path) -> None:
    """The answers have nowhere to go; the pin keeps its time all the same."""
    with real_guard(tmp_path) as guard:
        guard.agent.setblocking(False)
        end, sent = time.monotonic() + 1.0, 0
        while time.monotonic() < end:
            try:
                guard.say(do="pulse", relay="gate", ms=300, before_ns=time.monotonic_ns() + SECOND)
                sent += 1
            except BlockingIOError:
                continue
        assert sent > 1000
        guard.agent.close()
        edges = [line for line in guard.lines.rest() if line.startswith("edge relay=gate")]
        pairs = list(zip(edges[::2], edges[1::2], strict=True))
        assert pairs
        for on, off in pairs:
            assert "on=1" in on and "on=0" in off
            assert edge_ns(off) - edge_ns(on) <= 300_000_000 + GRACE_NS
        for off, on in zip(edges[1::2], edges[2::2], strict=False):
            assert edge_ns(on) - edge_ns(off) >= REST_NS


def test_a_reader_that_stalls_delays_no_pin(tmp_path: Path) -> None:
    """Nobody reads standard output until its pipe is full many times over."""
    with real_guard(tmp_path) as guard:
        for _ in range(2000):
            guard.ask(do="hold", relay="lobby")
            guard.ask(do="release", relay="lobby")
        answer = guard.pulse(200)
        assert answer["result"] == "on"
        deadline = time.monotonic() + 5
        while guard.ask(do="release", relay="gate")["result"] != "off":
            assert time.monotonic() < deadline
        assert guard.ask(do="ping") == {"id": "x", "result": "pong"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_puts_the_relays_to_rest(tmp_path: Path, number: signal.Signals) -> None:
    with real_guard(tmp_path) as guard:
        guard.pulse(2000)
        guard.ask(do="hold", relay="lobby")
        guard.process.send_signal(number)
        rest = guard.lines.rest()
        assert sorted(line.partition(" ns=")[0] for line in rest[2:]) == [
            "edge relay=gate on=0",
            "edge relay=lobby on=0",
            "rest",
        ]
        assert guard.process.wait(5) == 0


def test_when_the_agents_end_closes_the_relays_rest(tmp_path: Path) -> None:
    with real_guard(tmp_path) as guard:
        guard.pulse(2000)
        on = guard.lines.until("edge relay=gate on=1")
        guard.agent.close()
        off = guard.lines.until("edge relay=gate on=0")
        assert edge_ns(off) - edge_ns(on) < SECOND
        assert guard.process.wait(5) == 0


def holder(tmp_path: Path) -> subprocess.Popen[bytes]:
    """An agent in miniature, a process of its own: starts a guard, asks for a long pulse, sits there."""
    (tmp_path / "guard.toml").write_text('[guard]\npins="mock"\n[relays.gate]\npin=17\n')
    program = """
import socket, subprocess, sys, json, time
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
subprocess.Popen([sys.executable, "-m", "intercom.relay_guard", sys.argv[1]], stdin=theirs)
theirs.close()
ours.send(json.dumps({"do": "pulse", "id": "a", "relay": "gate", "ms": 1500, "before_ns": 2**62}).encode())
while True:
    time.sleep(60)
"""
    command = [sys.executable, "-c", program, str(tmp_path / "guard.toml")]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": os.getcwd()})


@pytest.mark.parametrize(
    ("number", "longest"), [(signal.SIGSTOP, 1_500_000_000 + GRACE_NS), (signal.SIGKILL, SECOND)]
)
def test_an_agent_that_hangs_or_is_killed(tmp_path: Path, number: signal.Signals, longest: int) -> None:
    with holder(tmp_path) as agent:
        assert agent.stdout is not None
        lines = Lines(agent.stdout.fileno())
        try:
            on = lines.until("edge relay=gate on=1")
            agent.send_signal(number)
            off = lines.until("edge relay=gate on=0")
            assert edge_ns(off) - edge_ns(on) <= longest
        finally:
            agent.kill()
        assert lines.until("rest")


def test_a_finger_on_a_mock_button(tmp_path: Path) -> None:
    with real_guard(tmp_path) as guard:
        guard.say(do="press", button="first")
        heard = [guard.hear(), guard.hear()]
        assert {"id": "x", "result": "pressed"} in heard
        assert [fields["button"] for fields in heard if fields.get("event") == "button"] == ["first"]
        assert guard.ask(do="press", button="second")["reason"] == "button"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("[guard]\npins = 'nothing-such'\n[relays.gate]\npin = 17\n", "no pins"),
        ("[relays.gate]\npin = 99\n", "relays.gate.pin: must be a whole number from 0 to 27"),
        ("[relays", "not valid TOML"),
    ],
)
def test_wrong_settings_are_one_line(tmp_path: Path, settings: str, says: str) -> None:
    path = tmp_path / "guard.toml"
    path.write_text(settings)
    command = [sys.executable, "-m", "intercom.relay_guard", str(path)]
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        ended = subprocess.run(command, stdin=theirs.fileno(), capture_output=True, timeout=20, check=False)
    assert ended.returncode == 2
    assert says in ended.stderr.decode()
    assert "Traceback" not in ended.stderr.decode()


def test_it_speaks_to_nobody_but_an_agent(tmp_path: Path) -> None:
    (tmp_path / "guard.toml").write_text("")
    command = [sys.executable, "-m", "intercom.relay_guard", str(tmp_path / "guard.toml")]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr.decode()


INPUTS = """
[guard]
pins = "mock"
[inputs.door]
pin = 6
[inputs.power]
pin = 13
kind = "battery"
"""


def test_inputs_are_told_at_the_start_and_when_they_change(tmp_path: Path) -> None:
    with real_guard(tmp_path, INPUTS) as guard:
        first = [guard.hear() for _ in range(2)]
        assert [(each["input"], each["on"]) for each in first] == [("door", False), ("power", False)]
        for name, on in (("door", True), ("power", True), ("door", False)):
            guard.say(do="set", input=name, on=on)
            answers = [guard.hear(), guard.hear()]
            told = next(each for each in answers if each.get("event") == "input")
            assert (told["input"], told["on"]) == (name, on)
            assert {"id": "x", "result": "set"} in answers
            time.sleep(0.1)  # the bounce time of a real contact
        assert guard.ask(do="set", input="moon", on=True)["reason"] == "input"


def test_a_card_is_sent_bit_by_bit_and_a_second_one_waits_for_it() -> None:
    levels: list[tuple[int, bool]] = []

    class Line:
        def __init__(self, number: int) -> None:
            self.number = number

        def on(self) -> None:
            levels.append((self.number, True))

        def off(self) -> None:
            levels.append((self.number, False))

    bits = frame(26, 1, 7)
    desk = Desk({}, readers={"reader": (Sender(Line(0), Line(1), lambda ns: None), bits)})
    packet = json.dumps({"id": "x", "do": "pulse", "relay": "reader", "ms": 5000, "before_ns": 0}).encode()
    assert desk.command(packet, 0) == {"id": "x", "result": "on", "ns": 0, "left_ms": 52}
    assert desk.command(packet, 0)["reason"] == "resting"
    while (due := desk.next_end()) is not None:
        desk.sweep(due)
    assert [number for number, low in levels if low] == list(bits)
    hold = packet.replace(b"pulse", b"hold")
    assert desk.command(hold, 0)["reason"] == "command"


def test_the_real_process_sends_a_card(tmp_path: Path) -> None:
    text = '[guard]\npins = "mock"\n[readers.reader]\nzero = 20\none = 21\nfacility = 1\ncard = 7\n'
    with real_guard(tmp_path, text) as guard:
        assert guard.pulse(5000, "reader")["result"] == "on"
        assert guard.pulse(5000, "reader")["reason"] == "resting"
        time.sleep(0.3)  # 26 bits, 2 ms each
        assert guard.pulse(5000, "reader")["result"] == "on"
