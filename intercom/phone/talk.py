"""One call in the studio: camera and microphone on threads of their own, what comes to the speaker.

The camera runs from the moment somebody wants its picture, also before the answer; the microphone from the
answer on, silence goes before. Both are closed with the call, and while they are on hold.
"""

from __future__ import annotations

import contextlib
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

import av

from intercom.phone.description import Terms
from intercom.phone.devices import FRAME, RATE, DeviceError, Speaker, film, sound, speaker
from intercom.phone.ear import Ear
from intercom.phone.encoding import CLOCK, Microphone, Pictures, pictures
from intercom.phone.outlet import Outlet, bind_pair
from intercom.settings import Audio, Video

KEY_PAUSE = 0.3
"""Seconds between key pictures asked for: each is worth ten others."""

_MOST = 64  # packets read in one go
_LARGEST = 4096

Lacks = Callable[[str, str], None]
"""Told what is missing ("camera", "microphone", "speaker") and why."""


class Talk:
    """The media of one call from its ports to its end."""

    def __init__(self, host: str, audio: Audio, video: Video | None, lacks: Lacks) -> None:
        """`video` None: no picture in this call. Raises OSError without ports."""
        self._audio, self._video, self._lacks = audio, video, lacks
        name = secrets.token_hex(8)
        kinds = ("audio", "video") if video is not None else ("audio",)
        self.outlets = {kind: Outlet(*bind_pair(host), name) for kind in kinds}
        self.encoder = ""
        self.keys = 0
        self._live, self._over = threading.Event(), threading.Event()
        self._key_wanted = threading.Event()
        self._speaker: Speaker | None = None
        self._ear = Ear(self._play)
        self._threads: dict[str, threading.Thread] = {}

    @property
    def ports(self) -> dict[str, int]:
        """Our RTP port per kind."""
        return {kind: outlet.port for kind, outlet in self.outlets.items()}

    @property
    def heard(self) -> int:
        """Packets of sound that were heard."""
        return self._ear.heard

    def agree(self, terms: Mapping[str, Terms], *, live: bool) -> None:
        """Offer and answer agreed on this; `live`: the call is answered, so the microphone may be open."""
        for kind, outlet in self.outlets.items():
            outlet.direct(terms.get(kind))
        hears = terms.get("audio")
        self._ear.listen(hears if hears is not None and hears.comes else None)
        if live:
            self._live.set()
        if hears is not None and self._speaker is None:
            self._speaker = self._open_speaker()
        for kind, run in (("audio", self._speak), ("video", self._show)):
            if self._goes(kind) and not self._running(kind):
                self._threads[kind] = threading.Thread(target=run, name=kind, daemon=True)
                self._threads[kind].start()

    def key_picture(self) -> None:
        """Somebody joined, or lost the picture."""
        self._key_wanted.set()

    def readable(self, sock: socket.socket) -> None:
        """One of our sockets has something to read."""
        for outlet in self.outlets.values():
            if sock is outlet.rtcp:
                self._hear_reports(outlet)
            elif sock is outlet.rtp:
                self._hear_sound(outlet)

    def report(self) -> None:
        """Sender reports of every stream."""
        for outlet in self.outlets.values():
            outlet.report()

    def close(self) -> None:
        """End at once. A camera that hangs is left to its thread, which ends with its time-out."""
        self._over.set()
        self._live.set()
        for outlet in self.outlets.values():
            outlet.close()
        for thread in self._threads.values():
            thread.join(0.5)
        if self._speaker is not None:
            self._speaker.close()

    # What comes.

    def _hear_reports(self, outlet: Outlet) -> None:
        for _ in range(_MOST):
            try:
                data, address = outlet.rtcp.recvfrom(_LARGEST)
            except OSError:
                return
            terms = outlet.terms
            if terms is not None and address[0] == terms.host and outlet.hear(data):
                self._key_wanted.set()

    def _hear_sound(self, outlet: Outlet) -> None:
        """A picture for the visitor is never agreed to; what comes in its place is read and dropped."""
        for _ in range(_MOST):
            try:
                data, address = outlet.rtp.recvfrom(_LARGEST)
            except OSError:
                return
            if outlet is self.outlets["audio"] and self._ear.genuine(address[:2]):
                self._ear.take(outlet.opened(data))

    def _play(self, frame: av.AudioFrame) -> None:
        if self._speaker is not None:
            self._speaker.play(frame)

    def _open_speaker(self) -> Speaker | None:
        try:
            return speaker(self._audio, lambda why: self._lacks("speaker", why))
        except DeviceError as error:
            self._lacks("speaker", str(error))
            return None

    # What goes, each on its own thread.

    def _speak(self) -> None:
        spoken = _Spoken(self.outlets["audio"])
        quiet = replace(self._audio, source="silence")
        for samples in sound(quiet, lambda wait: self._live.wait(wait) or not self._goes("audio")):
            spoken.say(samples)
        if not self._goes("audio"):
            return
        try:
            for samples in sound(self._audio, lambda wait: self._waiting(wait, "audio")):
                spoken.say(samples)
        except DeviceError as error:
            self._lacks("microphone", str(error))
            for samples in sound(quiet, lambda wait: self._waiting(wait, "audio")):
                spoken.say(samples)

    def _show(self) -> None:
        assert self._video is not None
        try:
            for frame in film(self._video, lambda wait: self._waiting(wait, "video")):
                self._send(frame)
        except DeviceError as error:
            self._lacks("camera", str(error))
        except (av.FFmpegError, ValueError) as error:
            self._lacks("encoder", f"{self._video.encoder}: {error}")
        finally:
            self._pictures = None

    _pictures: Pictures | None = None
    _codec = ""
    _began = _keyed = 0.0

    def _send(self, frame: av.VideoFrame) -> None:
        outlet, video = self.outlets["video"], self._video
        terms, now = outlet.terms, time.monotonic()
        if terms is None or video is None:
            return
        if self._pictures is None or terms.codec != self._codec:
            self._codec, self._began = terms.codec, self._began or now
            self._pictures = pictures(
                terms.codec, rate=video.rate, bits=video.bits, encoder=video.encoder
            )
        wanted = self._key_wanted.is_set() and now - self._keyed >= KEY_PAUSE
        if wanted:
            self._key_wanted.clear()
        elapsed = int((now - self._began) * CLOCK)
        frame.pts, frame.time_base = elapsed, Fraction(1, CLOCK)
        payloads, key = self._pictures.encode(frame, key=wanted)
        self.encoder = self._pictures.name
        if key:
            self._keyed, self.keys = now, self.keys + 1
        outlet.send(payloads, elapsed, marks_last=True)

    def _goes(self, kind: str) -> bool:
        terms = self.outlets[kind].terms if kind in self.outlets else None
        return terms is not None and terms.goes and not self._over.is_set()

    def _waiting(self, seconds: float, kind: str) -> bool:
        return self._over.wait(seconds) or not self._goes(kind)

    def _running(self, kind: str) -> bool:
        return kind in self._threads and self._threads[kind].is_alive()


class _Spoken:
    """Sound on its way out: encoded by what is agreed at the moment."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet
        self._microphone: Microphone | None = None
        self._codec, self._clock = "", 0
        self._frames, self._elapsed = 0, 0

    def say(self, samples: object) -> None:
        terms = self._outlet.terms
        if terms is None:
            return
        if self._microphone is None or terms.codec != self._codec:
            self._codec, self._clock = terms.codec, terms.clock
            self._microphone = Microphone(terms.codec, terms.clock)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")  # type: ignore[attr-defined]
        frame.sample_rate = RATE
        frame.pts, frame.time_base = self._frames * FRAME, Fraction(1, RATE)
        self._frames += 1
        with contextlib.suppress(av.FFmpegError, ValueError):
            for payload in self._microphone.encode(frame):
                self._outlet.send([payload], self._elapsed)
                self._elapsed += self._clock // 50
