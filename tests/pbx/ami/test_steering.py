from __future__ import annotations

import pytest

from pbx.control import Refusal
from pbx.facts import CallStarted
from tests.support.ami import HOUSE, OFFICE, Message
from tests.support.ami_desk import Desk

KARI = "PJSIP/kari-phone-00000002"


def originate(desk: Desk, site: str = OFFICE, **fields: str) -> list[Message]:
    """An Originate of a device that rings as channel 1."""
    device, name = ("d-kari", "kari-phone") if site == OFFICE else ("h-ola", "ola-phone")

    def begun() -> None:
        desk.book.begin(CallStarted(site, "c-new", "l0", device, "102", "Ola", None, True))

    desk.control.desk.begun = begun
    return desk.ask("Originate", **{"Channel": f"PJSIP/{name}", "Exten": "102", "Priority": "1", **fields})


def test_originate_answers_when_the_first_party_has() -> None:
    desk = Desk()
    assert originate(desk)[0]["Message"] == ["Originate successfully queued"]
    assert desk.control.desk.did == [("originate", OFFICE, "kari-phone", "102", "30")]
    assert desk.told() == []


def test_originate_async_is_told_by_an_event() -> None:
    desk = Desk()
    (answer,) = originate(desk, Async="true", Timeout="5000", Variable="A=1,B=2")
    assert answer["Message"] == ["Originate successfully queued"]
    (event,) = desk.told()
    assert (event["Event"], event["ActionID"]) == (["OriginateResponse"], ["1"])
    assert (event["Response"], event["Reason"]) == (["Success"], ["4"])
    assert (event["Channel"], event["Exten"]) == (["PJSIP/kari-phone-00000001"], ["102"])
    got = desk.ask("Getvar", Channel="PJSIP/kari-phone-00000001", Variable="B")
    assert got[0]["Value"] == ["2"]


@pytest.mark.parametrize(("cause", "reason"), [(17, "5"), (19, "3"), (34, "8"), (20, "0")])
def test_why_nobody_answered(cause: int, reason: str) -> None:
    desk = Desk()
    orders = desk.control.desk
    orders.why, orders.wait = Refusal("User busy", cause), True
    orders.begun = lambda: None
    desk.control.desk._end = lambda done: done(orders.why)  # type: ignore[method-assign]
    originate(desk, Async="yes")
    (event,) = desk.told()
    assert (event["Response"], event["Reason"]) == (["Failure"], [reason])
    assert originate(desk)[0]["Message"] == ["Originate failed: User busy"]


def test_in_a_house_the_event_names_nobody() -> None:
    desk = Desk()
    originate(desk, HOUSE, Async="true")
    (event,) = desk.told()
    assert (event["Channel"], event["Exten"]) == (["PJSIP/private-00000001"], ["s"])
    assert event["CallerIDNum"] == ["<unknown>"]


def test_dial_as_an_application() -> None:
    desk = Desk()
    originate(desk, Exten="", Application="Dial", Data="PJSIP/ola,30")
    assert desk.control.desk.did[0][3] == "ola"
    (answer,) = originate(desk, Exten="", Application="System", Data="rm -rf /")
    assert answer["Message"] == ["Application is not available here: Dial with PJSIP/name only"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Channel": ""}, "Channel not specified"),
        ({"Channel": "Local/102@office"}, "Channel type Local is not available here"),
        ({"Channel": "PJSIP/nobody"}, "No such endpoint, or several: name its site by PJSIP/name@site"),
        ({"Channel": "PJSIP/ola-phone@office.example"}, "No such endpoint, or several: name its site"),
        ({"Exten": ""}, "Extension not specified"),
        ({"Timeout": "-5"}, "Invalid timeout"),
    ],
)
def test_what_is_not_originated(fields: dict[str, str], message: str) -> None:
    desk = Desk()
    (answer,) = originate(desk, **fields)
    assert answer["Response"] == ["Error"]
    assert answer["Message"][0].startswith(message)
    assert desk.control.desk.did == []


