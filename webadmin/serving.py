"""Runs WebAdmin's web servers: HTTP on loopback, and HTTPS beside it as soon as there is a certificate.

Gunicorn speaks TLS on all of its addresses or on none, so that there are two of it. Its threads read the
certificate anew for each connection, so that a renewed one is shown at once, by running workers too.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from webadmin.addresses import certificate_files
from webadmin.settings import Settings

PATIENCE = 25.0


def command(settings: Settings, address: str, *more: str) -> list[str]:
    """A gunicorn at this address; without a log of who asked for what."""
    found = [sys.executable, "-m", "gunicorn", "--bind", address, "--threads", "4"]
    found += ["--workers", str(settings.webadmin.workers), "--no-control-socket"]
    return [*found, "--log-level", settings.log.level, *more, "webadmin.app:create_app()"]


def serve(settings: Settings) -> int:
    """Serve until a signal ends it or a server dies; exit status for the shell."""
    web = settings.webadmin
    plain = command(settings, f"{web.host}:{web.port}")
    if not web.tls_host:
        os.execv(sys.executable, plain)
    certificate, key = certificate_files(settings)
    more = ("--certfile", str(certificate), "--keyfile", str(key))
    return Pair(plain, command(settings, f"{web.tls_host}:{web.tls_port}", *more), certificate).run()


class Pair:
    """Two servers that live and die together; the second starts when `needs` exists.

    Args:
        tick: waits a little; for tests.
    """

    def __init__(
        self, first: list[str], second: list[str], needs: Path, tick: Callable[[], None] | None = None
    ) -> None:
        self._waiting = [first, second]
        self._needs = needs
        self._tick = tick or (lambda: time.sleep(0.2))
        self._running: list[subprocess.Popen[bytes]] = []
        self._ending = False

    def run(self) -> int:
        """Run both until one ends or SIGTERM or SIGINT comes; 0 for a signal."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        self._running.append(subprocess.Popen(self._waiting.pop(0)))
        while not self._ending and all(each.poll() is None for each in self._running):
            if self._waiting and self._needs.exists():
                self._running.append(subprocess.Popen(self._waiting.pop()))
            self._tick()
        for each in self._running:
            each.terminate()
        until = time.monotonic() + PATIENCE
        for each in self._running:
            try:
                each.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                each.kill()
                each.wait()
        return 0 if self._ending else 1

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._ending = True
