"""What has to be done with sound between two legs: nothing where a packet can pass as it is."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from media.audio import codecs
from media.audio.names import ptime_of
from media.codec import Format
from media.description import REMEMBERED
from media.negotiate import Agreed, Codec, mapping, share_codec

Said = dict[str, Any]


def can_hear(one: Agreed, other: Agreed) -> bool:
    """Whether sound can be carried between two legs, as it is or turned into another codec."""
    return share_codec(one, other) or (target(one) is not None and target(other) is not None)


@lru_cache(REMEMBERED)
def target(sink: Agreed) -> Codec | None:
    """The codec in which we make sound for a leg."""
    return next((one for one in sink.codecs if codecs.knows(one.ours.name, one.ours.clock)), None)


@lru_cache(REMEMBERED)
def between(source: Agreed, sink: Agreed, panel: bool, clean: bool) -> Said | None:
    """What the worker's join says of sound (media.audio.work.Plan); None: nothing has to be done.

    `clean`: the source is a panel whose tones must not reach the sink.
    """
    if not (source.comes and sink.goes):
        return None
    passing = {came for came, _ in mapping(source, sink, panel)}
    sources = _sources(source)
    turned = [one for one in sources if one[0] not in passing]
    goal = target(sink)
    said: Said = {"sources": sources if clean else turned}
    if turned and goal is not None:
        said["target"] = _target(goal, sink)
        said["events"] = [] if panel else _events(source, sink)
        said["comfort"] = [_comfort(source, theirs=False), _comfort(sink, theirs=True)]
    elif not clean:
        return None
    return {**said, "clean": clean} if said["sources"] else None


@lru_cache(REMEMBERED)
def tones_of(agreed: Agreed) -> list[list[Any]]:
    """Payload types in which keys of a leg must be heard as tones: of one without telephone-event."""
    return [] if agreed.events() or not agreed.comes else _sources(agreed)


def _sources(agreed: Agreed) -> list[list[Any]]:
    """Payload type, name and clock of all the leg may send and we can read, by our number and its."""
    usable = [one for one in agreed.codecs if codecs.knows(one.ours.name, one.ours.clock)]
    found: dict[int, Format] = {one.theirs.payload_type: one.theirs for one in usable}
    found.update({one.ours.payload_type: one.ours for one in usable})
    return [[number, one.name.lower(), one.clock] for number, one in found.items()]


def _target(codec: Codec, sink: Agreed) -> list[Any]:
    theirs = codec.theirs
    name = theirs.name.lower()
    return [theirs.payload_type, name, theirs.clock, theirs.fmtp, ptime_of(sink.theirs.attributes, name)]


def _events(source: Agreed, sink: Agreed) -> list[list[int]]:
    goes = sink.event_to_send()
    return [] if goes is None else [[number, clock, *goes] for number, clock in source.events()]


def _comfort(agreed: Agreed, *, theirs: bool) -> int | None:
    found = (one for one in agreed.codecs if one.ours.name.lower() == "cn" and one.ours.clock == 8000)
    first = next(found, None)
    return None if first is None else (first.theirs if theirs else first.ours).payload_type
