"""Imports: the tables become what the file says, rows keep their ids, what is not named any more goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.webadmin.conftest import AT, HOUSE, OFFICE
from webadmin.db import Row, db, writing
from webadmin.models import DialGroupMember, DoorKey, Organisation, Person, Site
from webadmin.publishing.rows import site_rows
from webadmin.site_file.errors import SiteFileError
from webadmin.site_file.importer import import_site
from webadmin.site_file.reader import SiteFile, read


def bring(text: str | Path) -> SiteFile:
    declared = read((text.read_text() if isinstance(text, Path) else text).encode())
    with writing() as session:
        import_site(session, declared, AT)
    return declared


def stored(session: Session, domain: str) -> object:
    return site_rows(session, session.scalars(select(Site).where(Site.domain == domain)).one())


def counts() -> dict[str, int]:
    db.session.expire_all()
    return {
        table.name: db.session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in Row.metadata.sorted_tables
    }


HEAD = '[organisation]\nid = "o"\nname = "O"\n[site]\ndomain = "a.example"\nname = "A"\nkind = "commercial"\n'
KARI_FIRST = """    { person = "kari", during = "office-hours" },
    { person = "nora", during = "office-hours" },
"""


@pytest.mark.parametrize("path", [HOUSE, OFFICE])
def test_what_was_declared_is_what_is_read_back(app: Flask, path: Path) -> None:
    declared = bring(path)
    assert stored(db.session(), declared.rows.domain) == declared.rows


def test_importing_again_changes_nothing_and_keeps_ids(app: Flask) -> None:
    bring(HOUSE)
    before, ids = counts(), dict(db.session.execute(select(Person.ref, Person.id)).all())
    bring(HOUSE)
    assert counts() == before
    assert dict(db.session.execute(select(Person.ref, Person.id)).all()) == ids


def test_an_emptied_site_leaves_nothing_behind(app: Flask) -> None:
    bring(HOUSE)
    bring(OFFICE)
    office = counts()
    text = HOUSE.read_text()
    bring(text[: text.index("[buildings.")])
    left = {name: count for name, count in counts().items() if count}
    alone = {name for name in left if name not in ("organisation", "site")}
    bring(HOUSE)
    assert counts() == office
    text = OFFICE.read_text()
    bring(text[: text.index("[buildings.")])
    bring(HOUSE.read_text()[: HOUSE.read_text().index("[buildings.")])
    assert {name for name, count in counts().items() if count} == {"organisation", "site"}
    assert alone  # the office's own rows stayed while the house was emptied


def test_a_removed_person_goes_with_all_that_named_him(app: Flask) -> None:
    bring(OFFICE)
    text = "\n".join(line for line in OFFICE.read_text().splitlines() if "ola" not in line.split("=")[0])
    text = text.replace('{ person = "ola" }', '{ person = "per", outside = "office-hours" }')
    text = text.replace(
        '{ person = "ola", outside = "office-hours" }', '{ person = "kari", outside = "office-hours" }'
    )
    declared = bring(text)
    assert stored(db.session(), "kontor.example") == declared.rows
    assert "ola" not in db.session.scalars(select(Person.ref)).all()


def test_order_and_references_follow_the_file(app: Flask) -> None:
    bring(OFFICE)
    text = OFFICE.read_text().replace(KARI_FIRST, "".join(reversed(KARI_FIRST.splitlines(keepends=True))))
    assert text != OFFICE.read_text()
    declared = bring(text)
    assert stored(db.session(), "kontor.example") == declared.rows


EVERYTHING = """
[buildings.b]
name = "B"
[units.u]
name = "U"
building = "b"
[people]
p = { name = "P", user = "pp", number = "1", alias = "A", unit = "u", ring_station = false }
r = { name = "R", hidden = true, do_not_disturb = true }
q = { name = "Q", hidden = 2026-12-24T18:00:00+01:00, do_not_disturb = 2026-12-24T18:00:00Z }
[devices]
d = { kind = "phone", unit = "u", username = "dd", number = "2", name = "D", legacy = true }
e = { kind = "station", building = "b" }
[controllers.c]
building = "b"
[panels.n]
building = "b"
doors = ["y", "x"]
keys = { "*" = "x", 0 = "y" }
talk_seconds = 60
answer_early = true
[doors.x]
name = "X"
building = "b"
controller = "c"
relay = "r1"
open_seconds = 60
fail = "safe"
resting = "unlocked"
lockdown = false
interlock = ["y"]
then = [{ door = "y", delay = 7 }, { door = "z" }]
hold = "s"
contact = "x-contact"
left_open_seconds = 90
forced_alarm = true
[doors.y]
name = "Y"
building = "b"
controller = "n"
relay = "0#"
driver = "panel_digit"
lockdown = true
[doors.z]
name = "Z"
building = "b"
controller = "c"
relay = "r2"
driver = "http"
address = "https://relay.example/on?t={seconds}"
payload = "on"
[groups.g]
name = "G"
ringing = "sequential"
step_seconds = 20
rings_on = true
members = [
  { group = "h", delay = 3 }, { device = "e", on = false, timeout = 7, confirm = true },
  { number = "+4722334455", outside = "s", confirm = true }, { person = "p", during = "s" },
]
[groups.h]
name = "H"
ring_seconds = 33
members = [{ device = "d" }]
[buttons.i]
person = "p"
label = "I"
panels = []
talk_seconds = 40
decline = "ends_call"
hidden = 2027-01-01T00:00:00Z
[buttons.j]
group = "h"
user = "jj"
number = "7"
building = "b"
panels = ["n"]
fallback = "g"
ring_limit = 110
[schedules.s]
name = "S"
time_zone = "UTC"
periods = [{ days = ["sun"], start = "22:00", end = "06:00" }, { start = "08:00", end = "24:00" }]
calendars = ["k", "l"]
holiday_hours = [{ start = "10:00", end = "12:00" }, { start = "14:00", end = "15:00" }]
exceptions = [{ first = 2026-01-02 },
  { first = 2026-02-01, last = 2026-02-03, hours = [{ start = "01:00", end = "02:00" }] }]
