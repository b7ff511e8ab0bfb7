"""The darkroom's process: key pictures in, JPEGs out, by PyAV. It may crash; nobody else is harmed.

Both ways: HEAD (codec's name, length of what follows), then so many bytes; length 0 is "no picture".
"""

from __future__ import annotations

import resource
import signal
import struct
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from av import VideoFrame

HEAD = struct.Struct("!8sI")
CODECS = ("h264", "vp8")
LARGEST = 4 << 20
LARGEST_SIDE = 4096
_MEMORY = 1 << 30


def jpeg_of(codec: str, data: bytes) -> bytes:
    """A JPEG of the first picture in `data`; b"" when there is none."""
    import av
    from av.video.codeccontext import VideoCodecContext

    if codec not in CODECS or not data or len(data) > LARGEST:
        return b""
    try:
        decoder = cast(VideoCodecContext, av.CodecContext.create(codec, "r"))
        decoder.thread_count = 1
        frames = [*decoder.decode(av.Packet(data)), *decoder.decode(None)]
        if not frames or max(frames[0].width, frames[0].height) > LARGEST_SIDE:
            return b""
        return _printed(frames[0])
    except (av.FFmpegError, ValueError):
        return b""


def _printed(picture: VideoFrame) -> bytes:
    import av

    frame = picture.reformat(format="yuvj420p")
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height = frame.width, frame.height
    encoder.pix_fmt = "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    encoder.thread_count = 1
    encoder.options = {"qmin": "4", "qmax": "8"}
    frame.pts = 0
    return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])


def serve(source: BinaryIO, drain: BinaryIO) -> None:
    """Develop what comes until nothing does."""
    while len(head := source.read(HEAD.size)) == HEAD.size:
        name, size = HEAD.unpack(head)
        data = source.read(min(size, LARGEST + 1))
        if len(data) < size:
            return
        picture = jpeg_of(name.rstrip(b"\0").decode("ascii", "replace"), data)
        drain.write(HEAD.pack(name, len(picture)) + picture)
        drain.flush()


def main() -> None:
    """Entry of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    import av

    _printed(av.VideoFrame(64, 64, "yuv420p"))   # so that the first picture finds everything loaded
    av.logging.set_level(av.logging.PANIC)
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
