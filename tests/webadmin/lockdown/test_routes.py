"""A lockdown in the browser, before a PBX of the test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Flask

from tests.webadmin.conftest import post
from tests.webadmin.pages import inside
from tests.webadmin.people_of_two_houses import browser, make_people
from webadmin.db import db
from webadmin.models import AuditEntry
from webadmin.pbx_link import PbxAway

UNTIL = "2026-11-22T16:30:00+00:00"


class Pbx:
    """A PBX with doors that can be locked, all but `stuck`."""

    def __init__(self) -> None:
        self.locked: dict[str, str] = {}
        self.stuck = self.away = False

    def listing(self, action: str, complete: str, **fields: str) -> list[dict[str, str]]:
        """Its doors."""
        if self.away:
            raise PbxAway("x")
        return [{"Door": door, "LockedUntil": UNTIL, "LockedBy": by} for door, by in self.locked.items()]

    def orders(self, action: str, each: Sequence[Mapping[str, str]]) -> list[str]:
        """Lock or lift."""
        if self.away:
            raise PbxAway("x")
        for fields in each:
            if fields["Seconds"] == "0":
                self.locked.pop(fields["Door"], None)
            else:
                self.locked[fields["Door"]] = f"webadmin: {fields['By']}"
        return ["an escape route is never locked" if self.stuck else "" for _ in each]

    def running(self) -> None:
        """Not known."""


def test_one_button_its_end_who_set_it_and_the_way_back(published: Flask) -> None:
    pbx = published.extensions["doorline.pbx"] = Pbx()
    client = inside(published)
    assert "Lock every door now" in client.get("/lockdown?lang=en").text
    assert post(client, "/lockdown", seconds="3600").headers["Location"] == "/lockdown"
    assert set(pbx.locked) == {"front", "back"}
    page = client.get("/lockdown?lang=en").text
    assert "2 doors are locked down" in page and "22 Nov 2026 17:30" in page
    assert ">eier@fjordgata.example<" in page
    assert "locked down until" in client.get("/doors?lang=en").text
    post(client, "/lockdown/lift")
    assert pbx.locked == {} and "2 doors open as usual" in client.get("/lockdown?lang=en").text
    entries = [row.action for row in db.session.query(AuditEntry)]
    assert entries[-2:] == ["locked down for 1 hour", "lifted a lockdown"]


def test_what_goes_wrong_is_said(published: Flask) -> None:
    pbx = published.extensions["doorline.pbx"] = Pbx()
    client = inside(published)
    post(client, "/lockdown", seconds="5")
    assert pbx.locked == {} and "how long" in client.get("/lockdown?lang=en").text
    pbx.stuck = True
    post(client, "/lockdown", seconds="900")
    assert "Not done for" in client.get("/lockdown?lang=en").text
    pbx.away = True
    post(client, "/lockdown", seconds="900")
    page = client.get("/lockdown?lang=en").text
    assert "did not answer. Nothing may have changed" in page and "cannot see what is locked" in page


def test_an_admin_of_another_building_locks_nothing_here(published: Flask) -> None:
    pbx = published.extensions["doorline.pbx"] = Pbx()
    make_people()
    post(browser(published, "reception@x.example"), "/lockdown", seconds="900")
    assert set(pbx.locked) == {"glass"}
