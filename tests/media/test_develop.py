"""The darkroom's process, called as functions: real key pictures to JPEGs, rubbish to nothing."""

from __future__ import annotations

import io
import struct
import subprocess

import pytest

from media.develop import HEAD, LARGEST, jpeg_of, serve
from media.video import stream_of
from tests.media.pictures import fragments, taken_apart
from tests.support.peers import need

pytest.importorskip("av")


def key_picture(size: str = "640x480", encoder: str = "libx264") -> bytes:
    """A key picture of colour bars as a decoder takes it."""
    plain = ["-profile:v", "baseline", "-tune", "zerolatency", "-f", "h264"]
    form = plain if encoder == "libx264" else ["-f", "ivf"]
    source = ["-f", "lavfi", "-i", f"smptebars=size={size}:rate=15", "-frames:v", "1", "-pix_fmt", "yuv420p"]
    command = [need("ffmpeg"), "-loglevel", "error", *source, "-c:v", encoder, *form, "-"]
    made = subprocess.run(command, check=True, timeout=60, capture_output=True).stdout
    return made if encoder == "libx264" else made[44:]


def size_of(jpeg: bytes) -> tuple[int, int]:
    at = jpeg.index(b"\xff\xc0") + 5
    height, width = struct.unpack_from("!HH", jpeg, at)
    return width, height


@pytest.mark.peer
@pytest.mark.parametrize(("codec", "encoder"), [("h264", "libx264"), ("vp8", "libvpx")])
def test_a_key_picture_becomes_a_jpeg(codec: str, encoder: str) -> None:
    jpeg = jpeg_of(codec, key_picture(encoder=encoder))
    assert jpeg[:2] == b"\xff\xd8"
    assert size_of(jpeg) == (640, 480)


@pytest.mark.peer
def test_a_key_picture_from_packets_becomes_a_jpeg() -> None:
    packets = taken_apart(fragments(key_picture("320x240")))
    assert size_of(jpeg_of("h264", stream_of("h264", packets))) == (320, 240)


@pytest.mark.parametrize("data", [b"", b"\0\0\0\1", b"\0\0\0\1\x65" + bytes(300), b"\xff" * 5_000])
@pytest.mark.parametrize("codec", ["h264", "vp8", "mpeg4", ""])
def test_rubbish_is_no_picture(codec: str, data: bytes) -> None:
    assert jpeg_of(codec, data) == b""


def test_what_is_too_large_is_not_looked_at() -> None:
    assert jpeg_of("h264", bytes(LARGEST + 1)) == b""


def test_it_serves_until_nothing_comes_and_ends_at_half_an_order() -> None:
    out = io.BytesIO()
    order = HEAD.pack(b"h264", 3) + b"abc"
    serve(io.BytesIO(order * 2 + order[:-1]), out)
    assert out.getvalue() == HEAD.pack(b"h264", 0) * 2
