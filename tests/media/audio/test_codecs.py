"""Every codec both ways, at every rate it is used at."""

from __future__ import annotations

import numpy as np
import pytest

from media.audio import codecs
from tests.media.audio.sounds import share, sine

ALL = [("pcma", 8000), ("pcmu", 8000), ("g722", 8000), ("g722", 16000), ("opus", 8000), ("opus", 16000)]


def test_all_are_usable_here() -> None:
    assert codecs.usable() == {"pcma", "pcmu", "g722", "opus"}
    assert codecs.knows("PCMA", 8000)
    assert codecs.knows("opus", 48000)
    assert not codecs.knows("PCMA", 16000)
    assert not codecs.knows("G729", 8000)


@pytest.mark.parametrize(("name", "rate"), ALL)
def test_a_tone_survives(name: str, rate: int) -> None:
    encoder, decoder = codecs.encoder(name, rate), codecs.decoder(name, rate)
    size, tone = rate // 50, sine(600, 1.0, rate=rate)
    heard = b"".join(
        decoder.decode(encoder.encode(tone[at : at + size].tobytes())) for at in range(0, len(tone), size)
    )
    assert len(heard) == 2 * len(tone)
    assert share(np.frombuffer(heard, np.int16)[rate // 2 :], 600, rate) > 0.9


@pytest.mark.parametrize(("name", "rate"), ALL)
def test_silence_lasts_as_long_and_is_silent(name: str, rate: int) -> None:
    heard = np.frombuffer(codecs.decoder(name, 8000).decode(codecs.silence(name, 160)), np.int16)
    assert len(heard) == 160
    assert abs(heard.astype(int)).max() < 40


def test_there_is_no_silence_of_a_length_opus_does_not_have() -> None:
    assert codecs.silence("opus", 77) == b""


def test_wide_sound_stays_wide() -> None:
    assert codecs.rate_between("opus", "g722") == 16_000
    assert codecs.rate_between("opus", "pcma") == 8_000


def test_an_encoder_follows_what_its_reader_wants() -> None:
    tone = sine(500, 0.02).tobytes()
    assert codecs.encoder("opus", 8000, "maxplaybackrate=8000; useinbandfec=1").encode(tone)
