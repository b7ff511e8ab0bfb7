"""What `make run` runs: the programs of one machine, prepared with two demonstration sites."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tooling.supervise import Program

ROOT = Path(__file__).parent.parent
GUNICORN = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:8080", "--workers", "1", "--threads", "8"]


class PreparationError(Exception):
    """The demonstration cannot be set up; `str()` says what failed, fit for a terminal."""


def prepare() -> tuple[list[Program], str]:
    """Bring the databases and the demonstration sites up to date.

    Returns the programs to run and the text that tells how to use them.
    """
    (ROOT / "var").mkdir(mode=0o700, exist_ok=True)
    return programs(), guide()


def programs() -> list[Program]:
    """What runs on one machine."""
    return [
        Program("pbx", [sys.executable, "-m", "pbx"]),
        Program("webadmin", [*GUNICORN, "webadmin.app:create_app()"]),
    ]


def guide() -> str:
    """Where everything is, and how to connect a softphone."""
    return "WebAdmin: http://127.0.0.1:8080/   SIP: 127.0.0.1:5060 UDP and TCP, 5061 TLS   Ctrl-C ends all"


def step(command: list[str]) -> None:
    """Run one preparation, silent unless it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise PreparationError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}".rstrip())
