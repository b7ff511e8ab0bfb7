"""Offers and answers between two legs whose media pass through us: codecs, numbers, directions (RFC 3264)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from media.audio.offering import turnable, widened
from media.codec import H264, PCMA, PCMU, Format, match, same, with_events
from media.description import REMEMBERED, StreamLine, Streams
from media.engine import LegRole
from media.errors import SdpError
from media.keying import Profile, profile_of
from media.webrtc import PROTOCOL, answer_feedback, for_browser


@dataclass(frozen=True, slots=True)
class Codec:
    """One agreed format: as we wrote it to the leg, and as the leg wrote it to us."""

    ours: Format
    theirs: Format


@dataclass(frozen=True, eq=False, slots=True)
class Agreed:
    """One stream both sides of a leg accepted. Compared by identity: `settle` remembers."""

    ours: StreamLine
    theirs: StreamLine
    codecs: tuple[Codec, ...]

    @property
    def kind(self) -> str:
        return self.ours.kind

    @property
    def comes(self) -> bool:
        """Whether the leg may send to us."""
        return self.theirs.sends and self.ours.receives

    @property
    def goes(self) -> bool:
        """Whether we may send to the leg."""
        return self.theirs.receives and self.ours.sends

    def events(self) -> tuple[tuple[int, int], ...]:
        """(payload type, clock rate) of each telephone-event the leg may send, by our number and its own."""
        return _events(self)

    def event_to_send(self) -> tuple[int, int] | None:
        """(payload type, clock rate) of the telephone-event to send to the leg."""
        clock = next((one.ours.clock for one in self.codecs if not one.ours.auxiliary), 0)
        events = [one.theirs for one in self.codecs if one.ours.is_events]
        best = next((one for one in events if one.clock == clock), events[0] if events else None)
        return None if best is None else (best.payload_type, best.clock)


@lru_cache(REMEMBERED)
def _events(agreed: Agreed) -> tuple[tuple[int, int], ...]:
    ours = {codec.ours.payload_type for codec in agreed.codecs}
    found: dict[int, int] = {}
    for codec in agreed.codecs:
        if codec.ours.is_events:
            found[codec.ours.payload_type] = codec.ours.clock
            if codec.theirs.payload_type not in ours:
                found[codec.theirs.payload_type] = codec.theirs.clock
    return tuple(found.items())


PROTOCOLS: Mapping[Profile, str] = {"plain": "RTP/AVP", "sdes": "RTP/SAVP", "webrtc": PROTOCOL}


def offer_like(
    wanted: Mapping[str, StreamLine], existing: tuple[StreamLine, ...], *, to_panel: bool, from_panel: bool,
    profile: Profile = "plain",
) -> tuple[StreamLine, ...]:
    """Our offer's lines: the other leg's streams, in the places that `existing` offers gave their kinds."""
    lines = [line.refused() for line in existing]
    for kind in ("audio", "video"):
        like = wanted.get(kind)
        if like is None:
            continue
        line = _offered(like, to_panel, from_panel, PROTOCOLS[profile])
        places = [number for number, other in enumerate(existing) if other.kind == kind]
        if places:
            place = max(places, key=lambda number: (existing[number].open, -number))
            lines[place] = _in_place_of(existing[place], line)
        else:
            lines.append(line)
    return for_browser(lines) if profile == "webrtc" else tuple(lines)


def _in_place_of(before: StreamLine, line: StreamLine) -> StreamLine:
    """A stream that is protected stays so, by the same protocol; its mid stays."""
    protected = profile_of(before.protocol) != "plain"
    return replace(line, protocol=before.protocol if protected else line.protocol, mid=before.mid)


@lru_cache(REMEMBERED)
def _offered(like: StreamLine, to_panel: bool, from_panel: bool, protocol: str) -> StreamLine:
    video = like.kind == "video"
    formats = like.formats if video else with_events(widened(like.formats))
    # AVPF would frighten plain phones; the feedback lines under AVP are what baresip and linphone do too.
    return StreamLine(
        like.kind, protocol, True, formats,
        sends=like.sends and not (video and to_panel), receives=like.receives and not (video and from_panel),
        bandwidth=like.bandwidth, attributes=like.attributes, feedback=_about(like.feedback, formats),
    )


@lru_cache
def own_offer(role: LegRole, profile: Profile = "plain") -> tuple[StreamLine, ...]:
    """What we offer when nobody's offer is there to follow (an INVITE without one)."""
    audio, protocol = with_events((PCMA, PCMU)), PROTOCOLS[profile]
    lines = [StreamLine("audio", protocol, True, audio, attributes=("ptime:20",))]
    if role != "phone":
        panel = role == "panel"
        feedback = (("*", "nack pli"), ("*", "ccm fir"))
        lines.append(StreamLine(
            "video", protocol, True, H264, sends=not panel, receives=panel, feedback=feedback
        ))
    return for_browser(lines) if profile == "webrtc" else tuple(lines)


def answer_to(
    offered: Streams, accepted: Mapping[str, StreamLine] | None, *, to_panel: bool, from_panel: bool
) -> tuple[StreamLine, ...]:
    """Our answer's lines: in each place what the other leg accepted too, else refused.

    Without `accepted` there is no other leg yet, and everything we can carry is. Raises SdpError(488).
    """
    chosen = offered.chosen()
    lines: list[StreamLine] = []
    for number, line in enumerate(offered.lines):
        answered = None
        if chosen.get(line.kind) == number:
            other = _mirror(line) if accepted is None else accepted.get(line.kind)
            if other is not None:
                answered = _answered(line, other, to_panel, from_panel)
        lines.append(line.refused() if answered is None else answered)
    if not any(line.open for line in lines):
        raise SdpError("No codec in common", 488)
    return tuple(lines)


