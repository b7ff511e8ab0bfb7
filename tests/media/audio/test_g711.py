"""G.711: the tables against the standard's formulas and each other."""

from __future__ import annotations

import audioop

import numpy as np

from media.audio import g711


def test_every_code_expands_as_the_standard_says() -> None:
    codes = bytes(range(256))
    assert g711.decode("pcma", codes).tobytes() == audioop.alaw2lin(codes, 2)
    assert g711.decode("pcmu", codes).tobytes() == audioop.ulaw2lin(codes, 2)


def test_what_was_expanded_is_compressed_to_the_same_sound() -> None:
    for law in ("pcma", "pcmu"):
        values = g711.decode(law, bytes(range(256)))
        again = g711.decode(law, g711.encode(law, values))
        assert again.tolist() == values.tolist()


def test_every_sample_gets_the_nearest_code() -> None:
    samples = np.arange(-32768, 32768, 7).astype(np.int16)
    for law in ("pcma", "pcmu"):
        values = np.sort(g711.decode(law, bytes(range(256))).astype(np.int32))
        back = g711.decode(law, g711.encode(law, samples)).astype(np.int32)
        at = np.clip(np.searchsorted(values, samples), 1, 255)
        nearest = np.minimum(abs(values[at] - samples), abs(values[at - 1] - samples))
        assert np.array_equal(abs(back - samples), nearest)


def test_silence_is_silence() -> None:
    for law, code in g711.SILENCE.items():
        assert abs(int(g711.decode(law, bytes((code,)))[0])) <= 8
        assert g711.encode(law, np.zeros(4, np.int16)) == bytes((code,)) * 4


def test_one_law_to_the_other_and_back_changes_little() -> None:
    codes = bytes(range(256))
    there = codes.translate(g711.A_TO_U)
    one, other = g711.decode("pcma", codes).astype(int), g711.decode("pcmu", there).astype(int)
    assert (abs(one - other) <= abs(one) / 20 + 8).all()
    assert sum(a != b for a, b in zip(codes, there.translate(g711.U_TO_A), strict=True)) < 40
