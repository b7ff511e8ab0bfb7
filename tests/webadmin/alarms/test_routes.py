"""The page of alarms."""

from __future__ import annotations

from flask import Flask

from tests.webadmin.live.test_routes import HOSTILE, Away
from tests.webadmin.people_of_two_houses import browser, make_people


class Alarmed(Away):
    def listing(self, action: str, complete: str, **fields: str) -> list[dict[str, str]]:
        kontor = {"Site": "kontor.example", "Alarm": "panel_away", "Subject": "street", "Detail": ""}
        return [kontor, {**kontor, "Site": "fjordgata.example", "Subject": HOSTILE}]


def test_alarms_of_one_s_own_houses(published: Flask) -> None:
    make_people()
    published.extensions["doorline.pbx"] = Away()
    assert "not known" in browser(published, "house@x.example").get("/alarms?lang=en").text
    published.extensions["doorline.pbx"] = Alarmed()
    page = browser(published, "house@x.example").get("/alarms?lang=en").text
    assert "The panel is away" in page and HOSTILE not in page and "kontor" not in page
    assert browser(published, "kari@x.example").get("/alarms").status_code == 403
