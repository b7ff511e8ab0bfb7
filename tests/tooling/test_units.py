"""The units that are installed: systemd understands them, and what they may write is where they write."""

from __future__ import annotations

import configparser
import json
import subprocess
from pathlib import Path

import pytest

from tests.support.peers import need
from tests.support.system import ROOT

UNITS = sorted((ROOT / "config/systemd").glob("*.service"))
PROGRAMS = ("/opt/doorline/.venv/bin/python", "/usr/bin/cage")


class AsWritten(configparser.ConfigParser):
    """Keys keep their capitals."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def read(name: str) -> configparser.SectionProxy:
    found = AsWritten(strict=False, interpolation=None)
    found.read(ROOT / f"config/systemd/{name}.service")
    return found["Service"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_understands_it(unit: Path, tmp_path: Path) -> None:
    program = need("systemd-analyze")
    text = unit.read_text()
    for each in PROGRAMS:
        text = text.replace(each, "/bin/true")
    for other in UNITS:  # they name each other
        (tmp_path / other.name).write_text(text if other == unit else "[Service]\nExecStart=/bin/true\n")
    done = subprocess.run(
        [program, "verify", "--man=no", str(tmp_path / unit.name)], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_an_agent_stands_where_it_may_write_and_is_watched() -> None:
    agent = read("doorline-intercom")
    assert agent["ProtectSystem"] == "strict"
    assert agent["WorkingDirectory"] == f"/var/lib/{agent['StateDirectory']}"
    assert agent["Environment"] == "PYTHONPATH=/opt/doorline", "its program lies elsewhere"
    assert agent["Type"] == "notify" and int(agent["WatchdogSec"]) >= 10 and agent["Restart"] == "always"


def test_the_screen_shows_the_agents_page_and_nothing_else() -> None:
    page = "http://127.0.0.1:8090"
    assert f"{page}/" in read("doorline-screen")["ExecStart"]
    policy = json.loads((ROOT / "config/chromium.json").read_text())
    assert policy["URLBlocklist"] == ["*"]
    assert policy["URLAllowlist"] == policy["VideoCaptureAllowedUrls"] == [page]
