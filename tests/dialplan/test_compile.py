"""Rows become a plan or a list of errors; 500 units compile while a page waits."""

from __future__ import annotations

from dataclasses import replace

from dialplan import document
from dialplan.compile import compile, compile_published
from dialplan.errors import PlanError
from dialplan.limits import ERRORS
from dialplan.plan import DialPlan
from dialplan.rows import (
    BuildingRow,
    ButtonRow,
    DeviceRow,
    GroupRow,
    MemberRow,
    PanelRow,
    PersonRow,
    SiteRows,
    UnitRow,
)
from tests.support.demonstration import house, office
from tests.support.plans import compiled


def test_the_demonstration_sites_compile() -> None:
    assert isinstance(compile(house()), DialPlan)
    assert isinstance(compile(office()), DialPlan)


def test_an_empty_site_is_a_plan() -> None:
    assert isinstance(compile(SiteRows("house.example", "Owners", "residential")), DialPlan)


def test_all_errors_come_at_once() -> None:
    rows = replace(
        house(),
        domain="Fjordgata",
        people=(*house().people, PersonRow("eva", "", number="101", unit="nowhere")),
        time_zone="Europe/Bergen",
    )
    found = compile(rows)
    assert isinstance(found, list)
    assert [error.where for error in found] == [
        "site/domain",
        "people/eva/name",
        "people/eva/unit",
        "people/eva/number",
        "site/time_zone",
    ]


def test_errors_have_an_end() -> None:
    people = tuple(PersonRow(f"p{n}", "") for n in range(2 * ERRORS))
    found = compile(replace(house(), people=people))
    assert isinstance(found, list) and len(found) == ERRORS


def test_what_is_too_large_is_looked_at_no_further() -> None:
    found = compile(replace(house(), buildings=tuple(BuildingRow("same", "") for _ in range(1001))))
    message, hint = "there are 1001 entries", "keep it to 1000"
    assert found == [PlanError("buildings", message, hint, "too_many", (1001, 1000))]


def test_published_plans_are_checked_for_soundness_only() -> None:
    person = replace(house().people[0], number="112")
    rows = replace(house(), people=(person, *house().people[1:]))
    assert isinstance(compile(rows), list)
    assert isinstance(compile_published(rows), DialPlan)
    assert isinstance(compile_published(replace(rows, domain="")), list)


def block(units: int) -> SiteRows:
    """A large house: two people, an app each and a station in every unit, a button for all of them."""
    flats = [f"u{n}" for n in range(units)]
    return SiteRows(
        domain="block.example",
        organisation="Owners",
        kind="residential",
        buildings=(BuildingRow("h", "House"),),
        units=tuple(UnitRow(flat, "h", flat.upper()) for flat in flats),
        people=tuple(
            PersonRow(f"{flat}-{who}", f"Person {who}", unit=flat) for flat in flats for who in ("a", "b")
        ),
        devices=(
            *(
                DeviceRow(f"{flat}-{who}-app", "app", person=f"{flat}-{who}")
                for flat in flats
                for who in "ab"
            ),
            *(DeviceRow(f"{flat}-station", "station", unit=flat) for flat in flats),
            *(DeviceRow(f"panel{n}", "panel", building="h") for n in range(8)),
        ),
        panels=tuple(PanelRow(f"panel{n}") for n in range(8)),
        groups=tuple(
            GroupRow(flat, flat, (MemberRow("person", f"{flat}-a"), MemberRow("person", f"{flat}-b")))
            for flat in flats
        ),
        buttons=tuple(ButtonRow(f"b-{flat}", "common", group=flat) for flat in flats),
    )


def test_a_site_of_500_units() -> None:
    plan = compiled(block(500))
    assert len(plan.directory.people) == 1000
    assert document.loads(document.dumps(plan)) == plan
    assert len(plan.buttons_on("panel7")) == 500
