"""Trunks as operators' tools expect them (Asterisk, res_pjsip_outbound_registration.c); they are the node's.

A login that is bound to sites sees none of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from pbx.ami.answering import Answer, Asked
from pbx.ami.wire import Fields
from pbx.control import Control
from pbx.facts import TrunkChanged
from pbx.trunks.trunk import TrunkShown

_REGISTRATIONS = "Following are Events for each Outbound registration"


class Carriers:
    """Answers actions about trunks."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def answers(self) -> Mapping[str, Answer]:
        """What this room answers, by lower-case name."""
        return {"pjsipshowregistrationsoutbound": self._registrations, "trunklist": self._list}

    def _seen(self, asked: Asked) -> list[TrunkShown]:
        return list(self._control.trunks()) if asked.account.sites is None else []

    def _registrations(self, asked: Asked) -> None:
        shown = [trunk for trunk in self._seen(asked) if trunk.kind == "registering"]
        up = sum(trunk.state == "Registered" for trunk in shown)
        asked.conversation.listing(
            asked.action,
            _REGISTRATIONS,
            "OutboundRegistrationDetail",
            map(_registration, shown),
            "OutboundRegistrationDetailComplete",
            [("Registered", str(up)), ("NotRegistered", str(len(shown) - up))],
        )

    def _list(self, asked: Asked) -> None:
        asked.conversation.listing(
            asked.action, "Trunk list will follow", "TrunkEntry", map(_entry, self._seen(asked)),
            "TrunkListComplete",
        )


def registry(fact: TrunkChanged) -> tuple[str, Fields]:
    """The event of a trunk's change: Registry for one that registers, PeerStatus for the others."""
    if fact.kind == "registering":
        fields = [
            ("ChannelType", "PJSIP"),
            ("Username", f"sip:{fact.username}@{fact.host}"),
            ("Domain", f"sip:{fact.host}"),
            ("Status", fact.state),
        ]
        return "Registry", [*fields, ("Cause", fact.cause)] if fact.cause else fields
    peer = [("ChannelType", "PJSIP"), ("Peer", f"PJSIP/{fact.trunk}"), ("PeerStatus", fact.state)]
    return "PeerStatus", [*peer, ("Cause", fact.cause)] if fact.cause else peer


def _registration(trunk: TrunkShown) -> Fields:
    return [
        ("ObjectType", "registration"),
        ("ObjectName", trunk.ref),
        ("ServerUri", f"sip:{trunk.host}"),
        ("ClientUri", f"sip:{trunk.username}@{trunk.host}"),
        ("ContactUser", trunk.username),
        ("OutboundAuth", trunk.ref),
        ("Status", trunk.state),
    ]


def _entry(trunk: TrunkShown) -> Fields:
    return [
        ("Trunk", trunk.ref),
        ("Name", trunk.name),
        ("Kind", trunk.kind),
        ("Host", trunk.host),
        ("State", trunk.state),
        ("Cause", trunk.cause),
        ("Calls", str(trunk.calls)),
    ]
