"""The media table: video calls to browsers, pictures before the answer, loss, transcoding, keys as tones.

`python -m tests.bench.media` prints it; `make bench` has it beside the rest. Less than three minutes.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from media.audio.g711 import decode, encode
from media.audio.tones import KEYS, STRICT, ToneDetector
from media.embedded import EmbeddedEngine
from media.engine import MediaSettings
from tests.bench import audio, pages, video
from tests.bench.machine import describe, quantile
from tests.media import offers
from tests.media.audio.sounds import blocks, key
from tests.media.loopback import Phone
from tests.media.pictures import Camera, fragments
from tests.media.test_develop import key_picture
from tests.media.test_dtls import lossy

SNAPSHOTS = 20
HANDSHAKES = 100
Row = tuple[str, str, str, str, str]


@dataclass(slots=True)
class MediaResults:
    """All measures of media."""

    video: list[video.VideoPass] = field(default_factory=list)
    snapshots: list[float] = field(default_factory=list)
    seen: pages.Seen | None = None
    handshakes: list[float] = field(default_factory=list)
    audio: list[audio.Cost] = field(default_factory=list)
    keys: tuple[int, int] = (0, 0)


async def snapshots() -> list[float]:
    """Milliseconds from asking for a picture to the JPEG, 640x480."""
    settings = MediaSettings(port_low=27_000, port_high=27_199, bind_address="127.0.0.1", ready_pairs=8)
    engine, panel, camera, took = EmbeddedEngine(settings), Phone(), Phone(), list[float]()
    await engine.start()
    try:
        session = engine.open("c")
        offer = offers.video_phone(panel.port, camera.port)
        session.receive_offer("a", offer, source="127.0.0.1", role="panel")
        told = session.answer("a")
        session.film("a")
        await asyncio.sleep(0.1)
        for packet in [*fragments(key_picture()), *Camera(sequence=900).frame()]:
            camera.send(offers.port_of(told, "video"), packet)
        for _ in range(SNAPSHOTS + 10):   # the first ones warm
            made: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
            began = time.perf_counter()
            session.snapshot("a", made.set_result)
            jpeg = await asyncio.wait_for(made, 10)
            took.append((time.perf_counter() - began) * 1e3)
            if jpeg is None:
                await asyncio.sleep(0.1)
        assert jpeg is not None, "no picture was made"
        session.close()
    finally:
        await engine.stop()
        panel.close()
        camera.close()
    return took[-SNAPSHOTS:]


def keys_heard() -> tuple[int, int]:
    """Keys of 65 ms with noise behind them, through A-law: heard, and pressed."""
    noise = np.random.default_rng(5).standard_normal(8000) * 300
    heard = pressed = 0
    for turn in range(20):
        for digit in "".join(KEYS):
            sound = key(digit, 65, before=600 + 37 * turn, loud=300 * 1.2**turn)
            rough = np.clip(sound + noise[: len(sound)] * min(1.0, turn / 8), -32_768, 32_767)
            detector = ToneDetector(STRICT)
            line = decode("pcma", encode("pcma", rough.astype(np.int16)))
            heard += "".join(detector.feed(block) for block in blocks(line)) == digit
            pressed += 1
    return heard, pressed


def measure(seconds: float, say: Callable[[str], None]) -> MediaResults:
    """Everything, one after the other."""
    found = MediaResults()
    for calls in video.CALLS:
        found.video += video.measure(seconds, (calls,))
    say(video.table(found.video))
    found.snapshots = asyncio.run(snapshots())
    chance = random.Random(7)
    found.handshakes = [lossy(chance, 0.1) for _ in range(HANDSHAKES)]
    found.keys = keys_heard()
    found.audio = audio.measure()
    say(audio.table(found.audio))
    found.seen = asyncio.run(pages.visits())
    return found


def rows(found: MediaResults) -> list[Row]:
    """Rows of the bench's table: measure, ours, peer, ratio, aim."""
    made: list[Row] = []
    for one in found.video:
        aim = {200: "0 lost, p99 < 10 ms", 300: "0 lost"}.get(one.calls, "")
        lost = f"{one.lost / max(1, one.sent):.2%} lost" if one.lost > 0 else "0 lost"
        lost += f" (load came {one.late * 1e3:.0f} ms late)" if one.late > video.LATE else ""
        delay = f"p50 {one.delay_p50 * 1e3:.1f}, p99 {one.delay_p99 * 1e3:.1f} ms"
        ours = f"{one.cpu:.0%} of a core, {one.per_packet * 1e6:.1f} us a packet, {lost}, {delay}"
        made.append((f"{one.calls} video calls, RTP to DTLS-SRTP", ours, "", "", aim))
    if found.snapshots:
        ours = f"{median(found.snapshots):.1f} ms, longest {max(found.snapshots):.1f} ms"
        made.append(("snapshot, 640x480", ours, "", "", "<= 10 ms"))
    if found.handshakes:
        ours = f"p50 {quantile(found.handshakes, 0.5):.2f}, p90 {quantile(found.handshakes, 0.9):.2f} s"
        made.append(("DTLS up at 10 % loss", ours, "", "", "0.3 s"))
    if found.audio:
        ours = f"{audio.both_ways(found.audio):.0%} of a core beside the relay"
        made.append((f"{audio.CALLS} calls between Opus and PCMA", ours, "", "", "<= 50 %"))
    heard, pressed = found.keys
    if pressed:
        made.append(("keys as tones, with noise", f"{heard / pressed:.1%} of {pressed}", "", "", ">= 99 %"))
    if (seen := found.seen) is not None:
        taps = f"{median(seen.taps):.0f} ms, longest {max(seen.taps):.0f} ms"
        made.append(("preview: tap to picture, Chromium", taps, "", "", "<= 150 ms"))
        rings = f"{median(seen.rings):.0f} ms"
        made.append(("preview: INVITE to picture, Chromium", rings, "", "", "<= 1000 ms"))
        ours = f"{seen.freezes} freezes in {seen.pictures} pictures, {seen.lost} of {seen.dropped} missing"
        made.append(("3 % of packets lost, 6 s, Chromium", ours, "", "", "0 freezes"))
    return made


def table(found: MediaResults) -> str:
    """The rows alone, as markdown."""
    lines = ["| measure | Doorline | peer | ratio | aim |", "|---|---|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in rows(found)]
    return "\n".join([*lines, "", describe()])


def say(line: str) -> None:
    """A line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Entry of the program."""
    print(table(measure(4.0, say)))


if __name__ == "__main__":
    main()
