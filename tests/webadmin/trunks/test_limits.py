"""What a site may do on trunks, set in the browser: published at once, errors at their field."""

from __future__ import annotations

import pytest
from flask import Flask

from dialplan.rows import CallerIdRow, RateRow, SiteRows, TelephonyRow
from tests.webadmin.pages import fields, inside, row, send
from tests.webadmin.people_of_two_houses import browser, make_people
from webadmin.editing.changes import Stale, fingerprint
from webadmin.trunks.limits import save_limits, telephony_of

PATH = "/telephones/limits"
GOOD: dict[str, object] = {
    **{"calls": "3", "minutes_per_day": "60", "money_per_day": "49,50", "countries": "no, SE"},
    **{"rate-0-prefix": "+47", "rate-0-price": "1,5", "shown-0-number": "+4722334455"},
    **{"caller_id": "+4722000000", "dial_out": "y", "kinds": ["fixed", "voip"]},
}


def saved() -> TelephonyRow | None:
    found = row("telephony", "site")
    return found if isinstance(found, TelephonyRow) else None


def test_limits_are_set_and_changed(published: Flask) -> None:
    make_people()
    client = browser(published, "house@x.example")
    before, late = saved(), fields(client.get(PATH).text)
    assert send(client, PATH, GOOD).headers["Location"] == "/telephones"
    now = saved()
    assert now is not None and (now.calls, now.minutes_per_day, now.money_per_day) == (3, 60, 4950)
    assert now.countries == ("NO", "SE") and now.kinds == ("fixed", "voip") and now.dial_out
    assert now.rates == (RateRow("+47", 150),) and now.caller_id == "+4722000000"
    assert [each.number for each in now.caller_ids] == ["+4722334455"]
    assert isinstance(now.caller_ids[0], CallerIdRow)
    assert "49.50" in client.get("/telephones?lang=en").text
    assert send(client, PATH, {}).status_code == 303 and saved() == now
    stale = client.post(f"{PATH}?lang=en", data=late)
    assert stale.status_code == 422 and "Somebody else changed this" in stale.text
    assert send(client, PATH, {"rate-0-prefix": "", "calls": "0"}).status_code == 303
    changed = saved()
    assert changed is not None and changed.rates == () and changed.calls == 0 and changed != before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"calls": "5000"}, "Velg fra 0 til 1000"),
        ({"calls": "x"}, "Skriv et helt tall"),
        ({"money_per_day": "much"}, "Skriv et beløp"),
        ({"rate-0-price": "much"}, "Skriv et beløp"),
        ({"rate-0-prefix": "47"}, "ingen forvalgskode"),
        ({"countries": "Norway"}, "ikke noe land"),
        ({"region": "N1"}, "Skriv to bokstaver"),
        ({"shown-0-number": "12"}, "ikke noe telefonnummer"),
        ({"shown-0-building": "elsewhere"}, "elsewhere"),
        ({"caller_id": "12"}, "ikke noe telefonnummer"),
        ({"emergency": "no-such"}, "Velg fra lista"),
        ({"kinds": ["astral"]}, "Velg fra lista"),
    ],
)
def test_errors_stand_at_their_field(published: Flask, changes: dict[str, object], words: str) -> None:
    client, before = inside(published), saved()
    answer = send(client, PATH, {**GOOD, **changes}, "nb")
    assert answer.status_code == 422 and words in answer.text and 'class="fault"' in answer.text
    assert saved() == before


def test_no_admin_of_a_building_sets_limits(published: Flask) -> None:
    make_people()
    assert browser(published, "caretaker@x.example").get(PATH).status_code == 403


def test_an_edit_that_comes_too_late_is_refused() -> None:
    rows = SiteRows("a.example", "org", "residential")
    first = save_limits(TelephonyRow(calls=2), fingerprint(TelephonyRow()))(rows)
    assert telephony_of(first).calls == 2
    with pytest.raises(Stale):
        save_limits(TelephonyRow(calls=3), fingerprint(TelephonyRow()))(first)
