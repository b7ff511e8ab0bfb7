"""Descriptions the media tests share: of real endpoints, after real endpoints', and small ones to measure.

tests/data/sdp: `recorded_*` are what Chromium 156, Firefox 153 (without its H.264 plug-in), JsSIP 3.13 and
SIP.js 0.21 on both, baresip 1.0 and PJSIP 2.15 sent; the others were written after the documentation of
Asterisk, linphone, 2N and Akuvox panels and Yealink, Snom and Grandstream telephones.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent.parent / "data" / "sdp"
NAMES = sorted(path.stem for path in FOLDER.glob("*.sdp"))


def offer(name: str) -> bytes:
    """One of tests/data/sdp."""
    return (FOLDER / f"{name}.sdp").read_bytes()


def sdp(*media: str, address: str = "127.0.0.1") -> bytes:
    """A description with these lines after its session part."""
    head = ["v=0", f"o=- 1 1 IN IP4 {address}", "s=-", f"c=IN IP4 {address}", "t=0 0"]
    return ("\r\n".join([*head, *media]) + "\r\n").encode()


def phone(port: int, *, address: str = "127.0.0.1", codecs: str = "0 8", events: int | None = 101) -> bytes:
    """An audio telephone; `events` is its telephone-event payload type."""
    lines = [f"m=audio {port} RTP/AVP {codecs}" + (f" {events}" if events is not None else "")]
    if events is not None:
        lines += [f"a=rtpmap:{events} telephone-event/8000", f"a=fmtp:{events} 0-15"]
    return sdp(*lines, address=address)


def video_phone(port: int, video: int, *, direction: str = "sendrecv", address: str = "127.0.0.1") -> bytes:
    """An audio and video telephone with H.264."""
    return (
        phone(port, address=address)
        + (
            f"m=video {video} RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n"
            f"a=fmtp:97 packetization-mode=1;profile-level-id=42e01f\r\na={direction}\r\n"
        ).encode()
    )


def lines(data: bytes) -> list[str]:
    return data.decode().splitlines()


def port_of(data: bytes, kind: str = "audio") -> int:
    """The port of the first m= line of a kind."""
    return int(data.decode().partition(f"m={kind} ")[2].split(" ", 1)[0])
