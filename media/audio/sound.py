"""Everything about sound that one stream of the relay carries beside its packets: made when first needed.

As a source: what is done with the sound that came (`Work`). As a sink: what its peer hears of us (a prompt,
with the numbering that it makes necessary).
"""

from __future__ import annotations

from media.audio.continuity import Continuity
from media.audio.echo import EchoGuard
from media.audio.prompts import Clip
from media.audio.work import OnDigit, Plan, Sources, Work

_NO_PLAN = Plan({})


class Sound:
    """The sound of one stream.

    Args:
        on_tone: told of keys that its peer pressed and that are heard as tones.
        on_overheard: told of keys heard in sound of its peer that is cleaned of them.
    """

    __slots__ = (
        "_clip", "_listening", "_on_overheard", "_on_tone", "_place", "_plan", "_tones", "continuity",
        "payload_type", "work",
    )

    def __init__(self, on_tone: OnDigit, on_overheard: OnDigit) -> None:
        self._on_tone, self._on_overheard = on_tone, on_overheard
        self._plan = _NO_PLAN
        self._tones: Sources = {}
        self._listening = False
        self.work: Work | None = None
        self.continuity: Continuity | None = None
        self._clip: Clip | None = None
        self._place = 0
        self.payload_type = 0

    # -- as a source --------------------------------------------------------------------------------------

    @property
    def guard(self) -> EchoGuard | None:
        """What was heard of this peer's keys, where its sound is cleaned."""
        return self.work.guard if self.work is not None else None

    def plan(self, plan: Plan | None) -> None:
        """What the sink needs from now on."""
        if (plan or _NO_PLAN) != self._plan:
            self._plan = plan or _NO_PLAN
            self._renew()

    def hear_tones(self, sources: Sources) -> None:
        """The peer presses keys as tones in these payload types; none: it has another way."""
        if sources != self._tones:
            self._tones = sources
            self._renew()

    def listen(self, on: bool) -> None:
        """Tell keys that are pressed from now on, or none."""
        if on != self._listening:
            self._listening = on
            self._renew()

    def touches(self, mapping: dict[int, int]) -> set[int]:
        return self.work.touches(mapping) if self.work is not None else set()

    def receive(self, data: bytes, goes: int | None, now: float) -> list[bytes]:
        """What is to be sent on for a packet of the peer."""
        if self.work is not None:
            return self.work.receive(data, goes, now)
        return [] if goes is None else [data[:1] + bytes((goes,)) + data[2:]]

    def _renew(self) -> None:
        plan, hears = self._plan, self._listening and bool(self._tones)
        if hears:
            sources = {**self._tones, **plan.sources}
            plan = Plan(sources, plan.target, plan.events, plan.comfort, plan.clean)
        if plan == _NO_PLAN:
            self.work = None
            return
        before = self.work
        self.work = Work(plan, self._on_tone if hears else None, self._on_overheard)
        if before is not None:
            self.work.inherit(before)

    # -- as a sink ----------------------------------------------------------------------------------------

    @property
    def playing(self) -> bool:
        return self._clip is not None

    def renumber(self, heard: tuple[int, int, int] | None, now: float, clock: int) -> None:
        """From now on all that this peer hears is numbered by us, after what it heard last."""
        if self.continuity is None:
            self.continuity = Continuity(heard, now, clock)
        self.continuity.clock = clock

    def play(self, clip: Clip, payload_type: int) -> None:
        """Play from its beginning, in place of whatever else the peer would hear."""
        self._clip, self._place, self.payload_type = clip, 0, payload_type

    def stop(self) -> str:
        """Let the peer hear its partner again; the name of what was playing."""
        clip, self._clip = self._clip, None
        if self.continuity is not None:
            self.continuity.interrupt()
        return clip.name if clip is not None else ""

    def tick(self, now: float, fresh: tuple[int, int, int]) -> bytes | None:
        """The packet due now, one each 20 ms; None when the clip is over."""
        clip = self._clip
        if clip is None or self.continuity is None:
            return None
        if self._place >= len(clip.frames):
            if not clip.loop:
                return None
            self._place = 0
        payload = clip.frames[self._place]
        self._place += 1
        return self.continuity.add(self.payload_type, payload, now, fresh)

    def pass_on(self, data: bytes, now: float) -> bytes | None:
        """A packet of the partner on its way to this peer: not while a prompt is played."""
        if self._clip is not None:
            return None
        return data if self.continuity is None else self.continuity.pass_on(data, now)
