"""The ticker of prompts: when it ticks, what it does when late, what is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from media.audio.sound import Sound
from media.audio.stage import Stage


class Peer:
    """A stream, as far as a stage sees it."""

    def __init__(self) -> None:
        self.peer: object | None = object()
        self.sound: Sound | None = None
        self.sent: list[bytes] = []
        self.clock = 0

    def sounding(self) -> Sound:
        if self.sound is None:
            self.sound = Sound(lambda *_: None, lambda *_: None)
        return self.sound

    def renumber(self, clock: int) -> None:
        self.clock = clock
        self.sounding().renumber(None, 0.0, clock)

    def play_on(self, fresh: tuple[int, int, int]) -> bool:
        packet = self.sounding().tick(0.0, fresh)
        if packet is not None:
            self.sent.append(packet)
        return packet is not None


def stage(folder: Path, frames: int = 3) -> tuple[Stage, Peer, list[Any], list[float]]:
    (folder / "nb").mkdir()
    (folder / "nb" / "hello.pcma").write_bytes(bytes(160 * frames))
    peer, now = Peer(), [10.0]
    said: list[Any] = []
    return Stage({2: peer}, str(folder), said.append, lambda: now[0]), peer, said, now


def test_it_ticks_only_while_something_is_played(tmp_path: Path) -> None:
    made, peer, said, _ = stage(tmp_path)
    assert made.next_tick == float("inf")
    made.play(2, "nb/hello", False, 8, "pcma", 8000)
    assert made.next_tick == 10.0
    for tick in range(4):
        made.tick(10.0 + 0.0201 * tick)
        made.tick(10.0 + 0.0201 * tick)      # too early for the next one
    assert len(peer.sent) == 3
    assert said == [["played", 2, "nb/hello", True]]
    assert made.next_tick == float("inf")


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    made, _, said, _ = stage(tmp_path)
    made.play(2, "nb/nothing", False, 8, "pcma", 8000)
    made.play(2, "nb/hello", False, 9, "g722", 8000)
    made.play(4, "nb/hello", False, 8, "pcma", 8000)
    assert said == [["played", 2, "nb/nothing", False], ["played", 2, "nb/hello", False]]
    assert made.next_tick == float("inf")


def test_a_late_tick_catches_up_a_little_and_no_more(tmp_path: Path) -> None:
    made, peer, _, _ = stage(tmp_path, frames=100)
    made.play(2, "nb/hello", False, 8, "pcma", 8000)
    made.tick(10.0)
    for _ in range(100):
        made.tick(13.0)
    assert 5 <= len(peer.sent) <= 8


def test_stopping_is_silent(tmp_path: Path) -> None:
    made, peer, said, _ = stage(tmp_path)
    made.play(2, "nb/hello", True, 8, "pcma", 8000)
    made.tick(10.0)
    made.stop(2)
    made.stop(2)
    made.tick(10.02)
    assert len(peer.sent) == 1
    assert said == []


def test_the_second_prompt_replaces_the_first(tmp_path: Path) -> None:
    made, peer, said, _ = stage(tmp_path)
    made.play(2, "nb/hello", True, 8, "pcma", 8000)
    made.tick(10.0)
    made.play(2, "nb/hello", False, 8, "pcma", 8000)
    for tick in range(1, 6):
        made.tick(10.0 + 0.0201 * tick)
    assert len(peer.sent) == 4
    assert said == [["played", 2, "nb/hello", True]]
