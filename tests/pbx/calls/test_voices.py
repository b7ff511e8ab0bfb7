"""What a call says, and echoes by INFO."""

from __future__ import annotations

from media.engine import Dtmf, Overheard
from pbx.calls.voices import Voices
from tests.pbx.calls.test_requests import talking
from tests.support.exchange import PlayedMedia, PlayedSession

INFO = ("application/dtmf-relay", b"Signal=5\r\nDuration=160\r\n")


def test_the_visitor_hears_that_the_door_is_open() -> None:
    world, _, _, _, called = talking()
    called.info(*INFO, world.now)
    world.settle()
    world.advance(0.1)
    assert len(world.lock.orders) == 1
    assert world.media.did.count("play nb/door_open") == 1


def test_a_key_by_info_that_the_panel_played_opens_nothing() -> None:
    world, _, _, _, called = talking()
    call, runner = next(iter(world.switchboard.calls.items()))
    world.switchboard.media_event(Overheard(call, runner.call.caller.leg, "5", 0.0), world.now)
    world.advance(0.3)
    called.info(*INFO, world.now)
    world.settle()
    assert world.lock.orders == []
    world.advance(1.0)
    called.info(*INFO, world.now)
    world.settle()
    assert len(world.lock.orders) == 1


def test_a_key_as_tones_opens_and_is_called_so() -> None:
    world, _, _, _, _ = talking()
    call, runner = next(iter(world.switchboard.calls.items()))
    assert runner.call.winner is not None
    world.switchboard.media_event(Dtmf(call, runner.call.winner.id, "5", 0.0, "inband"), world.now)
    assert len(world.lock.orders) == 1


def test_who_must_press_a_key_is_told_which_until_it_did() -> None:
    media = PlayedMedia()
    voices = Voices(PlayedSession("c", media), "en")
    voices.answered("b")
    voices.ask("b")
    voices.answered("b")
    voices.answered("b")
    assert media.did == ["play en/menu", "stop"]


def test_a_key_by_rtp_was_judged_by_the_worker() -> None:
    voices = Voices(PlayedSession("c", PlayedMedia()), "nb")
    voices.overhear("5", 1.0)
    assert voices.counts("5", "rfc4733", 1.1)
    assert not voices.counts("5", "info", 1.1)
    assert voices.counts("5", "info", 2.0)
