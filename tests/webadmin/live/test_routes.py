"""The live page with a PBX, without one, and for those who may not see it."""

from __future__ import annotations

from flask import Flask

from tests.webadmin.conftest import post
from tests.webadmin.live.test_service import channel
from tests.webadmin.people_of_two_houses import browser, make_people
from webadmin.pbx_link import PbxAway

HOSTILE = "<script>alert(1)</script>"


class Pbx:
    def __init__(self) -> None:
        self.ended: list[str] = []

    def running(self) -> dict[str, int]:
        return {"kontor.example": 7}

    def listing(self, action: str, complete: str, **fields: str) -> list[dict[str, str]]:
        if action == "CoreShowChannels":
            return [
                channel("PJSIP/street-00000001", "1", "kontor.example", caller=True, Exten=HOSTILE),
                channel("PJSIP/private-00000003", "2", "fjordgata.example", caller=True),
            ]
        contact = {"Endpoint": "kari-phone", "UserAgent": HOSTILE}
        return [contact] if action == "PJSIPShowContacts" else []

    def order(self, action: str, **fields: str) -> str:
        self.ended.append(fields["Channel"])
        return ""


class Away(Pbx):
    def listing(self, action: str, complete: str, **fields: str) -> list[dict[str, str]]:
        raise PbxAway("not reachable")


def test_calls_of_one_s_own_houses_are_seen_and_ended(published: Flask) -> None:
    make_people()
    pbx = published.extensions["doorline.pbx"] = Pbx()
    office = browser(published, "office@x.example")
    page = office.get("/live?lang=en").text
    assert "street" in page and "kari-phone" in page and HOSTILE not in page and "Running revision: 7" in page
    post(office, "/live/hang-up", call="2")
    assert pbx.ended == []
    post(office, "/live/hang-up", call="1")
    assert pbx.ended == ["PJSIP/street-00000001"]
    assert "ended a call" in office.get("/audit?lang=en").text
    house = browser(published, "house@x.example")
    page = house.get("/live?lang=en").text
    assert "somebody" in page and "street" not in page and "kari-phone" not in page
    assert browser(published, "caretaker@x.example").get("/live").status_code == 403


def test_the_pbx_is_away(published: Flask) -> None:
    make_people()
    published.extensions["doorline.pbx"] = Away()
    office = browser(published, "office@x.example")
    assert "does not answer" in office.get("/live?lang=en").text
    assert post(office, "/live/hang-up", call="1").status_code == 303
