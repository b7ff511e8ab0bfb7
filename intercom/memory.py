"""What the agent keeps for a power cut or a network that is down, joined: the store, events on their way to
the PBX, the directory and papers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from intercom import order, papers
from intercom.documents import Documents, device_token
from intercom.papers import Paper
from intercom.reporter import Change, Reporter
from intercom.settings import Settings, SettingsError
from intercom.store import Keeper, open_store

LARGEST = 8192
"""Bytes of a list of lockdowns."""


class Memory:
    """Open from `open` to `close`.

    Args:
        spawn: runs a coroutine beside us.
        touch: something is to be told.
        hold: gets the papers, whenever others came.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        touch: Callable[[], None],
        hold: Callable[[list[Paper]], None],
    ) -> None:
        """Raises SettingsError when the key of passes cannot be used."""
        self._settings, self._spawn, self._touch, self._hold = settings, spawn, touch, hold
        self._key = _pass_key(settings)
        self._keeper: Keeper | None = None
        self._documents: Documents | None = None
        self._reporter: Reporter | None = None
        self.directory = ""

    def open(self, run: str) -> tuple[Reporter, int]:
        """What is to be told of inputs and doors, with what waits from before; and how many codes were wrong.

        Raises OSError.
        """
        self._keeper = Keeper(open_store(self._settings.state))
        store = self._keeper.store
        self._reporter = Reporter(
            run,
            self._settings.guard.inputs,
            epoch=store.epoch,
            states=store.inputs(),
            waiting=store.events(),
            keep=lambda change, states: self._spawn(self._keep(change, states)),
        )
        wrong = store.fact("wrong")
        return self._reporter, int(wrong) if wrong.isdigit() else 0

    def close(self) -> None:
        """Write what waits."""
        if self._keeper is not None:
            self._keeper.close()

    def told(self, number: int) -> None:
        """The PBX has taken every change up to this one."""
        keeper = self._open()
        self._spawn(keeper.do(lambda: keeper.store.told(number), None))

    def remember_wrong(self, count: int) -> None:
        """So many wrong codes count now."""
        keeper = self._open()
        self._spawn(keeper.do(lambda: keeper.store.keep_fact("wrong", str(count)), None))

    def locked(self, body: bytes) -> dict[str, float] | None:
        """Which doors are locked down, as the PBX tells it, and keep it; None when it makes no sense."""
        found = _lockdowns(body)
        if found is not None:
            keeper = self._open()
            text = json.dumps({"doors": found})
            self._spawn(keeper.do(lambda: keeper.store.keep_fact("locked", text), None))
        return found

    def locked_before(self) -> dict[str, float]:
        """What was kept of it."""
        return _lockdowns(self._open().store.fact("locked").encode()) or {}

    def fetching(self) -> Coroutine[Any, Any, None] | None:
        """Fetches documents until cancelled; None when there are none to fetch."""
        server, documents = self._settings.server, self._settings.documents
        named = {"directory": documents.directory, "passes": documents.passes}
        urls = {name: url for name, url in named.items() if url}
        if not urls:
            return None
        ca_file = documents.ca_file or server.ca_file
        self._documents = Documents(urls, own_token(self._settings), ca_file, self._open(), self._fetched)
        return self._documents.run()

    def nudge(self) -> None:
        """Documents may have changed."""
        if self._documents is not None:
            self._documents.nudge()

    async def newest_directory(self) -> str:
        """The directory, looked for now; what is kept while that cannot be, "" when nothing is."""
        if self._documents is not None:
            await self._documents.look()
        return self.directory

    def door_name(self, door: str) -> str:
        """What a door is called in the directory kept here; papers know its id only."""
        try:
            names = {each["id"]: each["name"] for each in json.loads(self.directory or "{}").get("doors", [])}
        except (ValueError, TypeError, KeyError, AttributeError):
            return door
        return str(names.get(door, door))

    def _open(self) -> Keeper:
        assert self._keeper is not None
        return self._keeper

    async def _keep(self, change: Change, states: Mapping[str, bool]) -> None:
        keeper = self._open()
        number = await keeper.do(lambda: keeper.store.add(change, states), 0)
        assert self._reporter is not None
        self._reporter.add(number, change)
        self._touch()

    async def _fetched(self, name: str, body: str) -> None:
        if name == "directory":
            self.directory = body
        elif self._key is not None:
            site, username = self._settings.server.site, self._settings.account.username
            self._hold(await asyncio.to_thread(papers.read_all, body, self._key, site, username))


def _lockdowns(body: bytes) -> dict[str, float] | None:
    try:
        doors = json.loads(body)["doors"] if len(body) <= LARGEST else None
    except (ValueError, RecursionError, TypeError, KeyError):
        return None
    if not isinstance(doors, dict):
        return None
    numbers = all(isinstance(until, int | float) for until in doors.values())
    return {str(door): float(until) for door, until in doors.items()} if numbers else None


def own_token(settings: Settings) -> str:
    """The token by which this device asks by HTTP."""
    account, device = settings.account, settings.documents.device or settings.account.username
    return device_token(settings.server.site, device, account.username, account.secret)


def _pass_key(settings: Settings) -> Ed25519PublicKey | None:
    path = settings.documents.pass_key
    if path is None:
        return None
    try:
        return order.read_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: not WebAdmin's public key of passes: {error}") from None
