"""Actions that begin, move or touch calls (Asterisk, main/manager.c)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from pbx.ami.answering import Answer, Asked, Later, channel_of, endpoint_named
from pbx.ami.channels import UNKNOWN, Channel, ChannelBook
from pbx.ami.conversation import Notice, notice
from pbx.ami.wire import Fields
from pbx.control import Contact, Control, Endpoint, Originated, Refusal

DEFAULT_TIMEOUT_MS = 30_000
VARIABLES_LIMIT = 32
VARIABLE_LENGTH = 256
TECHNOLOGIES = ("PJSIP", "SIP")

_ANSWERED, _BUSY, _RINGING, _CONGESTION, _FAILURE = "4", "5", "3", "8", "0"
_REASONS = {16: _RINGING, 17: _BUSY, 19: _RINGING, 21: _BUSY, 34: _CONGESTION}
"""Asterisk's OriginateResponse Reason by Q.850 cause."""


class Steering:
    """Answers actions about calls.

    Args:
        control: the running PBX.
        book: its channels.
        tell: sends an event to everybody who may have it.
    """

    def __init__(self, control: Control, book: ChannelBook, tell: Callable[[Notice], None]) -> None:
        self._control = control
        self._book = book
        self._tell = tell

    def answers(self) -> Mapping[str, Answer]:
        """What this room answers, by lower-case name."""
        return {
            "getvar": self._get_variable,
            "hangup": self._hang_up,
            "originate": self._originate,
            "pjsipqualify": self._qualify,
            "playdtmf": self._play,
            "redirect": self._redirect,
            "setvar": self._set_variable,
        }

    def _hang_up(self, asked: Asked) -> None:
        channel = channel_of(self._book, asked)
        if channel is None:
            return
        if self._control.hang_up(channel.call, channel.leg):
            asked.done("Channel Hungup")
        else:
            asked.fail("No such channel")

    # Originate.

    def _originate(self, asked: Asked) -> Later | None:
        endpoint = self._first_party(asked)
        if endpoint is None:
            return None
        dialled = _second_party(asked)
        if not dialled:
            return None
        seconds = _timeout(asked)
        if seconds is None:
            asked.fail("Invalid timeout")
            return None
        return self._ring(asked, endpoint, dialled, seconds)

    def _first_party(self, asked: Asked) -> Endpoint | None:
        technology, _, rest = asked.get("Channel").partition("/")
        if not rest:
            asked.fail("Channel not specified")
            return None
        if technology.upper() not in TECHNOLOGIES:
            asked.fail(f"Channel type {technology[:20]} is not available here")
            return None
        name, _, site = rest.partition("/")[0].partition("@")
        context = asked.get("Context")
        known = context if context in self._control.sites() else ""
        endpoint = endpoint_named(self._control, asked, name, site or known)
        if endpoint is None:
            asked.fail("No such endpoint, or several: name its site by PJSIP/name@site")
        return endpoint

    async def _ring(self, asked: Asked, endpoint: Endpoint, dialled: str, seconds: float) -> None:
        """Ring; answer at once when Async, else when the first party has answered or not."""
        ended: asyncio.Future[Refusal | None] = asyncio.get_running_loop().create_future()

        def done(why: Refusal | None) -> None:
            if not ended.done():
                ended.set_result(why)

        begun = self._control.orders.originate(endpoint.site, endpoint.username, dialled, seconds, done)
        if isinstance(begun, Refusal):
            asked.fail(f"Originate failed: {begun.words}")
            return
        channel = self._book.find(begun.call, begun.leg)
        self._keep_variables(asked, channel)
        later = asked.get("Async").lower() in ("true", "yes", "1", "on")
        if later:
            asked.done("Originate successfully queued")
            asked.sent()
        why = await ended
        if later:
            self._tell(_originate_response(asked, endpoint.site, begun, channel, why))
        elif why is None:
            asked.done("Originate successfully queued")
        else:
            asked.fail(f"Originate failed: {why.words}")

    def _keep_variables(self, asked: Asked, channel: Channel | None) -> None:
        for text in asked.action.all("Variable"):
            for pair in text.split(","):
                name, equals, value = pair.partition("=")
                if channel is not None and equals:
                    _keep(channel, name.strip(), value.strip())

    # Calls that are there.

    def _redirect(self, asked: Asked) -> None:
        channel = channel_of(self._book, asked)
        if channel is None:
            return
        if asked.get("ExtraChannel"):
            asked.fail("Two channels cannot be redirected at once here")
            return
        if not asked.get("Exten"):
            asked.fail("Extension not specified")
            return
        if asked.get("Context") not in ("", channel.site):
            asked.fail("A channel stays in the context of its site")
            return
        why = self._control.orders.redirect(channel.call, channel.leg, asked.get("Exten"))
        if why is None:
            asked.done("Redirect successful")
        else:
            asked.fail(f"Redirect failed: {why.words}")

    def _play(self, asked: Asked) -> None:
        channel = channel_of(self._book, asked)
        if channel is None:
            return
        digit = asked.get("Digit").upper()
        if len(digit) != 1 or digit not in "0123456789*#ABCD":
            asked.fail("No digit specified" if not digit else "Invalid digit")
            return
        why = self._control.orders.press(channel.call, channel.leg, digit)
        if why is None:
            asked.done("DTMF successfully queued")
        else:
            asked.fail(why.words)

    def _get_variable(self, asked: Asked) -> None:
        name = asked.get("Variable")
        if not name:
            asked.fail("No variable specified")
            return
        channel = channel_of(self._book, asked)
        if channel is None:
            return
        value = _function(channel, name.upper())
        if value is None:
            value = channel.variables.get(name, "")
        asked.conversation.reply(asked.action, [("Variable", name), ("Value", value)])

    def _set_variable(self, asked: Asked) -> None:
        name, value = asked.get("Variable"), asked.get("Value")
        if not name:
            asked.fail("No variable specified")
            return
        channel = channel_of(self._book, asked)
        if channel is None:
            return
        if _function(channel, name.upper()) is not None:
            asked.fail("That cannot be changed here")
        elif _keep(channel, name, value):
            asked.done("Variable Set")
        else:
            asked.fail("Too many variables, or too long")

    def _qualify(self, asked: Asked) -> None:
        endpoint = endpoint_named(self._control, asked, asked.get("Endpoint"))
        hidden = endpoint is not None and endpoint.personal and self._book.private(endpoint.site)
        if endpoint is None or hidden:
            asked.fail("Unable to find endpoint" if asked.get("Endpoint") else "Endpoint parameter missing")
            return
        where = endpoint

        def heard(contact: Contact, microseconds: int | None) -> None:
            self._tell(_contact_status(where, contact, microseconds))

        asked.done("Endpoint found, will qualify")
        self._control.orders.qualify(endpoint.site, endpoint.device, heard)


