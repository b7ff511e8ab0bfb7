"""Prompts that are being played: one ticker of 20 ms for all streams of a worker."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from media.audio.prompts import Prompts
from media.audio.sound import Sound

Order = list[Any]

TICK_SECONDS = 0.02
_NEVER = float("inf")
_BEHIND = 0.1   # a tick so late is left out: nobody wants all that was missed at once


class Listener(Protocol):
    """A stream to whose peer something can be played."""

    @property
    def peer(self) -> object | None: ...

    @property
    def sound(self) -> Sound | None: ...

    def sounding(self) -> Sound: ...
    def renumber(self, clock: int) -> None: ...
    def play_on(self, fresh: tuple[int, int, int]) -> bool: ...


class Stage:
    """Plays to streams of `streams`, and reports when a prompt is over."""

    def __init__(
        self, streams: Mapping[int, Listener], folder: str, report: Callable[[Order], None],
        clock: Callable[[], float],
    ) -> None:
        self._streams, self._report, self._clock = streams, report, clock
        self._prompts = Prompts(folder)
        self._playing: dict[int, Listener] = {}
        self.next_tick = _NEVER
        """When `tick` is wanted. The worker's loop reads it at every turn."""
        self.verbs: dict[str, Callable[..., None]] = {"play": self.play, "stop": self.stop}

    def play(self, port: int, name: str, loop: bool, payload_type: int, codec: str, clock: int) -> None:
        """Play to this port's peer, in place of its partner, from now on."""
        stream = self._streams.get(port)
        if stream is None or stream.peer is None:
            return
        clip = self._prompts.clip(name, codec, loop=loop)
        if clip is None:
            self._report(["played", port, name, False])
            return
        stream.renumber(clock)
        stream.sounding().play(clip, payload_type)
        if not self._playing:
            self.next_tick = self._clock()
        self._playing[port] = stream

    def stop(self, port: int) -> None:
        """End what is played there; nothing is reported."""
        stream = self._playing.pop(port, None)
        if stream is not None and stream.sound is not None:
            stream.sound.stop()
        self._rest()

    def _rest(self) -> None:
        if not self._playing:
            self.next_tick = _NEVER

    def tick(self, now: float) -> None:
        """Send every stream's next packet, if it is time."""
        if now < self.next_tick:
            return
        self.next_tick = max(self.next_tick + TICK_SECONDS, now - _BEHIND)
        for port, stream in list(self._playing.items()):
            fresh = (random.getrandbits(32), random.getrandbits(15), random.getrandbits(31))
            if not stream.play_on(fresh):
                del self._playing[port]
                name = stream.sound.stop() if stream.sound is not None else ""
                if name:
                    self._report(["played", port, name, True])
        self._rest()
