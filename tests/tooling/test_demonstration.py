from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.support.ports import free_port
from tooling.demonstration import PreparationError, prepare, read_log_ins, step

ROOT = Path(__file__).parent.parent.parent


def surroundings(var: Path) -> dict[str, str]:
    """Settings that keep a demonstration out of the way of others on this machine."""
    tcp = ("SIP__TCP", "SIP__TLS", "HTTP_", "HTTP__TLS", "AMI_", "WEBADMIN_", "WEBADMIN__TLS")
    ports = {"SIP__UDP": free_port("udp"), **{name: free_port() for name in tcp}}
    first = 16000 + free_port("udp") % 20 * 200
    return {
        "DOORLINE_PATHS__VAR": str(var),
        "DOORLINE_DATABASE__ADMIN_URL": f"sqlite:///{var}/admin.db",
        "DOORLINE_DATABASE__PBX_URL": f"sqlite:///{var}/pbx.db",
        "DOORLINE_MEDIA__PORT_FIRST": str(first),
        "DOORLINE_MEDIA__PORT_LAST": str(first + 198),
        "DOORLINE_MEDIA__WEBRTC_PORT": "0",
        **{f"DOORLINE_{name}_PORT": str(port) for name, port in ports.items()},
    }


def test_log_ins_are_read_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "log-ins"
    assert list(read_log_ins(file)) == []
    file.write_text("# domain device username secret\n\nkontor.example d1 kari s3cret\nbroken line\n")
    (log_in,) = read_log_ins(file)
    assert (log_in.site, log_in.username, log_in.secret) == ("kontor.example", "kari", "s3cret")


def test_a_step_that_fails_says_what_and_why() -> None:
    with pytest.raises(PreparationError, match=r"python -m json\.tool /nowhere failed"):
        step("json.tool", "/nowhere")


@pytest.mark.timeout(180)
def test_everything_is_prepared_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for name, value in surroundings(tmp_path).items():
        monkeypatch.setenv(name, value)
    programs, guide = prepare()
    names = [program.name for program in programs]
    assert names == ["pbx", "webadmin", "house-controller", "entrance", "office-controller", "street"]
    secrets = {each.device: each.secret for each in read_log_ins(tmp_path / "demo-credentials.txt")}
    assert secrets["ola-app"] in guide
    assert "https://" in guide and "/enter/" in guide and "█" in guide
    panel = tmp_path / "intercom" / "entrance"
    assert tomllib.loads((panel / "intercom.toml").read_text())["buttons"]["first"]["calls"] == "1"
    for path in (panel / "secret", tmp_path / "webadmin-ami.secret", tmp_path / "ami-accounts.json"):
        assert path.stat().st_mode & 0o777 == 0o600
    first = (panel / "secret").read_text()
    prepare()
    assert (panel / "secret").read_text() == first


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A directory whose sockets fit: the system takes 107 bytes, and names of test directories are long."""
    with tempfile.TemporaryDirectory(prefix="doorline-") as path:
        yield Path(path)


def up(said: list[str]) -> bool:
    registered = sum("state=registered" in line for line in said)
    return registered == 4 and any("Booting worker" in line for line in said)


@pytest.mark.peer
@pytest.mark.timeout(180)
async def test_make_run_brings_everything_up_and_ends_cleanly(short_path: Path) -> None:
    environment = surroundings(short_path)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tooling.supervise"),
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    said: list[str] = []
    try:
        async with asyncio.timeout(120):
            while not up(said) or not any("doorline: ready" in line for line in said):
                said.append((await process.stdout.readline()).decode())
                assert said[-1], "".join(said)
            async with ClientSession() as client:
                url = f"http://127.0.0.1:{environment['DOORLINE_HTTP__PORT']}/health"
                async with client.get(url) as answer:
                    assert answer.status == 200
    finally:
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            rest, _ = await process.communicate()
    assert process.returncode == 0
    assert "Traceback" not in "".join(said) + rest.decode()
