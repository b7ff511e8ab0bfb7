"""The panel's codecs: pictures and sound to RTP payloads, payloads to sound. The one door to aiortc.

What aiortc serves here, and why:

* its payload formats for H.264 (RFC 6184: STAP-A and FU-A, packetization-mode 1) and VP8 (RFC 7741);
* its VP8 encoder, set up for conversation as browsers do it;
* its encoders and decoders of Opus, G.722 and G.711, which also cut sound into frames of 20 ms.

What it does not, and why: its H.264 encoder knows libx264 at its slow default only, where a panel wants the
encoder of its chip and else the cheapest; its RTCPeerConnection encodes on the caller's loop, binds random
ports, and takes one answer, where a panel is described to in a 183 and again in the 200.
"""

from __future__ import annotations

import logging
from fractions import Fraction
from typing import Protocol, cast

import av
from aiortc.codecs import get_decoder, get_encoder
from aiortc.codecs.h264 import H264Encoder
from aiortc.codecs.opus import OpusEncoder
from aiortc.codecs.vpx import Vp8Encoder
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

_log = logging.getLogger(__name__)

CLOCK = 90_000
KEY_SECONDS = 4
"""Between key pictures nobody asked for: so long at most sees nothing who came late and cannot ask."""

CHIPS = ("h264_v4l2m2m",)
"""Encoders of chips, tried before libx264: that of a Raspberry Pi up to the 4. The 5 has none."""

_OPUS_BITS = 32_000
_CHANNELS = {"opus": 2}


class Pictures(Protocol):
    """One outgoing picture stream."""

    name: str

    def encode(self, frame: av.VideoFrame, *, key: bool) -> tuple[list[bytes], bool]:
        """A frame's payloads (none: it comes later) and whether they hold a key picture.

        Raises `av.FFmpegError` when the encoder fails.
        """


class H264:
    """Constrained baseline without delay: no frame waits for a later one.

    Args:
        rate: pictures a second.
        bits: a second.
        encoder: "auto" or the name of one of FFmpeg's encoders.
    """

    def __init__(self, rate: int, bits: int, encoder: str = "auto") -> None:
        self._rate, self._bits = rate, bits
        self._names = (*CHIPS, "libx264") if encoder == "auto" else (encoder,)
        self._codec: VideoCodecContext | None = None
        self._packer = H264Encoder()
        self.name = ""

    def encode(self, frame: av.VideoFrame, *, key: bool) -> tuple[list[bytes], bool]:
        """See `Pictures`; the first frame's size is the stream's."""
        codec = self._codec = self._codec or self._open(frame.width, frame.height)
        if (frame.format.name, frame.width, frame.height) != ("yuv420p", codec.width, codec.height):
            frame = frame.reformat(codec.width, codec.height, "yuv420p")
        frame.pict_type = PictureType.I if key else PictureType.NONE
        payloads: list[bytes] = []
        whole = False
        for packet in codec.encode(frame):
            whole = whole or packet.is_keyframe
            payloads += self._packer.pack(packet)[0]
        return payloads, whole

    def _open(self, width: int, height: int) -> VideoCodecContext:
        for name in self._names:
            codec = _codec(name, (width & ~1, height & ~1), self._rate, self._bits)
            try:
                codec.open()
            except (av.FFmpegError, ValueError) as error:
                if name == self._names[-1]:
                    raise
                _log.debug("%s: %s", name, error)
                continue
            self.name = name
            return codec
        raise AssertionError("the last one opens or raises")


def _codec(name: str, size: tuple[int, int], rate: int, bits: int) -> VideoCodecContext:
    codec = cast(VideoCodecContext, av.CodecContext.create(name, "w"))
    codec.width, codec.height = size
    codec.pix_fmt = "yuv420p"
    codec.framerate = Fraction(rate)
    codec.time_base = Fraction(1, CLOCK)
    codec.bit_rate = bits
    codec.gop_size = KEY_SECONDS * rate
    codec.max_b_frames = 0
    codec.thread_count = 1
    codec.profile = "Constrained Baseline" if name != "libx264" else "Baseline"
    # The buffer holds a key picture of some size, so that it is not starved of bits.
    codec.options = {"maxrate": str(bits), "bufsize": str(bits)}
    if name == "libx264":
        codec.options |= {"preset": "superfast", "tune": "zerolatency", "forced-idr": "1"}
    return codec


class Vp8:
    """aiortc's VP8, at a steady bit rate; key pictures of itself it makes none."""

    name = "libvpx"

    def __init__(self, rate: int, bits: int) -> None:
        self._encoder = Vp8Encoder()
        self._encoder.target_bitrate = bits
        self._frames, self._every = 0, KEY_SECONDS * rate

    def encode(self, frame: av.VideoFrame, *, key: bool) -> tuple[list[bytes], bool]:
        """See `Pictures`."""
        key = key or self._frames % self._every == 0
        self._frames += 1
        payloads, _ = self._encoder.encode(frame, force_keyframe=key)
        return payloads, key


def pictures(codec: str, *, rate: int, bits: int, encoder: str = "auto") -> Pictures:
    """An encoder of `h264` or `vp8`."""
    return Vp8(rate, bits) if codec == "vp8" else H264(rate, bits, encoder)


class Microphone:
    """Sound to payloads of 20 ms of one codec: opus, g722, pcma or pcmu."""

    def __init__(self, codec: str, clock: int) -> None:
        self._encoder = get_encoder(_parameters(codec, clock))
        if isinstance(self._encoder, OpusEncoder):
            self._encoder.codec.bit_rate = _OPUS_BITS

    def encode(self, frame: av.AudioFrame) -> list[bytes]:
        """Payloads that are complete; `frame` is 16 bits, of any rate, and has a time."""
        payloads, _ = self._encoder.encode(frame)
        return payloads


class Loudspeaker:
    """Payloads of one codec to sound."""

    def __init__(self, codec: str, clock: int) -> None:
        self._decoder = get_decoder(_parameters(codec, clock))

    def decode(self, payload: bytes, timestamp: int) -> list[av.AudioFrame]:
        """Frames of 16 bits; none for a payload that cannot be read."""
        try:
            return cast(list[av.AudioFrame], self._decoder.decode(JitterFrame(payload, timestamp)))
        except (av.FFmpegError, ValueError):
            return []


def _parameters(codec: str, clock: int) -> RTCRtpCodecParameters:
    return RTCRtpCodecParameters(
        mimeType=f"audio/{codec}", clockRate=clock, channels=_CHANNELS.get(codec, 1)
    )
