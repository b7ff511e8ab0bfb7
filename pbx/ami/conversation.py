"""One client's session: banner, login, classes of permission, event mask (Asterisk, main/manager.c).

Bytes go in, actions that are allowed come out; what is to be sent collects in `outbox`. Login, Challenge,
Logoff, Ping, Events and ListCommands are answered here, everything else by `pbx.ami.actions`.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import md5
from typing import Protocol

from pbx.ami.filters import Filters
from pbx.ami.wire import Action, Fields, Reader, WireError, render

AMI_VERSION = "11.0.0"
"""Asterisk 22's: the dialect that is spoken here."""

AUTH_SECONDS = 30.0
STRANGER_ACTIONS = 10
"""What a client may ask before it has logged in; a log-in needs two."""

CLASSES = frozenset(
    "system call log verbose agent user config command dtmf reporting cdr dialplan originate security".split()
)
"""Asterisk's classes of permission: `read` ones gate events, `write` ones actions."""

_NOBODY = "-" * 32
"""Stands for the secret of an account that is not there."""

_YES = {"on", "yes", "true", "all", "1", "-1"}
_NO = {"off", "no", "false", "none", "0"}


@dataclass(frozen=True, slots=True)
class Account:
    """Who a session belongs to. `sites`: the SIP domains it sees and steers, None for all."""

    name: str
    secret: str
    read: frozenset[str]
    write: frozenset[str]
    sites: frozenset[str] | None

    def sees(self, site: str | None) -> bool:
        """Whether `site` (None: the server itself) is this account's business."""
        return site is None or self.sites is None or site in self.sites


class Accounts(Protocol):
    """Where accounts come from."""

    def find(self, name: str, source: str) -> Account | None:
        """The account of that name, if a client at `source` may use it."""


@dataclass(frozen=True, slots=True)
class Permission:
    """What an action needs (one of the `write` classes; none: any login) and how ListCommands puts it."""

    name: str
    write: frozenset[str]
    synopsis: str


@dataclass(frozen=True, slots=True)
class Notice:
    """An event as it is sent: its class, the site it is about (None: the server), its bytes."""

    privilege: str
    site: str | None
    data: bytes


def notice(name: str, privilege: str, site: str | None, fields: Fields) -> Notice:
    """Render an event once, for however many sessions want it."""
    return Notice(privilege, site, render([("Event", name), ("Privilege", f"{privilege},all"), *fields]))


BUILT_IN = (
    Permission("Challenge", frozenset(), "Generate Challenge for MD5 Auth."),
    Permission("Events", frozenset(), "Control Event Flow."),
    Permission("ListCommands", frozenset(), "List available manager commands."),
    Permission("Login", frozenset(), "Login Manager."),
    Permission("Logoff", frozenset(), "Logoff Manager."),
    Permission("Ping", frozenset(), "Keepalive command."),
)


