"""What becomes of each packet: passed, translated, turned, silenced, heard."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from media.audio import codecs
from media.audio.g711 import A_TO_U, decode, encode
from media.audio.transcoder import Target
from media.audio.work import Plan, Work
from tests.media.audio.sounds import blocks, key, opened, packets, share, sine

PCMA = {8: ("pcma", 8000)}


def through(work: Work, stream: list[bytes], goes: int | None = None, start: float = 0.0) -> list[bytes]:
    """Packets of 20 ms on a virtual clock."""
    made = []
    for number, data in enumerate(stream):
        passes = None if goes is None else goes | data[1] & 0x80
        made += work.receive(data, passes, start + number * 0.02)
    return made


def spoken(digit: str, milliseconds: float = 120, *, name: str = "pcma", loud: float = 5000.0) -> list[bytes]:
    sound = key(digit, milliseconds, before=1600, after=1600, loud=loud)
    encoder = codecs.encoder(name, 8000)
    units, number = (960, 111) if name == "opus" else (160, 8)
    payloads = [encoder.encode(block.tobytes()) for block in blocks(sound)]
    return packets(payloads, units=units, payload_type=number)


def heard_keys(made: list[bytes], name: str = "pcma") -> list[str]:
    """What a gateway on the other side would make of it."""
    found: list[str] = []
    ear = Work(Plan(dict.fromkeys((0, 8, 111), (name, 8000))), lambda digit, _: found.append(digit))
    through(ear, made)
    return found


def test_one_law_becomes_the_other_with_every_number_kept() -> None:
    work = Work(Plan(PCMA, Target(0, "pcmu", 8000)))
    stream = packets([bytes(range(160))] * 3)
    found = opened(through(work, stream))
    assert [(one.sequence, one.timestamp, one.marker) for one in found] == [
        (one.sequence, one.timestamp, one.marker) for one in opened(stream)
    ]
    assert {one.payload_type for one in found} == {0}
    assert found[0].payload == bytes(range(160)).translate(A_TO_U)


@pytest.mark.parametrize(
    ("came", "goes"),
    [("pcma", "opus"), ("opus", "pcma"), ("g722", "pcmu"), ("opus", "g722"), ("g722", "opus")],
)
def test_a_tone_passes_from_codec_to_codec(came: str, goes: str) -> None:
    clocks = {"opus": 48000}
    tone, encoder = sine(700, 1.0), codecs.encoder(came, 8000)
    stream = packets(
        [encoder.encode(block.tobytes()) for block in blocks(tone)],
        units=clocks.get(came, 8000) // 50, payload_type=96,
    )
    plan = Plan({96: (came, clocks.get(came, 8000))}, Target(97, goes, clocks.get(goes, 8000)))
    found, decoder = opened(through(Work(plan), stream)), codecs.decoder(goes, 8000)
    assert len(found) == 50
    assert {b.timestamp - a.timestamp for a, b in pairwise(found)} == {
        clocks.get(goes, 8000) // 50
    }
    sound = np.frombuffer(b"".join(decoder.decode(one.payload) for one in found), np.int16)
    assert share(sound[2000:], 700) > 0.9


def test_a_codec_that_is_shared_passes_untouched_beside_one_that_is_not() -> None:
    work = Work(Plan({96: ("opus", 48000)}, Target(8, "pcma", 8000)))
    stream = packets([bytes(160)])
    assert work.touches({8: 8, 0x88: 0x88}) == {96}
    assert through(work, stream, 8) == stream


def test_a_key_as_tones_is_told_once_and_passes_as_it_is() -> None:
    keys: list[tuple[str, float]] = []
    work = Work(Plan(PCMA), lambda digit, at: keys.append((digit, at)))
    stream = spoken("5")
    assert through(work, stream, 8) == stream
    assert [digit for digit, _ in keys] == ["5"]
    assert 0.2 < keys[0][1] < 0.3
    assert through(work, stream) == []    # without a sink it is heard all the same
    assert [digit for digit, _ in keys] == ["5", "5"]


@pytest.mark.parametrize("name", ["pcma", "opus"])
@pytest.mark.parametrize("loud", [5000.0, 1600.0])
def test_a_visitor_s_tone_reaches_no_telephone(name: str, loud: float) -> None:
    sources = {8: ("pcma", 8000), 111: ("opus", 48000)}
    overheard: list[str] = []
    work = Work(Plan(sources, clean=True), on_overheard=lambda digit, _: overheard.append(digit))
    stream = spoken("5", 200, name=name, loud=loud)
    number = 111 if name == "opus" else 8
    assert heard_keys(stream, name) == ["5"]
    made = through(work, stream, number)
    assert len(made) == len(stream)
    assert heard_keys(made, name) == []
    assert overheard == ["5"]
    assert work.guard is not None and not work.guard.accept("5", 0.6)


def test_a_long_tone_is_overheard_as_long_as_it_sounds() -> None:
    told: list[float] = []
    work = Work(Plan(PCMA, clean=True), on_overheard=lambda _, at: told.append(at))
    through(work, spoken("5", 2000), 8)
    assert 6 <= len(told) <= 9
    assert work.guard is not None
    assert not work.guard.accept("5", 2.6)
    assert work.guard.accept("5", 3.0)


def test_a_visitor_s_tone_reaches_no_telephone_in_another_codec_either() -> None:
    for target in (Target(0, "pcmu", 8000), Target(111, "opus", 48000)):
        work = Work(Plan(PCMA, target, clean=True))
        assert heard_keys(through(work, spoken("8", 200)), target.name) == []


def test_a_voice_is_not_cleaned_away() -> None:
    work = Work(Plan(PCMA, clean=True))
    voice = sum(sine(150 * n, 1.0, loud=4000 / n).astype(int) for n in range(1, 12))
    stream = packets([encode("pcma", block) for block in blocks(np.asarray(voice).astype(np.int16))])
    assert through(work, stream, 8) == stream


def test_events_and_comfort_noise_go_by_the_numbering_of_the_sound() -> None:
    plan = Plan(
        PCMA, Target(111, "opus", 48000), events={101: (8000, 110, 48000)}, comfort=(13, None),
    )
    work = Work(plan)
    assert work.touches({}) == {8, 101, 13}
    stream = packets([bytes(160)])
    stream += packets([bytes((5, 10, 0, 160))], payload_type=101, sequence=101, timestamp=1160)
    stream += packets([b"\x30"], payload_type=13, sequence=102, timestamp=1320)
    found = opened(through(work, stream))
    assert [(one.payload_type, one.sequence, one.timestamp) for one in found] == [
        (111, 100, 1000), (110, 101, 1960), (111, 102, 2920),
    ]


def test_longer_packets_than_the_other_side_takes_are_cut() -> None:
    work = Work(Plan(PCMA, Target(0, "pcmu", 8000, "", 20)))
    found = opened(through(work, packets([bytes(800)], units=800)))
    assert [len(one.payload) for one in found] == [160] * 5


def test_what_is_no_packet_goes_nowhere() -> None:
    work = Work(Plan(PCMA, Target(111, "opus", 48000)))
    assert work.receive(b"\x90\x08" + bytes(10), None, 0.0) == []
    assert work.receive(packets([b"x"], payload_type=77)[0], None, 0.0) == []
    assert work.receive(packets([b""])[0], None, 0.0) == []


def test_new_work_goes_on_where_the_old_one_was() -> None:
    plan = Plan(PCMA, Target(111, "opus", 48000))
    first, second = Work(plan), Work(plan)
    stream = packets([bytes(160)] * 4)
    made = through(first, stream[:2])
    second.inherit(first)
    assert [one.sequence for one in opened(made + through(second, stream[2:]))] == [100, 101, 102, 103]
    cleaned, again = Work(Plan(PCMA, clean=True)), Work(Plan(PCMA, clean=True))
    again.inherit(cleaned)
    assert again.guard is cleaned.guard


def test_a_plan_is_read_from_an_order() -> None:
    said = {
        "sources": [[8, "pcma", 8000]], "target": [111, "opus", 48000, "useinbandfec=1", 40],
        "events": [[101, 8000, 110, 48000]], "comfort": [13, None], "clean": True,
    }
    assert Plan.read(said) == Plan(
        PCMA, Target(111, "opus", 48000, "useinbandfec=1", 40), {101: (8000, 110, 48000)}, (13, None), True
    )
    assert Plan.read({"sources": []}) == Plan({})
    assert decode("pcma", b"\xd5")[0] == 8
