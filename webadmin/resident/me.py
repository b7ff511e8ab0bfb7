"""Who one is, and what the app needs to know: sites, addresses, own buttons, doors and panels."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from dialplan.access import Denied, may_open
from dialplan.keys import door_for
from dialplan.plan import DialPlan
from dialplan.route import Target
from webadmin.auth.reach import lifted
from webadmin.db import db
from webadmin.delegation.service import bounds_of_unit
from webadmin.doors.plans import newest_plan
from webadmin.guests import service as passes
from webadmin.resident import pbx_side
from webadmin.resident.own_buttons import buttons_of
from webadmin.resident.whose import Own, own_people
from webadmin.talking import addresses

DIGITS = "0123456789*#"


def add_to(api: Blueprint) -> None:
    """Add the route."""
    api.get("/me")(me)


def me() -> ResponseReturnValue:
    """Everything at once: the app asks when it starts, and when something may have changed."""
    account = g.account
    return {
        "csrf": generate_csrf(),
        "person": {"name": account.name, "email": account.email},
        "language": g.language,
        "sites": [_site(own) for own in own_people()],
    }


def _site(own: Own) -> dict[str, Any]:
    domain, ref, at = own.site.domain, own.person.ref, datetime.now(UTC)
    plan = newest_plan(own.site)
    person = plan.person(ref) if plan is not None else None
    return {
        "site": domain,
        "name": own.site.name,
        "privacy": own.site.kind,
        "time_zone": own.site.time_zone,
        "person": {"id": ref, "name": own.person.name},
        "sip": {"aor": f"sip:{person.user if person is not None else ref}@{domain}"},
        **addresses(),
        "buttons": buttons_of(own),
        "doors": doors_of(plan, ref, at, pbx_side.door_states(own)) if plan is not None else [],
        "pass_doors": _pass_doors(plan, own) if plan is not None else [],
        "panels": _panels(plan) if plan is not None else [],
    }


def doors_of(plan: DialPlan, person: str, at: datetime, states: dict[str, str]) -> list[dict[str, Any]]:
    """Doors this person may open by the app, now or at other times."""
    found = []
    for door in plan.directory.doors:
        verdict = may_open(plan, Target("person", person), door.id, "app", at)
        if isinstance(verdict, Denied) and verdict.reason != "wrong_time":
            continue
        building = plan.building(door.building)
        found.append(
            {
                "id": door.id,
                "name": door.name,
                "building": building.name if building is not None else "",
                "now": not isinstance(verdict, Denied),
                "seconds": door.open_seconds,
                "state": states.get(door.id, "unknown"),
            }
        )
    return found


def _pass_doors(plan: DialPlan, own: Own) -> list[dict[str, str]]:
    """Doors that a pass of this person may open; none where the house's admin sees to passes."""
    unit_id = own.person.unit_id
    with lifted():
        if unit_id is not None and not bounds_of_unit(db.session(), unit_id).guests:
            return []
    given = passes.doors_of(plan, own.person.ref)
    return [{"id": door.id, "name": door.name} for door in plan.directory.doors if door.id in given]


def _panels(plan: DialPlan) -> list[dict[str, Any]]:
    found = []
    for panel in plan.directory.panels:
        device = plan.device(panel.device)
        keys = ((digit, door_for(plan, panel.device, digit)) for digit in DIGITS)
        doors = [(digit, door) for digit, key in keys if key and (door := plan.door(key)) is not None]
        found.append(
            {
                "id": panel.device,
                "name": (device.name or device.username) if device is not None else panel.device,
                "username": device.username if device is not None else panel.device,
                "doors": [{"digit": digit, "id": door.id, "name": door.name} for digit, door in doors],
            }
        )
    return found
