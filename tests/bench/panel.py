"""What a panel without browser costs: `python -m tests.bench.panel` prints the table, for any board.

Process time of one call's media as the studio runs it, in per cent of one core: the test picture is drawn,
encoded and sent, a tone spoken. What drawing alone costs stands apart; a camera costs its driver instead.
"""

from __future__ import annotations

import argparse
import select
import socket
import sys
import time
from dataclasses import dataclass

from intercom.phone.description import Terms
from intercom.phone.devices import film, prepare
from intercom.phone.outlet import bind_pair
from intercom.phone.talk import Talk
from intercom.settings import Audio, Video

HOST = "127.0.0.1"
SIZES = ((640, 480, 15, 800_000), (1280, 720, 15, 1_500_000))


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: per cent of a core, pictures a second that came about, bits a second of them."""

    what: str
    share: float
    rate: float
    bits: float


def measure(seconds: float) -> list[Row]:
    """Every size and codec, some seconds each."""
    prepare()
    rows = [_call(f"sound alone, {codec}", seconds, None, codec) for codec in ("opus", "pcma")]
    for width, height, rate, bits in SIZES:
        video = Video("pattern", width, height, rate, bits)
        size = f"{width}x{height}, {rate} a second"
        rows.append(_drawn(f"the picture drawn, {size}", seconds, video))
        rows += [_call(f"{codec} and opus, {size}", seconds, video, "opus", codec) for codec in video.codecs]
    return rows


def table(rows: list[Row]) -> str:
    """As Markdown."""
    lines = ["| panel without browser | CPU of a core | pictures/s | kbit/s |", "|---|---|---|---|"]
    lines += [f"| {r.what} | {r.share:.1%} | {r.rate:.1f} | {r.bits / 1000:.0f} |" for r in rows]
    return "\n".join(lines)


def _drawn(what: str, seconds: float, video: Video) -> Row:
    until, before, count = time.monotonic() + seconds, time.process_time(), 0

    def waiting(pause: float) -> bool:
        time.sleep(pause)
        return time.monotonic() >= until

    for frame in film(video, waiting):
        frame.reformat(format="yuv420p")
        count += 1
    return Row(what, (time.process_time() - before) / seconds, count / seconds, 0.0)


def _call(what: str, seconds: float, video: Video | None, sound: str, picture: str = "") -> Row:
    pairs = {"audio": bind_pair(HOST), "video": bind_pair(HOST)}
    ports = {kind: pair[0].getsockname()[1] for kind, pair in pairs.items()}
    clock, number = (48_000, 96) if sound == "opus" else (8000, 8)
    terms = {"audio": Terms(sound, number, clock, HOST, ports["audio"], ports["audio"] + 1, True, True)}
    if picture:
        terms["video"] = Terms(picture, 98, 90_000, HOST, ports["video"], ports["video"] + 1, True, False)
    talk = Talk(HOST, Audio("tone", 440.0), video, _lacks)
    talk.agree(terms, live=True)
    _received(pairs["video"][0], 1.0)  # encoders open, the first key picture
    before = time.process_time()
    pictures, octets = _received(pairs["video"][0], seconds)
    share = (time.process_time() - before) / seconds
    talk.close()
    for pair in pairs.values():
        for sock in pair:
            sock.close()
    return Row(what, share, pictures / seconds, 8 * octets / seconds)


def _lacks(what: str, why: str) -> None:
    sys.stderr.write(f"{what}: {why}\n")


def _received(sock: socket.socket, seconds: float) -> tuple[int, int]:
    """Whole pictures and bytes that come within that time."""
    until, pictures, octets = time.monotonic() + seconds, 0, 0
    while (left := until - time.monotonic()) > 0:
        if not select.select([sock], [], [], left)[0]:
            break
        data = sock.recv(4096)
        pictures += data[1] >> 7
        octets += len(data)
    return pictures, octets


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measure")
    print(table(measure(parser.parse_args().seconds)))


if __name__ == "__main__":
    main()
