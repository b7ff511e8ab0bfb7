"""What MQTT tells a home: discovery of doors and bells as Home Assistant reads it, and their states [S].

Who rang, who was rung and who opened is never told: a bell is a panel's, a door event is door and result
(decision 14). Nothing is taken from MQTT: no message opens a door.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from dialplan.plan import DialPlan
from pbx.facts import AlarmCleared, AlarmRaised, CallStarted, DoorFailed, DoorMoved, DoorOpened, Fact


@dataclass(frozen=True, slots=True)
class Told:
    """One message; `retain`: the broker keeps it for who comes later."""

    topic: str
    payload: str
    retain: bool = False


@dataclass(frozen=True, slots=True)
class Topics:
    """Where messages go: `prefix`/SITE/doors/ID/..., discovery below `discovery`."""

    prefix: str = "doorline"
    discovery: str = "homeassistant"

    @property
    def status(self) -> str:
        """"online" or "offline", kept."""
        return f"{self.prefix}/status"

    def door(self, site: str, door: str) -> str:
        """What a door tells stands below."""
        return f"{self.prefix}/{site}/doors/{door}"

    def bell(self, site: str, panel: str) -> str:
        """A panel's bell."""
        return f"{self.prefix}/{site}/panels/{panel}/bell"

    def announce(self, plan: DialPlan) -> list[Told]:
        """Discovery of a site's doors with a contact, of all doors' openings, and of its bells."""
        told = []
        for door in plan.directory.doors:
            base, name = self.door(plan.site, door.id), door.name
            if door.contact:
                contact = {"name": name, "device_class": "door", "state_topic": f"{base}/contact"}
                told.append(self._entity(plan, "binary_sensor", f"{door.id}-contact", contact))
            event = {"name": name, "event_types": ["opened", "failed"], "state_topic": f"{base}/event"}
            told.append(self._entity(plan, "event", f"{door.id}-door", event))
        for panel in plan.directory.panels:
            device = plan.device(panel.device)
            bell = {
                "name": device.name or device.id if device is not None else panel.device,
                "device_class": "doorbell",
                "event_types": ["ring"],
                "state_topic": self.bell(plan.site, panel.device),
            }
            told.append(self._entity(plan, "event", f"{panel.device}-bell", bell))
        return told

    def message(self, fact: Fact) -> Told | None:
        """What a fact tells; None for most."""
        match fact:
            case DoorMoved():
                topic = f"{self.door(fact.site, fact.door)}/contact"
                return Told(topic, "ON" if fact.open else "OFF", retain=True)
            case DoorOpened() | DoorFailed():
                kind = "opened" if isinstance(fact, DoorOpened) else "failed"
                return Told(f"{self.door(fact.site, fact.door)}/event", json.dumps({"event_type": kind}))
            case CallStarted() if fact.panel is not None:
                return Told(self.bell(fact.site, fact.panel), json.dumps({"event_type": "ring"}))
            case AlarmRaised() | AlarmCleared() if fact.kind in ("forced_open", "left_open") and fact.site:
                on = isinstance(fact, AlarmRaised)
                topic = f"{self.door(fact.site, fact.subject)}/{fact.kind}"
                return Told(topic, "ON" if on else "OFF", retain=True)
            case _:
                return None

    def _entity(self, plan: DialPlan, kind: str, id: str, fields: Mapping[str, object]) -> Told:
        unique = f"{plan.site}_{id}".replace(".", "_")
        payload = {
            **fields,
            "unique_id": unique,
            "availability_topic": self.status,
            "device": {"identifiers": [plan.site], "name": plan.site, "manufacturer": "Doorline"},
        }
        return Told(f"{self.discovery}/{kind}/{unique}/config", json.dumps(payload), retain=True)