class Conversation:
    """The state of one connection.

    Args:
        accounts: who may log in.
        source: the client's address.
        catalogue: actions answered elsewhere, by lower-case name.
        challenge: makes an unpredictable string of digits.
        booted: fields of FullyBooted, asked at login.
        account: already known (the console's own socket): no login is needed.

    `on_sent` is called by whoever put an answer into the outbox outside the turn in which it was asked.
    """

    def __init__(
        self,
        accounts: Accounts,
        source: str,
        catalogue: Mapping[str, Permission],
        challenge: Callable[[], str],
        booted: Callable[[], Fields],
        now: float,
        account: Account | None = None,
    ) -> None:
        self.account = account
        self.closing = False
        self.failed_login = False
        self.filters = Filters()
        self.on_sent: Callable[[], None] = _nothing
        self._accounts = accounts
        self._source = source
        self._catalogue = catalogue
        self._challenge = challenge
        self._booted = booted
        self._reader = Reader()
        self._offered = ""
        self._asked = 0
        self._mask: frozenset[str] = CLASSES if account is None else frozenset()
        self._deadline = now + AUTH_SECONDS if account is None else None
        self._out = bytearray(f"Asterisk Call Manager/{AMI_VERSION}\r\n".encode())

    def outbox(self) -> bytes:
        """What is to be sent now; drains."""
        data = bytes(self._out)
        self._out.clear()
        return data

    def next_deadline(self) -> float | None:
        """When the client must have logged in; None once it has."""
        return self._deadline

    def handle_timeout(self, now: float) -> None:
        """End the session of a client that has not logged in by now."""
        if self._deadline is not None and now >= self._deadline:
            self._deadline = None
            self.closing = True

    def receive(self, data: bytes, at: datetime) -> list[Action]:
        """Take bytes from the client; returns the allowed actions that somebody else must answer."""
        wanted: list[Action] = []
        for item in self._reader.feed(data):
            if isinstance(item, WireError):
                self.error(Action(()), str(item))
                self.closing = self.closing or item.fatal
            elif self._built_in(item, at):
                pass
            elif self._allowed(item):
                wanted.append(item)
            if self.closing:
                break
        return wanted

    def reply(self, action: Action, fields: Fields, response: str = "Success") -> None:
        """Answer `action`, with its ActionID if it had one."""
        self._out += render([("Response", response), *_echo(action), *fields])

    def error(self, action: Action, message: str) -> None:
        """Refuse `action`."""
        self.reply(action, [("Message", message)], "Error")

    def item(self, action: Action, event: str, fields: Fields) -> None:
        """Send one entry of a list that was asked for; it carries the ActionID and no class."""
        self._out += render([("Event", event), *_echo(action), *fields])

    def listing(
        self,
        action: Action,
        message: str,
        event: str,
        items: Iterable[Fields],
        complete: str,
        more: Fields = (),
    ) -> None:
        """Send a whole list in Asterisk's form: start, one `event` for each of `items`, `complete` with
        `more`."""
        self.reply(action, [("EventList", "start"), ("Message", message)])
        count = 0
        for fields in items:
            self.item(action, event, fields)
            count += 1
        self.item(action, complete, [("EventList", "Complete"), ("ListItems", str(count)), *more])

    def notify(self, happened: Notice) -> bool:
        """Put an event into the outbox if this client wants it and may see it; says whether it did."""
        account = self.account
        if account is None or self.closing or happened.privilege not in self._mask:
            return False
        if happened.privilege not in account.read or not account.sees(happened.site):
            return False
        if not self.filters.passes(happened.data):
            return False
        self._out += happened.data
        return True

    def _built_in(self, action: Action, at: datetime) -> bool:
        """Answer what every client may ask; False for an action that is none of these."""
        match action.name:
            case "":
                self.error(action, "Missing action in request")
            case "login":
                self._log_in(action)
            case "challenge":
                self._offer_challenge(action)
            case "logoff":
                self.reply(action, [("Message", "Thanks for all the fish.")], "Goodbye")
                self.closing = True
            case _ if self.account is None:
                self.error(action, "Permission denied")
            case "ping":
                self.reply(action, [("Ping", "Pong"), ("Timestamp", f"{at.timestamp():.6f}")])
            case "events":
                self._set_mask(action)
            case "listcommands":
                self._list_commands(action)
            case _:
                return False
        if self.account is None:
            self._asked += 1
            self.closing = self.closing or self._asked >= STRANGER_ACTIONS
        return True

    def _allowed(self, action: Action) -> bool:
        permission = self._catalogue.get(action.name)
        if permission is None:
            self.error(
                action,
                f"Invalid/unknown command: {action.get('Action')[:80]}. "
                "Use Action: ListCommands to show available commands.",
            )
            return False
        assert self.account is not None
        if permission.write and not permission.write & self.account.write:
            self.error(action, "Permission denied")
            return False
        return True

    def _offer_challenge(self, action: Action) -> None:
        if action.get("AuthType").lower() != "md5":
            self.error(action, "Must specify AuthType")
            return
        self._offered = self._challenge()
        self.reply(action, [("Challenge", self._offered)])

    def _log_in(self, action: Action) -> None:
        account = self._accounts.find(action.get("Username"), self._source)
        # A stranger's try is computed and answered just like a known one's.
        secret = account.secret if account is not None else _NOBODY
        if action.get("AuthType").lower() == "md5":
            given = action.get("Key").lower()
            expected = md5((self._offered + secret).encode(), usedforsecurity=False).hexdigest()
            good = bool(self._offered)
        else:
            given, expected, good = action.get("Secret"), secret, True
        self._offered = ""  # a challenge is good for one try
        same = hmac.compare_digest(given.encode(), expected.encode())
        if account is None or not (good and same):
            self.error(action, "Authentication failed")
            self.failed_login = True
            self.closing = True
            return
        self.account, self._deadline = account, None
        mask = _mask(action.get("Events"))
        self._mask = CLASSES if mask is None else mask
        self.reply(action, [("Message", "Authentication accepted")])
        self.notify(notice("FullyBooted", "system", None, self._booted()))

    def _set_mask(self, action: Action) -> None:
        mask = _mask(action.get("EventMask"))
        if mask is None:
            self.error(action, "Invalid event mask")
            return
        self._mask = mask
        self.reply(action, [("Events", "On" if mask else "Off")])

    def _list_commands(self, action: Action) -> None:
        found = sorted((*self._catalogue.values(), *BUILT_IN), key=lambda permission: permission.name)
        self.reply(
            action,
            [(p.name, f"{p.synopsis}  (Priv: {','.join(sorted(p.write)) or '<none>'})") for p in found],
        )


def _nothing() -> None:
    """What is called where nobody waits for it."""


def _echo(action: Action) -> Fields:
    return [("ActionID", action.id)] if action.id else []


def _mask(text: str) -> frozenset[str] | None:
    """The classes an event mask names; None when it says nothing that is understood."""
    text = text.strip().lower()
    if text in _YES:
        return CLASSES
    if text in _NO:
        return frozenset()
    named = {part.strip() for part in text.split(",")}
    return frozenset(named) if named and named <= CLASSES else None
