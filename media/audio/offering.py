"""What a description may name beside the codecs of the other side, because we can turn it into one of those.

Pass-through is always better: the other side's codecs stand first and in their order, so that who follows
an offer's order (RFC 3264 section 6.1) takes one of them. G.722 is added only where no G.711 is: who knows
it knows G.711 as well, and many prefer it, which would cost a call its pass-through for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from media.audio import codecs
from media.audio.names import LAWS
from media.codec import PCMA, PCMU, Format

G722 = Format(9, "G722", 8000, rtpmap="G722/8000")
_OPUS_NUMBERS = (111, *range(96, 101), *range(102, 128))


def turnable(formats: Iterable[Format]) -> list[Format]:
    """Those whose sound we can read and write."""
    return [one for one in formats if codecs.knows(one.name, one.clock)]


def widened(formats: tuple[Format, ...]) -> tuple[Format, ...]:
    """The formats, after their codecs those that can be turned into one of them; auxiliary ones stay last."""
    known = {one.name.lower() for one in turnable(formats)}
    if not known:
        return formats
    wanted = [PCMA, PCMU] if LAWS & known else [PCMA, PCMU, G722]
    used = {one.payload_type for one in formats}
    extra = [one for one in wanted if one.name.lower() not in known and one.payload_type not in used]
    number = next((pt for pt in _OPUS_NUMBERS if pt not in used), None)
    if "opus" not in known and number is not None:
        extra.append(Format(number, "opus", 48000, 2, "useinbandfec=1", "opus/48000/2"))
    first_beside = next((n for n, one in enumerate(formats) if one.auxiliary), len(formats))
    if any(not one.auxiliary for one in formats[first_beside:]):
        first_beside = len(formats)
    added = turnable(extra)
    return (*formats[:first_beside], *added, *formats[first_beside:])