def _mirror(line: StreamLine) -> StreamLine:
    """As if the other leg wanted all of it. Of feedback what a film of ours makes use of."""
    wishes = tuple(entry for entry in line.feedback if entry[1] in ("nack pli", "ccm fir"))
    return replace(line, sends=line.receives, receives=line.sends, feedback=wishes)


@lru_cache(REMEMBERED)
def _answered(line: StreamLine, other: StreamLine, to_panel: bool, from_panel: bool) -> StreamLine | None:
    formats: list[Format] = []
    browser = profile_of(line.protocol) == "webrtc"
    for theirs in other.formats:
        mine = match(theirs, line.formats)
        if mine is not None and mine not in formats and not theirs.is_events:
            ours = browser and mine.name.lower() == "h264"   # the profile it named, of the same mode
            formats.append(mine if ours else replace(mine, fmtp=theirs.fmtp))
    codecs = [one for one in formats if not one.auxiliary]
    if not codecs and line.kind == "audio" and turnable(other.formats):
        codecs = turnable(line.formats)     # none in common: we turn theirs into one of these
        formats = [*codecs, *(one for one in formats if one.auxiliary)]
    if not codecs:
        return None
    formats.extend(one for one in line.formats if one.is_events and one.clock == codecs[0].clock)
    video = line.kind == "video"
    both = {what for _, what in other.feedback}
    feedback = tuple((token, what) for token, what in line.feedback if what in both)
    if browser:
        feedback = answer_feedback(line, formats)
    return StreamLine(
        line.kind, line.protocol, True, tuple(formats),
        sends=other.sends and line.receives and not (video and to_panel),
        receives=other.receives and line.sends and not (video and from_panel),
        bandwidth=other.bandwidth, attributes=other.attributes, feedback=_about(feedback, formats),
        mid=line.mid,
    )


def _about(feedback: Iterable[tuple[str, str]], formats: Iterable[Format]) -> tuple[tuple[str, str], ...]:
    tokens = {"*", *(str(one.payload_type) for one in formats)}
    return tuple(entry for entry in feedback if entry[0] in tokens)


def settle(
    ours: tuple[StreamLine, ...], theirs: tuple[StreamLine, ...], *, we_answered: bool
) -> dict[str, tuple[int, Agreed]]:
    """What an offer and its answer agreed on: per kind the line's place and the agreement."""
    agreed: dict[str, tuple[int, Agreed]] = {}
    for place, (mine, other) in enumerate(zip(ours, theirs, strict=False)):
        one = _agreed(mine, other, we_answered)
        if one is not None:
            agreed.setdefault(mine.kind, (place, one))
    return agreed


@lru_cache(REMEMBERED)
def _agreed(mine: StreamLine, other: StreamLine, we_answered: bool) -> Agreed | None:
    """One line's agreement, in the answerer's order of codecs."""
    if not (mine.usable and other.usable) or mine.kind != other.kind:
        return None
    leading, following = (mine, other) if we_answered else (other, mine)
    codecs: list[Codec] = []
    for one in leading.formats:
        found = match(one, following.formats)
        if found is not None:
            codecs.append(Codec(one, found) if we_answered else Codec(found, one))
    return Agreed(mine, other, tuple(codecs)) if any(not codec.ours.auxiliary for codec in codecs) else None


@lru_cache(REMEMBERED)
def mapping(source: Agreed, sink: Agreed, panel: bool) -> tuple[tuple[int, int], ...]:
    """(payload type coming, payload type going) from one leg's stream to the other's.

    With a `panel` at either end keys do not pass: a resident's 5 opens by our decision, never by itself
    in a panel that has an open digit of its own, and a visitor's keys reach no gateway that plays them.
    """
    if not (source.comes and sink.goes):
        return ()
    pairs: dict[int, int] = {}
    for codec in source.codecs:
        target = _counterpart(codec.ours, sink)
        if target is None or (panel and codec.ours.is_events):
            continue
        pairs[codec.ours.payload_type] = target.payload_type
    ours = {codec.ours.payload_type for codec in source.codecs}
    for codec in source.codecs:   # some send by the number of their own description
        known = pairs.get(codec.ours.payload_type)
        if known is not None and codec.theirs.payload_type not in ours:
            pairs.setdefault(codec.theirs.payload_type, known)
    return tuple(pairs.items())


def _counterpart(wanted: Format, sink: Agreed) -> Format | None:
    found = match(wanted, [codec.ours for codec in sink.codecs])
    if found is None:
        named = [codec.ours for codec in sink.codecs if codec.ours.codec == wanted.codec]
        found = named[0] if len(named) == 1 else None
    return next((codec.theirs for codec in sink.codecs if codec.ours is found), None) if found else None


def share_codec(one: Agreed, other: Agreed) -> bool:
    """Whether a relay can carry sound or picture between the two."""
    return any(
        not a.ours.auxiliary and any(same(a.ours, b.ours) for b in other.codecs) for a in one.codecs
    )


@lru_cache(REMEMBERED)
def as_agreed(agreed: Agreed) -> StreamLine:
    """What a leg agreed to, as it wrote it itself."""
    theirs = agreed.theirs
    return replace(theirs, formats=tuple(codec.theirs for codec in agreed.codecs), tokens="")


@lru_cache(REMEMBERED)
def as_offered(line: StreamLine) -> StreamLine:
    """What we offered a leg, as if it were its own wish: directions turned round."""
    return replace(line, sends=line.receives, receives=line.sends)
