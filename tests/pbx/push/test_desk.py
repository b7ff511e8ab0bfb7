"""What is sent when; the calls around it are in tests/pbx/calls/test_waking.py."""

from __future__ import annotations

import json

from pbx.push.desk import Letter, Notice, PushDesk, topic_of
from pbx.push.subscription import Subscription

ONE = Subscription("https://push.example/1", "p", "a")
NOTICE = Notice("house.example", "kari-app", "call-1", "Gate", "Kari", "/preview/x.jpg", 25)


def desk() -> tuple[PushDesk, list[Letter], list[str]]:
    letters: list[Letter] = []
    stages: list[str] = []
    made = PushDesk(lambda site, device: ONE, letters.append)
    made.on_stage = lambda notice, stage, now: stages.append(stage)
    return made, letters, stages


def test_a_ring_is_repeated_until_its_end_and_then_ended() -> None:
    made, letters, stages = desk()
    made.ring(NOTICE, 0.0)
    for moment in range(1, 40):
        if (due := made.next_deadline()) is not None and due <= moment:
            made.handle_timeout(moment)
    assert [letter.ttl for letter in letters] == [25, 15, 5] and stages == ["pushed"] * 3
    assert made.next_deadline() is None
    made.ended("call-1", "kari-app", 40.0)
    made.ended("call-1", "kari-app", 41.0)
    assert [letter.kind for letter in letters] == ["ring"] * 3 + ["ended"]
    assert json.loads(letters[-1].body)["type"] == "ended" and made.stats()["rings"] == 0


def test_who_is_up_is_left_in_peace_but_told_the_end() -> None:
    made, letters, _ = desk()
    made.ring(NOTICE, 0.0)
    made.sent(letters[0], "accepted", 0.1)
    made.up("call-1", "kari-app")
    assert made.next_deadline() is None
    made.sent(letters[0], "gone", 0.2)  # late news of another letter: it rings all the same
    made.ended("call-1", "kari-app", 3.0)
    assert made.stats()["failed"] == 1


def test_one_failure_is_tried_again_soon() -> None:
    made, letters, stages = desk()
    lost: list[str] = []
    made.on_unreachable = lambda call, device, now: lost.append(device)
    made.ring(NOTICE, 0.0)
    made.sent(letters[0], "failed", 0.1)
    assert made.next_deadline() == 2.1 and lost == []
    made.handle_timeout(2.1)
    made.sent(letters[1], "accepted", 2.2)
    made.handle_timeout(12.1)
    made.sent(letters[2], "failed", 12.2)
    made.handle_timeout(14.2)
    made.sent(letters[3], "failed", 14.3)
    assert lost == []  # it was reached once
    assert stages.count("failed") == 3


def test_topics_are_short_and_plain() -> None:
    assert topic_of("a b/c+d=é" + "x" * 50) == "abcd" + "x" * 28
