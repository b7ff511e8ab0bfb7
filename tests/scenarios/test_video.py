"""A baresip panel with a camera and a baresip station: sound both ways, the picture one way (P3)."""

from __future__ import annotations

import asyncio
import re
import subprocess
from pathlib import Path

import pytest

from tests.scenarios.house import SITE, STORY
from tests.support.baresip import Baresip, Line, baresip
from tests.support.peers import need
from tests.support.sound import write_tone
from tests.support.system import system

pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]


def film(path: Path) -> Path:
    """A camera to play: colour bars with a moving counter, 320x240, 15 frames a second."""
    source = ["-f", "lavfi", "-i", "testsrc=size=320x240:rate=15"]
    ffmpeg(*source, "-t", "60", "-pix_fmt", "yuv420p", "-g", "15", str(path))
    return path


def ffmpeg(*arguments: str) -> bytes:
    """Run ffmpeg; what it writes to its output."""
    command = [need("ffmpeg"), "-loglevel", "error", "-y", *arguments]
    return subprocess.run(command, check=True, timeout=60, capture_output=True).stdout


def colours(picture: Path) -> bytes:
    """The first frame of a picture or film as 16 x 12 mean colours."""
    return ffmpeg(
        "-i",
        str(picture),
        "-frames:v",
        "1",
        "-vf",
        "scale=16:12:flags=area",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-",
    )


def alike(one: bytes, other: bytes) -> bool:
    """True when two pictures differ little: only the counter in the middle moves."""
    assert len(one) == len(other) == 16 * 12 * 3
    far = sum(abs(a - b) > 40 for a, b in zip(one, other, strict=True))
    return far < len(one) // 5


def packets(output: str, kind: str) -> tuple[int, int]:
    """Packets sent and received of one kind, as baresip says at the end of a call."""
    found = re.search(rf"^{kind} +Transmit: +Receive:\s+packets: +(\d+) +(\d+)", output, re.MULTILINE)
    assert found is not None, output[-2000:]
    return int(found[1]), int(found[2])


async def seen(station: Baresip, path: Path, like: bytes) -> None:
    """Wait until the station shows a picture like this one."""
    async with asyncio.timeout(15):
        while True:
            path.unlink(missing_ok=True)
            station.do("snapshot_recv", str(path))
            for _ in range(10):  # it is written with the next picture, if there is one
                await asyncio.sleep(0.05)
                if path.exists() and path.read_bytes()[-8:-4] == b"IEND":
                    break
            else:
                continue
            if alike(colours(path), like):
                return


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_the_station_sees_and_hears_the_panel(tmp_path: Path, transport: str) -> None:
    for name, hertz in (("gate", 440.0), ("kari", 700.0)):
        write_tone(str(tmp_path / f"{name}.wav"), hertz, seconds=60.0)
    camera = film(tmp_path / "camera.mp4")
    async with system(tmp_path, STORY) as doorline:
        server = doorline.server(transport)
        lines = {
            device: Line(device, SITE, doorline.secrets[SITE, device], server, transport)
            for device in ("gate", "kari-phone")
        }
        look = f"avformat,{camera}"
        async with (
            baresip(tmp_path, lines["gate"], tone=tmp_path / "gate.wav", video=look) as panel,
            baresip(tmp_path, lines["kari-phone"], tone=tmp_path / "kari.wav", video=look) as station,
        ):
            await panel.registered()
            await station.registered()
            panel.do("dial", f"sip:kari@{SITE}")
            await station.expect("CALL_INCOMING")
            station.do("accept")
            await panel.expect("CALL_ESTABLISHED")
            await seen(station, tmp_path / "seen.png", colours(camera))
            station.do("hangup")
            await panel.expect("CALL_CLOSED")
        assert panel.heard(700)
        assert station.heard(440)
        got = packets((station.directory / "output").read_text(), "video")[1]
        sent, shown = packets((panel.directory / "output").read_text(), "video")
        assert shown == 0, "the visitor never sees the resident"
        assert got >= sent - 5, "the first few may leave before the station listens"
