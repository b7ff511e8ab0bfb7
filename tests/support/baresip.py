"""Real baresip phones for scenarios: each a process with a directory of its own, steered over ctrl_tcp."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.peers import need
from tests.support.phones import stop
from tests.support.ports import free_port
from tests.support.sound import RATE, tone_share

CONFIG = """\
module_path /usr/lib/baresip/modules
sip_listen 127.0.0.1:{sip}
call_local_timeout 120
call_max_calls 4
audio_player aubridge,{name}
audio_source aufile,{tone}
audio_alert aubridge,alert
ausrc_srate 8000
auplay_srate 8000
audio_level no
video_source {video}
video_display fakevideo,nil
video_size 320x240
video_bitrate 500000
video_fps 15
rtp_ports {rtp}-{rtp_end}
rtp_stats yes
net_interface 127.0.0.1
snd_path {directory}
module uuid.so
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module avcodec.so
module avformat.so
module fakevideo.so
module snapshot.so
module swscale.so
module srtp.so
module dtls_srtp.so
module ice.so
rtcp_mux {mux}
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
"""


@dataclass(frozen=True, slots=True)
class Line:
    """An account: `answer` as baresip's answermode ("manual", "auto", or "early": 183 with SDP).

    `secured`: parameters of protection, "mediaenc=srtp-mand" (SDES) or "mediaenc=dtls_srtp;medianat=ice".
    """

    user: str
    domain: str
    secret: str
    server: str
    transport: str = "udp"
    answer: str = "manual"
    secured: str = ""

    def text(self) -> str:
        """The line of baresip's accounts file."""
        outbound = f"sip:{self.server};transport={self.transport}"
        return (
            f"<sip:{self.user}@{self.domain};transport={self.transport}>;auth_user={self.user};"
            f'auth_pass={self.secret};outbound="{outbound}";regint=60;answermode={self.answer};'
            "audio_codecs=PCMA/8000/1,PCMU/8000/1;video_codecs=H264"
            f"{';' if self.secured else ''}{self.secured}\n"
        )


@dataclass(slots=True)
class Baresip:
    """A running baresip. `log` holds its events, newest last."""

    name: str
    directory: Path
    process: asyncio.subprocess.Process
    writer: asyncio.StreamWriter
    log: list[dict[str, Any]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def do(self, command: str, parameters: str = "") -> None:
        """Give one command (a netstring of JSON)."""
        text = json.dumps({"command": command, "params": parameters}).encode()
        self.writer.write(b"%d:%s," % (len(text), text))

    async def expect(self, kind: str, *, seconds: float = 20.0, after: int = 0) -> dict[str, Any]:
        """Wait for an event of this type, such as REGISTER_OK, CALL_INCOMING, CALL_ESTABLISHED."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    for event in self.log[after:]:
                        if event.get("type") == kind:
                            return event
                    self.news.clear()
                    await self.news.wait()
        except TimeoutError:
            kinds = [event.get("type") for event in self.log]
            raise AssertionError(f"{self.name}: no {kind} in {seconds} s; had {kinds}") from None

    async def ask(self, command: str, parameters: str = "", *, seconds: float = 15.0) -> str:
        """Give a command and return the text it answers."""
        after = len(self.log)
        self.do(command, parameters)
        async with asyncio.timeout(seconds):
            while True:
                for entry in self.log[after:]:
                    if entry.get("response"):
                        return str(entry.get("data", ""))
                self.news.clear()
                await self.news.wait()

    async def registered(self) -> None:
        """Wait until the PBX has answered our REGISTER (it may have before we were connected)."""
        async with asyncio.timeout(10):
            while "OK" not in await self.ask("reginfo"):
                await asyncio.sleep(0.1)

    def heard(self, hertz: float) -> bool:
        """True when the newest recording of what this phone received ends with that tone.

        The recording is complete only when the call is over.
        """
        recordings = sorted(self.directory.glob("dump-*-dec.wav"))
        return bool(recordings) and tone_share(recordings[-1].read_bytes()[-RATE * 2 :], hertz) > 0.5


async def _read(phone: Baresip, reader: asyncio.StreamReader) -> None:
    """Take netstrings apart until baresip closes the connection."""
    while True:
        try:
            length = int((await reader.readuntil(b":"))[:-1])
            text = await reader.readexactly(length + 1)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        phone.log.append(json.loads(text[:-1]))
        phone.news.set()


@asynccontextmanager
async def baresip(
    scratch: Path, line: Line, *, tone: Path, video: str = "fakevideo,nil", trace: bool = False
) -> AsyncIterator[Baresip]:
    """Start a baresip with one account; its microphone plays `tone` (a WAV), its camera is `video`.

    With `trace` its output shows every SIP message.
    """
    program = need("baresip")
    directory = scratch / f"baresip-{line.user}"
    directory.mkdir()
    control, sip = free_port("tcp"), free_port("udp")
    rtp = 40000 + (sip % 10000) // 20 * 20
    text = CONFIG.format(
        sip=sip,
        directory=directory,
        name=line.user,
        tone=tone,
        video=video,
        rtp=rtp,
        rtp_end=rtp + 19,
        control=control,
        mux="yes" if "dtls" in line.secured else "no",
    )
    (directory / "config").write_text(text)
    (directory / "accounts").write_text(line.text())
    (directory / "contacts").write_text("")
    output = (directory / "output").open("wb")
    process = await asyncio.create_subprocess_exec(
        program,
        "-f",
        str(directory),
        *(["-s"] if trace else []),
        cwd=directory,
        stdin=asyncio.subprocess.PIPE,
        stdout=output,
        stderr=asyncio.subprocess.STDOUT,
    )
    output.close()
    try:
        reader, writer = await _connected(control, process)
        phone = Baresip(line.user, directory, process, writer)
        async with asyncio.TaskGroup() as group:
            group.create_task(_read(phone, reader))
            try:
                yield phone
            finally:
                phone.do("quit")
                await stop(process)
                writer.close()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _connected(
    port: int, process: asyncio.subprocess.Process
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """The control connection, as soon as baresip listens."""
    async with asyncio.timeout(10):
        while True:
            try:
                return await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                if process.returncode is not None:
                    raise AssertionError("baresip ended at once") from None
                await asyncio.sleep(0.05)