def test_a_login_of_another_site_begins_and_moves_nothing() -> None:
    desk = Desk(frozenset({HOUSE}))
    desk.call(OFFICE)
    assert originate(desk)[0]["Response"] == ["Error"]
    for action in ("Redirect", "PlayDTMF", "Getvar", "Setvar", "Hangup"):
        (answer,) = desk.ask(action, Channel=KARI, Exten="1", Digit="5", Variable="x", Value="1")
        assert answer["Message"] == ["No such channel"], action
    assert desk.ask("PJSIPQualify", Endpoint="kari-phone")[0]["Message"] == ["Unable to find endpoint"]
    assert desk.control.desk.did == desk.control.hung_up == []


def test_redirect() -> None:
    desk = Desk()
    desk.call()
    panel = "PJSIP/panel-1-00000001"
    (answer,) = desk.ask("Redirect", Channel=panel, Exten="102", Context=OFFICE, Priority="1")
    assert answer["Message"] == ["Redirect successful"]
    assert desk.control.desk.did == [("redirect", f"c-{OFFICE}", "l0", "102")]
    assert desk.ask("Redirect", Channel=panel)[0]["Message"] == ["Extension not specified"]
    (answer,) = desk.ask("Redirect", Channel=panel, Exten="102", Context=HOUSE)
    assert answer["Message"] == ["A channel stays in the context of its site"]
    (answer,) = desk.ask("Redirect", Channel=panel, Exten="102", ExtraChannel=KARI)
    assert answer["Response"] == ["Error"]
    desk.control.desk.why = Refusal("Not from this device")
    (answer,) = desk.ask("Redirect", Channel=panel, Exten="102")
    assert answer["Message"] == ["Redirect failed: Not from this device"]


def test_digits() -> None:
    desk = Desk()
    desk.call()
    assert desk.ask("PlayDTMF", Channel=KARI, Digit="5")[0]["Message"] == ["DTMF successfully queued"]
    assert desk.ask("PlayDTMF", Channel=KARI)[0]["Message"] == ["No digit specified"]
    assert desk.ask("PlayDTMF", Channel=KARI, Digit="55")[0]["Message"] == ["Invalid digit"]
    desk.control.desk.why = Refusal("The channel takes no digits now")
    assert desk.ask("PlayDTMF", Channel=KARI, Digit="5")[0]["Response"] == ["Error"]


def test_variables() -> None:
    desk = Desk()
    desk.call()
    assert desk.ask("Setvar", Channel=KARI, Variable="x", Value="1")[0]["Message"] == ["Variable Set"]
    (answer,) = desk.ask("Getvar", Channel=KARI, Variable="x")
    assert (answer["Variable"], answer["Value"]) == (["x"], ["1"])
    assert desk.ask("Getvar", Channel=KARI, Variable="CALLERID(num)")[0]["Value"] == ["101"]
    assert desk.ask("Setvar", Channel=KARI, Variable="EXTEN", Value="9")[0]["Response"] == ["Error"]
    assert desk.ask("Setvar", Channel=KARI, Variable="y" * 300, Value="9")[0]["Response"] == ["Error"]
    for number in range(31):
        desk.ask("Setvar", Channel=KARI, Variable=f"v{number}", Value="1")
    assert desk.ask("Setvar", Channel=KARI, Variable="more", Value="1")[0]["Response"] == ["Error"]
    assert desk.ask("Getvar", Channel=KARI)[0]["Message"] == ["No variable specified"]


def test_qualify_asks_and_tells_the_round_trip() -> None:
    desk = Desk()
    (answer,) = desk.ask("PJSIPQualify", Endpoint="kari-phone")
    assert answer["Message"] == ["Endpoint found, will qualify"]
    (event,) = desk.told()
    assert (event["ContactStatus"], event["RoundtripUsec"]) == (["Reachable"], ["1500"])
    assert desk.ask("PJSIPQualify", Endpoint="ola-phone")[0]["Message"] == ["Unable to find endpoint"]
    assert desk.ask("PJSIPQualify")[0]["Message"] == ["Endpoint parameter missing"]