def _second_party(asked: Asked) -> str:
    """What is dialled for the first party; refuses the action and returns "" when that cannot be."""
    application = asked.get("Application")
    if not application:
        if not asked.get("Exten"):
            asked.fail("Extension not specified")
        return asked.get("Exten")
    target = asked.get("Data").partition(",")[0].partition("&")[0]
    technology, _, rest = target.partition("/")
    if application.lower() != "dial" or technology.upper() not in TECHNOLOGIES or not rest:
        asked.fail("Application is not available here: Dial with PJSIP/name only")
        return ""
    return rest.partition("@")[0]


def _timeout(asked: Asked) -> float | None:
    """Seconds to ring the first party; None for what is no number of milliseconds."""
    text = asked.get("Timeout") or str(DEFAULT_TIMEOUT_MS)
    return int(text) / 1000 if text.isascii() and text.isdigit() and len(text) < 10 else None


def _originate_response(
    asked: Asked, site: str, begun: Originated, channel: Channel | None, why: Refusal | None
) -> Notice:
    fields: list[tuple[str, str]] = [("ActionID", asked.action.id)] if asked.action.id else []
    fields += [
        ("Response", "Success" if why is None else "Failure"),
        ("Channel", channel.name if channel is not None else f"PJSIP/{begun.call}"),
        ("Context", site),
        ("Exten", channel.exten if channel is not None else "s"),
        ("Reason", _ANSWERED if why is None else _REASONS.get(why.cause, _FAILURE)),
        ("Uniqueid", channel.uniqueid if channel is not None else "<null>"),
        ("CallerIDNum", (channel.number if channel is not None else "") or UNKNOWN),
        ("CallerIDName", (channel.display if channel is not None else "") or UNKNOWN),
    ]
    return notice("OriginateResponse", "call", site, fields)


def _contact_status(endpoint: Endpoint, contact: Contact, microseconds: int | None) -> Notice:
    fields: Fields = [
        ("URI", contact.uri),
        ("ContactStatus", "Unreachable" if microseconds is None else "Reachable"),
        ("AOR", endpoint.username),
        ("EndpointName", endpoint.username),
        ("RoundtripUsec", str(microseconds or 0)),
    ]
    return notice("ContactStatus", "system", endpoint.site, fields)


def _function(channel: Channel, name: str) -> str | None:
    """What the dial plan's functions say of a channel; None for a name that is none of them."""
    return {
        "CHANNEL": channel.name,
        "CHANNEL(NAME)": channel.name,
        "CHANNEL(STATE)": str(channel.state),
        "CHANNEL(UNIQUEID)": channel.uniqueid,
        "CHANNEL(LINKEDID)": channel.linkedid,
        "CALLERID(NUM)": channel.number,
        "CALLERID(NAME)": channel.display,
        "CONNECTEDLINE(NUM)": channel.connected_number,
        "CONNECTEDLINE(NAME)": channel.connected_display,
        "CONTEXT": channel.site,
        "EXTEN": channel.exten,
        "UNIQUEID": channel.uniqueid,
        "LINKEDID": channel.linkedid,
    }.get(name)


def _keep(channel: Channel, name: str, value: str) -> bool:
    """Set a channel's variable within bounds."""
    known = channel.variables
    if not name or len(name) > VARIABLE_LENGTH or len(value) > VARIABLE_LENGTH:
        return False
    if name not in known and len(known) >= VARIABLES_LIMIT:
        return False
    known[name] = value
    return True
