"""The worker process by itself: it never outlives whoever started it."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
from dataclasses import asdict

from media.orders import LineReader, encode
from tests.media.calls import SECONDS, SETTINGS
from tests.media.loopback import FIRST

ORPHAN = """
import asyncio, os
from media.embedded import EmbeddedEngine
from media.engine import MediaSettings

async def main():
    engine = EmbeddedEngine(MediaSettings(port_low={first}, port_high={last}, ready_pairs=4))
    await engine.start()
    print(engine.pids()[0], flush=True)
    os.read(0, 1)
    os._exit(1)

asyncio.run(main())
"""


def gone(pidfd: int) -> bool:
    poller = select.poll()
    poller.register(pidfd, select.POLLIN)
    return bool(poller.poll(SECONDS * 1000))


def test_it_ends_when_its_starter_dies_without_a_word() -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", ORPHAN.format(first=FIRST + 660, last=FIRST + 699)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert starter.stdout is not None and starter.stdin is not None
    with starter, os.fdopen(os.pidfd_open(int(starter.stdout.readline()))) as worker:
        starter.stdin.write(b"x")
        starter.stdin.flush()
        assert starter.wait(SECONDS) == 1
        assert gone(worker.fileno())


def test_it_ends_when_it_is_given_nothing_to_do() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        worker = subprocess.Popen(
            [sys.executable, "-m", "media.worker", str(theirs.fileno())], pass_fds=[theirs.fileno()]
        )
    ours.close()
    assert worker.wait(SECONDS) == 0


def test_it_says_its_ports_and_that_it_lives() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        worker = subprocess.Popen(
            [sys.executable, "-m", "media.worker", str(theirs.fileno())], pass_fds=[theirs.fileno()]
        )
    with ours:
        ours.settimeout(SECONDS)
        settings = {**asdict(SETTINGS), "hang_seconds": 0.2}
        ours.sendall(encode([["start", settings, FIRST + 700, FIRST + 720], ["bind", 2]]))
        reader, verbs = LineReader(), []
        while "alive" not in verbs:
            verbs += [order[0] for order in reader.feed(ours.recv(4096))]
        assert verbs[0] == "ports"
    assert worker.wait(SECONDS) == 0
