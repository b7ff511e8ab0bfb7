"""Papers: signed for one device and a day, and read by the agent that holds them."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dialplan.passes import Code, Pass
from intercom.papers import find, opening, read
from tests.dialplan.checks.expectations import changed
from tests.support.demonstration import office
from tests.support.plans import compiled
from webadmin.papers.signing import Holder, load_or_make, papers

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # a Monday, half past ten in Oslo
HOLDER = Holder("lobby-relays", "lobby-relays")
ROWS = changed(office(), "rules", "staff-in", doors=("lobby", "lift"), methods=("code",), during="open")
PLAN = compiled(ROWS)
ANNA = Pass("p1", "anna", ("lobby", "lift"), AT - timedelta(days=2), AT + timedelta(days=9), None, "aa", "bb")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


def made(keys: Path, *held: Pass, at: datetime = AT, holder: Holder = HOLDER) -> list[str]:
    return papers(load_or_make(keys), PLAN, holder, held, at)


def test_an_agent_reads_what_webadmin_signs(keys: Path) -> None:
    [token] = made(keys, replace(ANNA, host=""))
    key = load_or_make(keys).public_key()
    paper = read(token, key, PLAN.site, "lobby-relays")
    assert paper is not None and (paper.pin, paper.token, paper.id) == ("aa", "bb", "p1")
    found = opening(paper, "", AT.timestamp())
    assert found is not None  # and not the lobby, which waits for another door
    assert (found.door, found.relay, found.spans) == ("lift", "2", None)
    assert find([paper], Code(pin="aa")) is paper
    assert find([paper], Code(pin="bb")) is None
    assert paper.ends - AT.timestamp() <= 86_400
    assert read(token, key, PLAN.site, "other") is None
    assert read(token, key, "other.example", "lobby-relays") is None
    assert read(token[:-4] + "AAAA", key, PLAN.site, "lobby-relays") is None


def test_papers_of_an_hour_are_the_same_and_end_within_a_day(keys: Path) -> None:
    first = made(keys, ANNA)
    assert made(keys, ANNA, at=AT + timedelta(minutes=29)) == first
    assert made(keys, ANNA, at=AT + timedelta(minutes=31)) != first


def test_none_for_what_must_be_asked(keys: Path) -> None:
    assert made(keys, replace(ANNA, uses=3)) == []
    assert made(keys, replace(ANNA, end=AT)) == []
    assert made(keys, replace(ANNA, start=AT + timedelta(days=2))) == []
    assert made(keys, replace(ANNA, host="nobody")) == []
    assert made(keys, ANNA, holder=Holder("panel-lobby", "panel-lobby")) == []


def test_a_hosts_hours_stand_in_the_paper(keys: Path) -> None:
    [token] = made(keys, ANNA)
    paper = read(token, load_or_make(keys).public_key(), PLAN.site, "lobby-relays")
    rule = next(each for each in PLAN.rules if each.id == "staff-in")
    assert paper is not None
    for hours in range(0, 23):
        moment = AT + timedelta(hours=hours)
        allowed = rule.window is None or rule.window.is_open(moment)
        assert (opening(paper, "lift", moment.timestamp()) is not None) == allowed, moment


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first = load_or_make(tmp_path / "keys")
    assert first.public_key() == load_or_make(tmp_path / "keys").public_key()
    private = tmp_path / "keys" / "pass_ed25519"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    private.chmod(0o644)
    with pytest.raises(ValueError, match="chmod 600"):
        load_or_make(tmp_path / "keys")
