"""Opus by libopus, checked by itself and by the copy inside PyAV."""

from __future__ import annotations

import numpy as np
import pytest

from media.audio import libopus
from media.audio.libopus import OpusDecoder, OpusEncoder
from media.errors import MediaError
from tests.media.audio.sounds import share, sine


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize("milliseconds", [10, 20, 40, 60])
def test_a_tone_survives(rate: int, milliseconds: int) -> None:
    encoder, decoder = OpusEncoder(rate), OpusDecoder(rate)
    size = rate * milliseconds // 1000
    tone = sine(440, 1.2, rate=rate)
    heard = b"".join(
        decoder.decode(encoder.encode(tone[at : at + size].tobytes())) for at in range(0, len(tone), size)
    )
    assert len(heard) == len(tone) * 2
    assert share(np.frombuffer(heard, np.int16)[rate // 2 :], 440, rate) > 0.9


def test_what_one_rate_wrote_another_reads() -> None:
    packet = OpusEncoder(16000, fec=True).encode(bytes(640))
    assert len(OpusDecoder(8000).decode(packet)) == 320


def test_what_is_no_packet_is_no_sound() -> None:
    decoder = OpusDecoder(8000)
    assert decoder.decode(b"") == b""
    assert decoder.decode(b"\xff\xff\xff") == b""
    assert decoder.decode(bytes(range(200))) is not None


def test_a_length_opus_does_not_have_is_refused() -> None:
    with pytest.raises(MediaError):
        OpusEncoder(8000).encode(bytes(2 * 240))
    with pytest.raises(MediaError):
        OpusDecoder(8001)


def test_without_the_library_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libopus, "_names", lambda: ["libnothing-at-all.so.0"])
    libopus.library.cache_clear()
    try:
        assert not libopus.available()
        with pytest.raises(MediaError):
            OpusEncoder(8000)
        with pytest.raises(MediaError):
            OpusDecoder(8000)
    finally:
        monkeypatch.undo()
        libopus.library.cache_clear()
    assert libopus.available()


def test_the_copy_in_pyav_s_wheel_is_found() -> None:
    assert any("av.libs" in name for name in libopus._names())
