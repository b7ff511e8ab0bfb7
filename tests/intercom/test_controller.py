from __future__ import annotations

import pytest

from intercom.controller import MAX_PENDING, AnswerOrder, Controller, OpenedDoor, Restart, SwitchRelay
from intercom.order import Addressee
from pbx.doors.order import Signer
from tests.support.doors import AT, CONTROLLER, RUN, SITE, door, key, paper

CIVIL = AT.timestamp()


def controller(longest: int = 60_000) -> Controller:
    return Controller(Addressee(key().public_key(), SITE, CONTROLLER, RUN), {"gate": longest})


def test_an_order_is_carried_out_then_answered() -> None:
    made = controller()
    assert made.take(paper(), "m1", CIVIL, 0.0) == [SwitchRelay("order-0001", "gate", 5000, 1.0)]
    assert made.next_deadline() == 1.0
    assert made.switched("order-0001", 77, 5000, 0.25) == [
        AnswerOrder("m1", 200, "order-0001", "opened", 77),
        OpenedDoor("gate", 5.25),
    ]
    assert made.next_deadline() is None
    assert made.counts == {"opened": 1, "refused": 0, "failed": 0}


def test_the_pulse_is_bounded_by_the_controllers_own_settings() -> None:
    assert controller(longest=2000).take(paper(), "m1", CIVIL, 0.0) == [
        SwitchRelay("order-0001", "gate", 2000, 1.0)
    ]


def test_an_order_counts_once_whatever_became_of_it() -> None:
    made = controller()
    made.take(paper(), "m1", CIVIL, 0.0)
    assert made.take(paper(), "m2", CIVIL, 0.1) == [AnswerOrder("m2", 403, "order-0001", "replayed")]
    made.not_switched("order-0001", "guard_late")
    assert made.take(paper(), "m3", CIVIL, 0.2) == [AnswerOrder("m3", 403, "order-0001", "replayed")]


def test_a_clock_turned_back_revives_no_order() -> None:
    made = controller()
    made.take(paper(), "m1", CIVIL, 0.0)
    made.switched("order-0001", 77, 5000, 0.1)
    assert made.take(paper(), "m2", CIVIL - 1, 3600.0) == [AnswerOrder("m2", 403, "order-0001", "replayed")]


def test_while_the_clock_is_untrusted_nothing_opens() -> None:
    assert controller().take(paper(), "m1", None, 0.0) == [AnswerOrder("m1", 503, "", "clock")]


def test_what_is_no_order_of_ours() -> None:
    made = controller()
    assert made.take(b"x", "m1", CIVIL, 0.0) == [AnswerOrder("m1", 403, "", "forged")]
    assert made.take(paper(), "m2", CIVIL + 60, 0.0) == [AnswerOrder("m2", 403, "", "expired")]
    lobby = paper("order-0002", door=door(relay="lobby"))
    assert made.take(lobby, "m3", CIVIL, 0.0) == [AnswerOrder("m3", 404, "order-0002", "relay")]
    assert made.counts["refused"] == 3


def test_a_guard_that_says_nothing() -> None:
    made = controller()
    made.take(paper(), "m1", CIVIL, 0.0)
    assert made.handle_timeout(0.99) == []
    assert made.handle_timeout(1.0) == [AnswerOrder("m1", 503, "order-0001", "guard_silent")]
    assert made.switched("order-0001", 77, 5000, 1.1) == []


def test_a_guard_that_refuses_or_dies() -> None:
    made = controller()
    made.take(paper("order-0001"), "m1", CIVIL, 0.0)
    made.take(paper("order-0002"), "m2", CIVIL, 0.0)
    assert made.not_switched("order-0001", "guard_late") == [
        AnswerOrder("m1", 503, "order-0001", "guard_late")
    ]
    assert made.guard_lost() == [AnswerOrder("m2", 503, "order-0002", "guard_away")]
    assert made.guard_lost() == []


def test_orders_in_hand_are_bounded() -> None:
    made = controller()
    for number in range(MAX_PENDING):
        made.take(paper(f"order-{number:04}"), number, CIVIL, 0.0)
    assert made.take(paper("order-more"), "m", CIVIL, 0.0) == [AnswerOrder("m", 503, "order-more", "busy")]
    made.guard_lost()
    assert isinstance(made.take(paper("order-more"), "m", CIVIL, 0.0)[0], SwitchRelay)


def test_memory_is_bounded_and_the_newest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intercom.controller.MAX_SEEN", 64)
    made = controller()
    for number in range(65):
        made.take(paper(f"order-{number:06}"), number, CIVIL, 0.0)
        made.guard_lost()
    assert len(made._seen) == 64
    newest = made.take(paper(f"order-{64:06}"), "m", CIVIL, 0.0)[0]
    assert isinstance(newest, AnswerOrder) and newest.result == "replayed"


def test_a_hold_and_its_release_are_leases_of_the_guard() -> None:
    made = controller()
    for action, done in (("hold", "held"), ("release", "released")):
        (switch,) = made.take(paper(f"order-{action}", action=action), "request", AT.timestamp(), 0.0)
        assert isinstance(switch, SwitchRelay)
        assert (switch.action, switch.relay) == (action, "gate")
        assert made.switched(switch.id, 7, 0, 0.1) == [AnswerOrder("request", 200, switch.id, done, 7)]
    assert made.counts["opened"] == 0


def test_an_order_to_begin_anew_needs_no_relay_and_counts_once() -> None:
    made = controller()
    told = Signer(key()).sign_restart(SITE, CONTROLLER, "order-0009", RUN, AT)
    effects = made.take(told, "m1", CIVIL, 0.0)
    assert effects == [AnswerOrder("m1", 200, "order-0009", "restarting"), Restart()]
    assert made.take(told, "m2", CIVIL, 0.1) == [AnswerOrder("m2", 403, "order-0009", "replayed")]
    stale = Signer(key()).sign_restart(SITE, CONTROLLER, "order-0010", "another", AT)
    assert made.take(stale, "m3", CIVIL, 0.2) == [AnswerOrder("m3", 403, "", "stale")]
