"""What is offered beside the codecs of the other side."""

from __future__ import annotations

import pytest

from media.audio import codecs
from media.audio.offering import turnable, widened
from media.codec import PCMA, PCMU, Format

OPUS = Format(96, "opus", 48000, 2, rtpmap="opus/48000/2")
G722 = Format(9, "G722", 8000)
EVENTS = Format(101, "telephone-event", 8000, rtpmap="telephone-event/8000")
G729 = Format(18, "G729", 8000)


def names(formats: tuple[Format, ...]) -> list[str]:
    return [one.name for one in formats]


def test_shared_codecs_come_first_and_in_their_order() -> None:
    assert names(widened((PCMU, PCMA, EVENTS))) == ["PCMU", "PCMA", "opus", "telephone-event"]
    assert names(widened((PCMA,))) == ["PCMA", "PCMU", "opus"]
    assert names(widened((OPUS, EVENTS))) == ["opus", "PCMA", "PCMU", "G722", "telephone-event"]
    assert names(widened((G722, PCMU))) == ["G722", "PCMU", "PCMA", "opus"]
    assert names(widened((PCMU, EVENTS, PCMA))) == ["PCMU", "telephone-event", "PCMA", "opus"]


def test_no_number_twice() -> None:
    taken = Format(111, "speex", 16000, rtpmap="speex/16000")
    found = widened((PCMA, taken, Format(0, "odd", 8000, rtpmap="odd/8000")))
    numbers = [one.payload_type for one in found]
    assert len(numbers) == len(set(numbers))
    assert "PCMU" not in names(found)


def test_what_cannot_be_read_is_not_widened() -> None:
    assert widened((G729, EVENTS)) == (G729, EVENTS)
    assert turnable((G729, EVENTS, OPUS)) == [OPUS]


def test_without_libopus_opus_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codecs, "usable", lambda: frozenset({"pcma", "pcmu"}))
    assert names(widened((PCMA,))) == ["PCMA", "PCMU"]
    assert widened((OPUS,)) == (OPUS,)