[calendars.k]
name = "K"
dates = [2026-05-18, 2026-01-07]
[calendars.l]
name = "L"
norwegian = true
[rules.r]
doors = ["y", "x"]
people = ["q", "p"]
units = ["u"]
buildings = ["b"]
methods = ["api", "app"]
during = "s"
"""


def test_everything_a_file_can_say_comes_back(app: Flask) -> None:
    declared = bring(HEAD + EVERYTHING)
    assert stored(db.session(), "a.example") == declared.rows


def test_two_sites_do_not_touch_each_other(app: Flask) -> None:
    house, office = bring(HOUSE), bring(OFFICE)
    bring(HOUSE.read_text().replace("Kari Berg", "Kari Bergh"))
    assert stored(db.session(), "kontor.example") == office.rows
    assert stored(db.session(), "fjordgata.example") != house.rows


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('kind = "commercial"', 'kind = "residential"', "line 7: site.kind: fixed when the site was made"),
        ('id = "o"', 'id = "other"', "line 2: organisation.id: the site belongs to another organisation"),
    ],
)
def test_what_a_site_keeps_for_life_cannot_be_changed(app: Flask, old: str, new: str, words: str) -> None:
    bring(HEAD)
    with pytest.raises(SiteFileError, match=words):
        bring(HEAD.replace(old, new))
    assert counts()["organisation"] == 1


def test_one_organisation_may_have_two_sites(app: Flask) -> None:
    bring(HEAD)
    bring(HEAD.replace("a.example", "b.example").replace('name = "O"', 'name = "New name"'))
    assert [row.name for row in db.session.scalars(select(Organisation))] == ["New name"]
    assert counts()["site"] == 2


def test_hostile_texts_are_stored_as_they_are(app: Flask) -> None:
    hostile = "Robert'); DROP TABLE person;--"
    bring(HEAD + f'[people.p]\nname = "{hostile}"\n')
    assert db.session.scalars(select(Person.name)).all() == [hostile]


def test_parts_are_counted(app: Flask) -> None:
    bring(HOUSE)
    assert counts()[DialGroupMember.__tablename__] == 10
    assert counts()[DoorKey.__tablename__] == 2
