"""The process that owns camera, microphone and speaker: what it does never holds the agent's doors up.

    python -m intercom.phone.studio CONFIG

Standard input is a Unix socket (SOCK_SEQPACKET) whose other end the agent holds. One packet is one JSON line:

    {"do":"open","talk":1,"host":".."}            binds ports; answered by "opened" or "failed"
    {"do":"agree","talk":1,"live":false,"terms":{"audio":{..},"video":{..}}}   send, and hear, like this
    {"do":"key","talk":1}                         a key picture, soon
    {"do":"close","talk":1}                       the end; answered by "closed" with what was counted
    {"do":"ping"}                                 "pong": the studio is not hung

Events: `{"event":"ready","video":true}`, `{"event":"opened","talk","ports":{"audio":..,"video":..}}`,
`{"event":"lacks","what":"camera","why":".."}`. The camera is looked through once at the start, so that a
panel without one offers no picture; one that failed in a call is looked for again after it.

It starts with the agent and stays, for loading PyAV takes a panel's processor a second. It ends with the
agent's end of the socket.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from intercom.phone.devices import DeviceError, check_camera, prepare
from intercom.phone.orders import read
from intercom.phone.talk import Talk
from intercom.settings import Audio, SettingsError, Video, load_studio

MAX_PACKET = 8192
REPORT_SECONDS = 5.0


class Studio:
    """Every call's media; in practice one at a time."""

    def __init__(self, agent: socket.socket, audio: Audio, video: Video) -> None:
        self._agent, self._audio, self._video = agent, audio, video
        self._selector = selectors.DefaultSelector()
        self._talks: dict[int, Talk] = {}
        self._camera = False
        self._told: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def run(self) -> None:
        """Serve until the agent's end closes."""
        self._selector.register(self._agent, selectors.EVENT_READ)
        self._look()
        self._tell(event="ready", video=self._camera)
        due = time.monotonic() + REPORT_SECONDS
        try:
            while self._turn(max(0.0, due - time.monotonic())):
                if time.monotonic() >= due:
                    due += REPORT_SECONDS
                    for talk in self._talks.values():
                        talk.report()
        finally:
            for number in list(self._talks):
                self._close(number)

    def _turn(self, seconds: float) -> bool:
        for key, _ in self._selector.select(seconds):
            if key.fileobj is self._agent:
                if not self._listen():
                    return False
            elif isinstance(key.data, Talk) and isinstance(key.fileobj, socket.socket):
                self._read(key.data, key.fileobj)
        return True

    def _read(self, talk: Talk, sock: socket.socket) -> None:
        """What comes is a stranger's until it is understood: no packet may end the studio."""
        try:
            talk.readable(sock)
        except Exception as error:
            self._lacks("packet", f"{type(error).__name__}: {error}")

    def _listen(self) -> bool:
        packet = self._agent.recv(MAX_PACKET)
        if packet:
            self._obey(json.loads(packet))
        return bool(packet)

    def _obey(self, command: Mapping[str, Any]) -> None:
        number, talk = command.get("talk", 0), self._talks.get(command.get("talk", 0))
        match command["do"]:
            case "open":
                self._open(number, command["host"])
            case "agree" if talk is not None:
                talk.agree(read(command["terms"]), live=command["live"])
            case "key" if talk is not None:
                talk.key_picture()
            case "close" if talk is not None:
                self._close(number)
            case "ping":
                self._tell(event="pong")

    def _open(self, number: int, host: str) -> None:
        try:
            talk = Talk(host, self._audio, self._video if self._camera else None, self._lacks)
        except OSError as error:
            self._tell(event="failed", talk=number, why=str(error))
            return
        self._talks[number] = talk
        for outlet in talk.outlets.values():
            self._selector.register(outlet.rtp, selectors.EVENT_READ, talk)
            self._selector.register(outlet.rtcp, selectors.EVENT_READ, talk)
        self._tell(event="opened", talk=number, ports=talk.ports)

    def _close(self, number: int) -> None:
        talk = self._talks.pop(number)
        for outlet in talk.outlets.values():
            self._selector.unregister(outlet.rtp)
            self._selector.unregister(outlet.rtcp)
        talk.close()
        sent = {kind: outlet.sent for kind, outlet in talk.outlets.items()}
        self._tell(
            event="closed", talk=number, sent=sent, heard=talk.heard, keys=talk.keys, encoder=talk.encoder
        )
        if not self._camera:
            self._look()

    def _look(self) -> None:
        """Whether there is a camera; a missing one is told of once, not before each call."""
        if self._video.source == "none":
            return
        try:
            check_camera(self._video)
        except DeviceError as error:
            self._lacks("camera", str(error))
            return
        self._camera = True
        self._tell(event="found", what="camera")
        self._told = {(what, why) for what, why in self._told if what != "camera"}

    def _lacks(self, what: str, why: str) -> None:
        """Any thread's word that a device is missing."""
        with self._lock:
            if what == "camera":
                self._camera = False
            if (what, why) in self._told:
                return
            self._told.add((what, why))
        self._tell(event="lacks", what=what, why=why)

    def _tell(self, **fields: object) -> None:
        with contextlib.suppress(OSError):
            self._agent.send(json.dumps(fields, separators=(",", ":")).encode())


def main(arguments: list[str]) -> int:
    """Run the studio; 2 for wrong settings."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the agent ends us
    with contextlib.suppress(OSError):
        os.nice(5)  # pictures may stutter, doors may not
    try:
        if len(arguments) != 1:
            raise SettingsError("usage: python -m intercom.phone.studio CONFIG")
        audio, video = load_studio(Path(arguments[0]))
        agent = socket.socket(fileno=0)
        if agent.family != socket.AF_UNIX:
            raise SettingsError("studio: standard input is not the agent's socket")
    except (SettingsError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    prepare()
    Studio(agent, audio, video).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
