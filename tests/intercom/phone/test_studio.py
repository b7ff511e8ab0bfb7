"""The studio as a process of its own, spoken to as the agent does."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from intercom.phone.description import Terms
from intercom.phone.orders import written
from intercom.phone.outlet import bind_pair
from media import rtp

pytestmark = pytest.mark.peer  # it loads PyAV: a second and more

PATTERN = '[audio]\nsource = "tone"\n[video]\nsource = "pattern"\nwidth = 160\nheight = 120\n'


class Agent:
    """Our end of the socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock

    def send(self, **fields: object) -> None:
        self._socket.send(json.dumps(fields).encode())

    def until(self, event: str) -> dict[str, Any]:
        while packet := self._socket.recv(8192):
            fields: dict[str, Any] = json.loads(packet)
            if fields["event"] == event:
                return fields
        raise AssertionError(f"it ended without {event}")


@contextmanager
def studio(tmp_path: Path, settings: str = PATTERN) -> Iterator[tuple[Agent, subprocess.Popen[bytes]]]:
    path = tmp_path / "intercom.toml"
    path.write_text(settings)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(30.0)
    command = (sys.executable, "-m", "intercom.phone.studio", str(path))
    with ours, subprocess.Popen(command, stdin=theirs.fileno(), stderr=subprocess.PIPE) as process:
        theirs.close()
        try:
            yield Agent(ours), process
        finally:
            ours.close()
            assert process.wait(10) == 0, process.stderr.read() if process.stderr else ""


def test_a_call_from_its_ports_to_its_end(tmp_path: Path) -> None:
    with studio(tmp_path) as (agent, _):
        assert agent.until("ready") == {"event": "ready", "video": True}
        agent.send(do="ping")
        agent.until("pong")
        agent.send(do="open", talk=1, host="127.0.0.1")
        ports = agent.until("opened")["ports"]
        assert set(ports) == {"audio", "video"}
        first, second = bind_pair("127.0.0.1")
        with first, second:
            port = first.getsockname()[1]
            picture = Terms("h264", 98, 90_000, "127.0.0.1", port, port + 1, True, False)
            agent.send(do="agree", talk=1, live=True, terms=written({"video": picture}))
            first.settimeout(20.0)
            data, address = first.recvfrom(4096)
            packet = rtp.parse(data)
            assert packet is not None and packet.payload_type == 98 and address[1] == ports["video"]
            agent.send(do="key", talk=1)
            agent.send(do="close", talk=1)
            counted = agent.until("closed")
            assert counted["sent"]["video"] >= 1 and counted["encoder"]
        agent.send(do="close", talk=1)  # twice, and of another: nothing
        agent.send(do="key", talk=7)
        agent.send(do="ping")
        agent.until("pong")


def test_without_a_camera_there_is_sound(tmp_path: Path) -> None:
    with studio(tmp_path, '[video]\nsource = "/dev/video99"\n') as (agent, _):
        lacks = agent.until("lacks")
        assert lacks["what"] == "camera" and "/dev/video99: No such file" in lacks["why"]
        assert agent.until("ready")["video"] is False
        for talk in (1, 2):
            agent.send(do="open", talk=talk, host="127.0.0.1")
            assert set(agent.until("opened")["ports"]) == {"audio"}
            agent.send(do="close", talk=talk)
            assert agent.until("closed")["heard"] == 0


def test_no_address_no_ports(tmp_path: Path) -> None:
    with studio(tmp_path) as (agent, _):
        agent.send(do="open", talk=1, host="192.0.2.77")
        assert agent.until("failed")["talk"] == 1


def test_wrong_settings(tmp_path: Path) -> None:
    path = tmp_path / "intercom.toml"
    path.write_text('[video]\nsource = "pattern"\nrate = 1000\n')
    command = (sys.executable, "-m", "intercom.phone.studio", str(path))
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=30, text=True)
    assert done.returncode == 2 and "rate: must be a whole number" in done.stderr
