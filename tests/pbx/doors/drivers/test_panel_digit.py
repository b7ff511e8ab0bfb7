from __future__ import annotations

import pytest

from pbx.doors.drivers.panel_digit import PanelDigitDriver, PanelLeg
from pbx.sip.headers import Headers
from pbx.sip.message import Response
from tests.support.doors import door, open_order


class Media:
    def __init__(self, able: bool) -> None:
        self.able = able
        self.pressed: list[tuple[str, str]] = []

    def can_press(self, leg: str) -> bool:
        return self.able

    def press(self, leg: str, digit: str) -> None:
        self.pressed.append((leg, digit))


class Session:
    def __init__(self) -> None:
        self.sent: list[tuple[bytes, object]] = []

    def info(self, content_type: str, body: bytes, now: float, context: object = None) -> object:
        assert content_type == "application/dtmf-relay"
        self.sent.append((body, context))
        return None

    def answer(self, status: int) -> None:
        context = self.sent[-1][1]
        context.answered(Response(status, "", Headers()), 0.5)  # type: ignore[attr-defined]


def opened(
    relay: str, able: bool = True, call: str | None = "c1"
) -> tuple[Media, Session, list[tuple[bool, str]]]:
    media, session, results = Media(able), Session(), list[tuple[bool, str]]()

    def panel_leg(asked: str, device: str) -> PanelLeg | None:
        return PanelLeg("a", media, session) if (asked, device) == ("c1", "d-ctl") else None

    order = open_order(door=door(driver="panel_digit", relay=relay), call=call)
    PanelDigitDriver(panel_leg).open(order, lambda opened, detail, at: results.append((opened, detail)), 0.0)
    return media, session, results


def test_digits_are_pressed_on_the_panels_leg() -> None:
    media, session, results = opened("*1")
    assert media.pressed == [("a", "*"), ("a", "1")]
    assert not session.sent
    assert results == [(True, "opened")]


def test_without_telephone_event_each_digit_is_an_info_after_the_last_ones_200() -> None:
    media, session, results = opened("*1", able=False)
    assert [body for body, _ in session.sent] == [b"Signal=*\r\nDuration=160\r\n"]
    session.answer(200)
    assert [body for body, _ in session.sent][1:] == [b"Signal=1\r\nDuration=160\r\n"]
    assert not results
    session.answer(200)
    assert results == [(True, "opened")]
    assert not media.pressed


def test_a_refused_info_is_a_failure() -> None:
    _, session, results = opened("12", able=False)
    session.answer(415)
    assert results == [(False, "status_415")]
    assert len(session.sent) == 1


def test_an_unanswered_info_is_a_failure() -> None:
    _, session, results = opened("5", able=False)
    session.sent[0][1].failed(408, 32.0)  # type: ignore[attr-defined]
    assert results == [(False, "timeout")]


@pytest.mark.parametrize("call", [None, "c2"])
def test_without_a_call_there_is_nothing_to_press_on(call: str | None) -> None:
    assert opened("5", call=call)[2] == [(False, "no_call")]


@pytest.mark.parametrize("relay", ["", "5x", "123456789", "\r\n"])
def test_digits_that_are_none(relay: str) -> None:
    assert opened(relay)[2] == [(False, "bad_digits")]
