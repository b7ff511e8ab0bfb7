"""A plan for one call of a guest: it knows the host and the host's devices, and nothing else.

There is no door, no other name and no way outside in it, so nothing of that can be reached by it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dialplan.directory import Button, Device, Directory, Panel, paused
from dialplan.plan import DialPlan
from dialplan.route import Target

HOST = "host"
"""What a guest dials."""

RING_SECONDS = 60
TALK_SECONDS = 180


def guest_plan(plan: DialPlan, host: str, device: str, name: str, at: datetime) -> DialPlan | None:
    """The plan in which `device`, called `name`, stands as it were at a panel with the button of `host`
    alone; None when there is no such person. Who hides, by person or by button, cannot be called.
    """
    person, own = plan.person(host), plan.own_button(host)
    if person is None:
        return None
    unit = plan.unit(person.unit)
    building = unit.building if unit is not None else ""
    hidden = paused(person.hidden, at) or (own is not None and paused(own.hidden, at))
    rung = (plan.device(each) for each in plan.devices_of(Target("person", host)))
    caller = Device(device, "panel", device, "", name, "", "", building)
    button = Button(
        id=HOST,
        user=HOST,
        number="",
        label=own.label if own is not None else person.shown_name,
        kind="individual",
        person=host,
        group="",
        panels=(device,),
        ring_seconds=own.ring_seconds if own is not None else RING_SECONDS,
        fallback="",
        ring_limit=own.ring_limit if own is not None else RING_SECONDS,
        talk_seconds=None,
        decline=own.decline if own is not None else "others_ring",
        hidden=hidden,
    )
    directory = Directory(
        site=plan.directory.site,
        buildings=tuple(each for each in plan.directory.buildings if each.id == building),
        units=(unit,) if unit is not None else (),
        people=(replace(person, user="", number="", telephone="", hidden=hidden),),
        devices=tuple(sorted((*filter(None, rung), caller), key=lambda each: each.id)),
        panels=(Panel(device, building, (), (), TALK_SECONDS),),
        doors=(),
        buttons=(button,),
    )
    return DialPlan(plan.revision, directory, (), (), (), ())
