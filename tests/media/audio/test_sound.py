"""One stream's sound: what is made when, and what the peer hears meanwhile."""

from __future__ import annotations

from media import rtp
from media.audio.g711 import encode
from media.audio.prompts import Clip
from media.audio.sound import Sound
from media.audio.transcoder import Target
from media.audio.work import Plan
from tests.media.audio.sounds import blocks, key, packets

FRESH = (9, 500, 7000)
CLIP = Clip("nb/hello", (b"a", b"b", b"c"))


def make() -> tuple[Sound, list[str]]:
    told: list[str] = []
    sound = Sound(lambda digit, _: told.append(digit), lambda digit, _: told.append(f"overheard {digit}"))
    return sound, told


def press(sound: Sound, digit: str) -> None:
    stream = packets([encode("pcma", block) for block in blocks(key(digit))])
    for number, data in enumerate(stream):
        sound.receive(data, data[1], number * 0.02)


def test_tones_are_heard_only_while_somebody_listens() -> None:
    sound, told = make()
    sound.hear_tones({8: ("pcma", 8000)})
    press(sound, "1")
    sound.listen(True)
    assert sound.touches({}) == {8}
    press(sound, "2")
    sound.listen(False)
    press(sound, "3")
    assert told == ["2"]


def test_plans_come_and_go() -> None:
    sound, told = make()
    data = packets([bytes(160)])[0]
    assert sound.receive(data, 8, 0.0) == [data[:1] + b"\x08" + data[2:]]
    assert sound.receive(data, None, 0.0) == []
    sound.plan(Plan({8: ("pcma", 8000)}, Target(0, "pcmu", 8000)))
    made = sound.receive(data, None, 0.0)
    assert made[0][1] == 0x80
    assert not sound.guard
    sound.plan(Plan({8: ("pcma", 8000)}, clean=True))
    guard = sound.guard
    sound.hear_tones({8: ("pcma", 8000)})
    sound.listen(True)
    assert guard is sound.guard is not None  # what was heard is not forgotten because somebody listens
    press(sound, "4")
    assert sorted(told) == ["4", "overheard 4"]
    sound.plan(None)
    sound.listen(False)
    assert sound.work is None


def test_a_prompt_takes_the_partner_s_place_and_gives_it_back() -> None:
    sound, _ = make()
    sound.renumber((7, 100, 16_000), 0.0, 8000)
    partner = rtp.build(8, 101, 16_160, 7, b"x")
    sound.play(CLIP, 8)
    assert sound.playing
    made = []
    for tick in range(3):
        packet = sound.tick(0.02 * tick, FRESH)
        assert packet is not None
        made.append(packet)
        assert sound.pass_on(partner, 0.02 * tick) is None
    assert [rtp.parse(one) for one in made] == [
        rtp.Packet(8, n == 0, 101 + n, 16_160 + 160 * n, 7, payload) for n, payload in enumerate(CLIP.frames)
    ]
    assert sound.tick(0.06, FRESH) is None
    assert sound.stop() == "nb/hello"
    assert sound.stop() == ""
    passed = sound.pass_on(rtp.build(8, 104, 16_640, 7, b"x"), 0.06)
    assert passed is not None
    assert rtp.position(passed)[:2] == (7, 104)


def test_a_loop_goes_on() -> None:
    sound, _ = make()
    sound.renumber(None, 0.0, 8000)
    sound.play(Clip("tones/busy", (b"a", b"b"), loop=True), 8)
    heard = [rtp.parse(sound.tick(0.02 * tick, FRESH) or b"") for tick in range(5)]
    assert [one.payload for one in heard if one is not None] == [b"a", b"b", b"a", b"b", b"a"]


def test_without_a_prompt_nothing_is_renumbered() -> None:
    sound, _ = make()
    data = rtp.build(8, 1, 2, 3, b"x")
    assert sound.pass_on(data, 0.0) == data
    assert sound.tick(0.0, FRESH) is None
