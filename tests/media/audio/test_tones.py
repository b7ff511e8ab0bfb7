"""Keys as tones: found in sixteen keys under the standard's conditions, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from media.audio.g711 import Samples, decode, encode
from media.audio.tones import KEYS, STRICT, WARY, Thresholds, ToneDetector
from tests.media.audio.sounds import blocks, key, sine
from tests.media.audio.speech import speech
from tests.support.peers import need

ALL = "".join(KEYS)
HOUR = 3600.0


def heard(sound: Samples, thresholds: Thresholds = STRICT, size: int = 160) -> str:
    detector = ToneDetector(thresholds)
    return "".join(detector.feed(block) for block in blocks(sound, size))


@pytest.mark.parametrize("milliseconds", [50, 65, 80, 200, 3000])
def test_every_key_once_however_long(milliseconds: int) -> None:
    for number, digit in enumerate(ALL):
        assert heard(key(digit, milliseconds, before=600 + 23 * number)) == digit


@pytest.mark.parametrize("size", [80, 160, 240, 320, 480])
def test_every_packet_length(size: int) -> None:
    assert heard(np.concatenate([key(digit, 70) for digit in ALL]), size=size) == ALL


@pytest.mark.parametrize(
    ("twist", "off"), [(5, 0), (-7, 0), (3, 0.012), (3, -0.012), (0, 0.015), (0, -0.015)]
)
def test_twist_and_tolerance_of_frequency(twist: float, off: float) -> None:
    for digit in ALL:
        assert heard(key(digit, 65, twist=twist, off=off)) == digit


def test_what_is_off_by_three_and_a_half_percent_is_no_key() -> None:
    assert [digit for digit in ALL if heard(key(digit, 100, off=0.035))] == []


def test_loud_faint_noisy_and_through_g711() -> None:
    noise = np.random.default_rng(5).standard_normal(4000) * 300
    for digit in ALL:
        assert heard(key(digit, 65, loud=14_000)) == digit
        assert heard(key(digit, 65, loud=200)) == digit
        noisy = key(digit, 65)
        assert heard((noisy + noise[: len(noisy)]).astype(np.int16)) == digit
        assert heard(decode("pcma", encode("pcma", noisy))) == digit


def test_too_faint_or_too_uneven_is_none() -> None:
    assert heard(key("5", 100, loud=20)) == ""
    assert heard(key("5", 100, twist=14)) == ""
    assert heard(key("5", 100, twist=-14)) == ""


def test_one_tone_is_no_key_and_neither_are_three() -> None:
    assert heard(sine(770, 0.5)) == ""
    assert heard(sine(1336, 0.5)) == ""
    assert heard((key("5", 100) // 2 + key("7", 100) // 2).astype(np.int16)) == ""


def test_the_same_key_twice_is_two_and_a_drop_out_is_one() -> None:
    assert heard(np.concatenate((key("5", 60, after=0), key("5", 60, before=400)))) == "55"
    assert heard(np.concatenate((key("5", 60, after=0), key("5", 60, before=40)))) == "5"
    assert heard(np.concatenate((key("5", 60, after=0), key("6", 60, before=0)))) == "56"


def test_a_tone_that_sounds_already_is_not_told_but_the_next_one_is() -> None:
    sound = np.concatenate((key("5", 300, before=0), key("5", 80)))
    detector = ToneDetector(STRICT, late=True)
    assert "".join(detector.feed(block) for block in blocks(sound)) == "5"


def test_suspicion_comes_with_the_first_packet_of_a_tone() -> None:
    detector = ToneDetector(WARY)
    seen = []
    for block in blocks(key("5", 100, before=1600, after=1600)):
        detector.feed(block)
        seen.append(detector.suspect)
    # Samples 1600 to 2400: the packets 10 to 14.
    assert seen[:10] == [False] * 10
    assert all(seen[11:15])
    assert not any(seen[17:])


def test_wary_hears_a_faint_tone_under_a_voice() -> None:
    voice = sine(180, 0.4, loud=900) + sine(360, 0.4, loud=500)
    tone = key("5", 300, loud=1500, before=200)
    size = min(len(voice), len(tone))
    assert heard((voice[:size] + tone[:size]).astype(np.int16), WARY) == "5"


def test_nothing_in_noise_and_nothing_in_nothing() -> None:
    noise = (np.random.default_rng(6).standard_normal(8000 * 30) * 3000).astype(np.int16)
    assert heard(noise) == ""
    assert heard(np.zeros(80_000, np.int16)) == ""
    assert heard(np.zeros(0, np.int16)) == ""


def test_nobody_presses_a_key_in_a_minute_of_speech() -> None:
    espeak = need("espeak-ng")
    assert "".join(heard(piece) for piece in speech(espeak, 60.0)) == ""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nobody_presses_a_key_in_an_hour_of_speech() -> None:
    detector, wary = ToneDetector(STRICT), ToneDetector(WARY)
    found = muted = total = 0
    for piece in speech(need("espeak-ng"), HOUR):
        for block in blocks(piece):
            found += len(detector.feed(block))
            wary.feed(block)
            muted += wary.suspect
            total += 1
    assert found == 0
    assert muted / total < 0.005    # what a visitor says is heard
