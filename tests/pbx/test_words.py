"""Words are never repeated, and a system call serves many."""

from __future__ import annotations

from pbx.words import STOCK, WORD_BYTES, Words


def test_words_are_hexadecimal_and_all_different() -> None:
    words = Words()
    drawn = [words.word() for _ in range(3 * STOCK)]
    assert len(set(drawn)) == len(drawn)
    assert all(len(word) == 2 * WORD_BYTES and set(word) <= set("0123456789abcdef") for word in drawn)


def test_randomness_is_asked_once_for_a_stock_and_used_up_whole() -> None:
    asked: list[int] = []

    def draw(count: int) -> bytes:
        asked.append(count)
        return bytes(number % 251 for number in range(count))

    words = Words(draw)
    drawn = [words.word() for _ in range(STOCK)]
    assert asked == [WORD_BYTES * STOCK]
    assert "".join(reversed(drawn)) == draw(WORD_BYTES * STOCK).hex()
    words.word()
    assert len(asked) == 3
