"""Doors and panels by AMI: our own actions, in Asterisk's form.

An opening goes by `dialplan.access` and the opener like every other (ARCHITECTURE, decision 12); here the
authority is the account: its sites and the class `call`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from pbx.ami.answering import Answer, Asked, Later
from pbx.control import Contact, Control, DoorShown, Endpoint, Refusal

LOCK_SECONDS = "3600"
"""How long a lockdown lasts that does not say."""

AGENT = "Doorline intercom"
"""How the User-Agent of our own panels and controllers begins."""


class Entrances:
    """Answers actions about doors and panels.

    Args:
        control: the running PBX.
    """

    def __init__(self, control: Control) -> None:
        self._control = control

    def answers(self) -> Mapping[str, Answer]:
        """What this room answers, by lower-case name."""
        return {
            "doorlist": self._list_doors,
            "doorlock": self._lock,
            "dooropen": self._open,
            "panellist": self._list_panels,
            "panelpicture": self._take_picture,
            "panelrestart": self._restart,
            "panelservice": self._serve,
        }

    def _list_doors(self, asked: Asked) -> None:
        items = [
            [
                ("Site", door.site),
                ("Door", door.door),
                ("Name", door.name),
                ("Building", door.building),
                ("Driver", door.driver),
                ("State", door.state),
                *([("LockedUntil", door.locked_until), ("LockedBy", door.locked_by)] * bool(door.locked_by)),
            ]
            for site in self._sites(asked)
            for door in self._control.orders.doors(site)
        ]
        asked.conversation.listing(asked.action, "Doors will follow", "Door", items, "DoorListComplete")

    def _list_panels(self, asked: Asked) -> None:
        """Panels; with `Kind: all` also controllers."""
        kinds = ("panel", "controller") if asked.get("Kind") == "all" else ("panel",)
        items = [
            [
                ("Site", panel.site),
                ("Panel", panel.username),
                ("Kind", panel.kind),
                ("Name", panel.name),
                ("Number", panel.number),
                ("Status", "Registered" if panel.contacts else "Unavailable"),
                ("Address", best.source if best else ""),
                ("UserAgent", best.user_agent if best else ""),
                *self._service(panel),
            ]
            for panel in self._panels(asked, kinds)
            for best in [_agent(panel.contacts)]
        ]
        asked.conversation.listing(asked.action, "Panels will follow", "Panel", items, "PanelListComplete")

    def _open(self, asked: Asked) -> Later | None:
        door = self._door(asked)
        return self._opening(asked, door) if door is not None else None

    async def _opening(self, asked: Asked, door: DoorShown) -> None:
        ended: asyncio.Future[Refusal | None] = asyncio.get_running_loop().create_future()

        def done(why: Refusal | None) -> None:
            if not ended.done():
                ended.set_result(why)

        self._control.orders.open_door(door.site, door.door, asked.account.name, done)
        why = await ended
        _answer(asked, why, "Door opened", "Door not opened")

    def _lock(self, asked: Asked) -> None:
        door = self._door(asked)
        if door is None:
            return
        text = asked.get("Seconds") or LOCK_SECONDS
        if not (text.isascii() and text.isdigit() and len(text) < 9):
            asked.fail("Invalid number of seconds")
            return
        by = f"{asked.account.name}: {asked.get('By')}" if asked.get("By") else asked.account.name
        why = self._control.orders.lock_door(door.site, door.door, float(text), by[:64])
        _answer(asked, why, "Door locked" if float(text) else "Door unlocked", "Door not locked")

    def _service(self, panel: Endpoint) -> list[tuple[str, str]]:
        shown = self._control.orders.service(panel.site, panel.device)
        if shown is None:
            return []
        lines = [("ServiceUntil", shown.until), ("ServiceBy", shown.by)]
        lines += [("Announced", "Yes" if shown.announced else "No"), ("Picture", str(shown.picture))]
        return [*lines, *([("PictureTaken", shown.taken)] * bool(shown.taken))]

    def _serve(self, asked: Asked) -> None:
        panel, text = self._panel(asked), asked.get("Seconds")
        if panel is None:
            return
        if not (text.isascii() and text.isdigit() and len(text) < 9):
            asked.fail("Invalid number of seconds")
            return
        by = f"{asked.account.name}: {asked.get('By')}" if asked.get("By") else asked.account.name
        why = self._control.orders.serve_panel(panel.site, panel.device, float(text), by[:64])
        begun = "Panel in service mode" if float(text) else "Service mode ended"
        _answer(asked, why, begun, "Panel not in service mode")

    def _take_picture(self, asked: Asked) -> None:
        panel = self._panel(asked)
        if panel is None:
            return
        why = self._control.orders.take_picture(panel.site, panel.device)
        _answer(asked, why, "Picture asked for", "No picture")

    def _restart(self, asked: Asked) -> None:
        panel = self._panel(asked)
        if panel is None:
            return
        why = self._control.orders.restart_panel(panel.site, panel.device)
        _answer(asked, why, "Panel restarting", "Panel not restarted")

    def _panel(self, asked: Asked) -> Endpoint | None:
        """The one panel an action means; refuses it otherwise."""
        named = [panel for panel in self._panels(asked) if panel.username == asked.get("Panel")]
        if len(named) != 1:
            asked.fail("No such panel" if not named else "Several sites have this panel: name the Site")
            return None
        return named[0]

    def _door(self, asked: Asked) -> DoorShown | None:
        """The one door an action means; refuses it otherwise."""
        name = asked.get("Door")
        if not name:
            asked.fail("No door specified")
            return None
        found = [
            door
            for site in self._sites(asked)
            for door in self._control.orders.doors(site)
            if door.door == name
        ]
        if len(found) != 1:
            asked.fail("No such door" if not found else "Several sites have this door: name the Site")
            return None
        return found[0]

    def _panels(self, asked: Asked, kinds: Sequence[str] = ("panel",)) -> list[Endpoint]:
        return [
            endpoint
            for site in self._sites(asked)
            for endpoint in self._control.endpoints(site)
            if endpoint.kind in kinds
        ]

    def _sites(self, asked: Asked) -> list[str]:
        """The sites an action is about: the one it names, else all the account sees."""
        named = asked.get("Site")
        return [site for site in self._control.sites() if asked.account.sees(site) and named in ("", site)]


def _answer(asked: Asked, refused: Refusal | None, done: str, failed: str) -> None:
    """What became of an order, in the operator's words."""
    if refused is None:
        asked.done(done)
    else:
        asked.fail(f"{failed}: {refused.words}")


def _agent(contacts: Sequence[Contact]) -> Contact | None:
    """The device itself before a browser on its screen, which has a line of its own; else the newest."""
    own = [each for each in contacts if each.user_agent.startswith(AGENT)]
    return next(reversed(own or list(contacts)), None)
