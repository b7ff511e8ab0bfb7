"""Facts as AMI events, with Asterisk's names and fields and the privacy of the site (decision 14).

In a residential site a channel is opaque, digits are not told, a door event is door, method and result, and
of devices only the building's own (panels, controllers) are told to come and go: the moment at which a
resident's phone registers may be the moment somebody rang for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pbx.ami.carriers import registry
from pbx.ami.channels import RINGING, UNKNOWN, UP, Channel, ChannelBook
from pbx.ami.conversation import Notice, notice
from pbx.ami.records import Records
from pbx.ami.wire import Fields
from pbx.control import Control, Endpoint
from pbx.facts import (
    AlarmCleared,
    AlarmRaised,
    AuthFailed,
    CallEnded,
    CallStarted,
    DigitPressed,
    DoorFailed,
    DoorHeld,
    DoorOpened,
    DoorReleased,
    EndReason,
    Fact,
    LegAnswered,
    LegEnded,
    LegPlaced,
    LegRang,
    LegsConnected,
    LockdownBegan,
    LockdownEnded,
    PlanLoaded,
    Registered,
    TrunkChanged,
    Unregistered,
)

_DIAL_STATUS = {
    EndReason.BUSY: "BUSY",
    EndReason.DECLINED: "BUSY",
    EndReason.NO_ANSWER: "NOANSWER",
    EndReason.RING_LIMIT: "NOANSWER",
    EndReason.TIMEOUT: "NOANSWER",
    EndReason.ANSWERED_ELSEWHERE: "CANCEL",
    EndReason.DOOR_OPENED: "CANCEL",
    EndReason.CANCELLED: "CANCEL",
    EndReason.OPERATOR: "CANCEL",
    EndReason.NORMAL: "CANCEL",
    EndReason.UNREACHABLE: "CHANUNAVAIL",
    EndReason.NOT_FOUND: "CHANUNAVAIL",
    EndReason.FLOW_LOST: "CHANUNAVAIL",
    EndReason.REVOKED: "CHANUNAVAIL",
}

_DOOR_STATES = {
    DoorHeld: "DoorHeld",
    DoorReleased: "DoorReleased",
    LockdownBegan: "DoorLocked",
    LockdownEnded: "DoorUnlocked",
}

NODE = ""
"""In place of a site: what only logins see that are bound to none."""

DIGIT_MS = "100"
"""What DTMFEnd says a digit lasted: it is reported when it begins, so nobody knows yet."""


class Notices:
    """Listens to facts, keeps the channel book, and sends events while somebody is there to read them.

    Args:
        control: what facts leave out.
        book: the channels; this object is the only one that changes it.
        at: civil time.
        send: gets each event.
        audience: how many sessions listen; with none, nothing is rendered.
    """

    def __init__(
        self,
        control: Control,
        book: ChannelBook,
        at: Callable[[], datetime],
        send: Callable[[Notice], None],
        audience: Callable[[], int],
    ) -> None:
        self._control = control
        self._book = book
        self._at = at
        self._send = send
        self._audience = audience
        self._heard = False
        self._records = Records(book, at)

    def __call__(self, fact: Fact) -> None:
        """Take one fact. The book is kept in any case; what is only said is not even made for nobody."""
        self._heard = self._audience() > 0
        self._records.note(fact)
        if (tell := _TELL.get(type(fact))) is not None:
            tell(self, fact)
        if (record := self._records.of(fact)) is not None:
            self._emit("Cdr", "cdr", record.site, record.fields)

    def _emit(self, name: str, privilege: str, site: str | None, *parts: Fields) -> None:
        if self._heard:
            self._send(notice(name, privilege, site, [field for part in parts for field in part]))

    def _call_started(self, fact: CallStarted) -> None:
        channel = self._book.begin(fact)
        if not self._heard:
            return
        self._emit("Newchannel", "call", fact.site, channel.block())
        if not fact.originated:
            self._device_state(channel, "INUSE")

    def _leg_placed(self, fact: LegPlaced) -> None:
        channel = self._book.place(fact)
        if not self._heard:
            return
        caller = self._book.caller(fact.call)
        self._emit("Newchannel", "call", fact.site, channel.block())
        self._emit("NewConnectedLine", "call", fact.site, channel.block())
        source = caller.block() if caller else []
        dialled = [("DialString", channel.username)]
        self._emit("DialBegin", "call", fact.site, source, channel.block("Dest"), dialled)

    def _leg_rang(self, fact: LegRang) -> None:
        channel = self._book.find(fact.call, fact.leg)
        if channel is None or channel.state in (RINGING, UP):
            return
        self._enter(channel, RINGING)
        if not self._heard:
            return
        caller = self._book.caller(fact.call)
        if channel is not caller:  # an operator's first party rings without being dialled by anybody
            source = caller.block() if caller else []
            status = [("DialStatus", "RINGING")]
            self._emit("DialState", "call", fact.site, source, channel.block("Dest"), status)
        self._device_state(channel, "RINGING")

    def _leg_answered(self, fact: LegAnswered) -> None:
        channel = self._book.find(fact.call, fact.leg)
        if channel is None:
            return
        self._enter(channel, UP)
        self._dial_end(channel, "ANSWER")
        self._device_state(channel, "INUSE")

    def _legs_connected(self, fact: LegsConnected) -> None:
        caller, callee = (self._book.find(fact.call, leg) for leg in (fact.caller, fact.callee))
        if caller is None or callee is None:
            return
        caller.connected_number, caller.connected_display = callee.number, callee.display
        self._enter(caller, UP)
        bridge = f"bridge-{caller.uniqueid}"
        if not self._heard:
            caller.bridge = callee.bridge = bridge
            return
        self._emit("NewConnectedLine", "call", fact.site, caller.block())
        self._emit("BridgeCreate", "call", fact.site, _bridge(bridge, 0))
        for count, channel in enumerate((caller, callee), 1):
            channel.bridge = bridge
            self._emit("BridgeEnter", "call", fact.site, _bridge(bridge, count), channel.block())

    def _enter(self, channel: Channel, state: int) -> None:
        if channel.state != state:
            channel.state = state
            if self._heard:
                self._emit("Newstate", "call", channel.site, channel.block())

    def _leg_ended(self, fact: LegEnded) -> None:
        if (channel := self._book.find(fact.call, fact.leg)) is not None:
            self._end(channel, fact.reason)

    def _call_ended(self, fact: CallEnded) -> None:
        for channel in self._book.legs(fact.call):
            self._end(channel, fact.reason)

    def _dial_end(self, channel: Channel, status: str) -> None:
        if not channel.dialling:
            return
        channel.dialling = False
        if not self._heard:
            return
        caller = self._book.caller(channel.call)
        source = caller.block() if caller else []
        result = [("DialStatus", status)]
        self._emit("DialEnd", "call", channel.site, source, channel.block("Dest"), result)

    def _end(self, channel: Channel, reason: EndReason) -> None:
        """A channel is gone: the reverse of everything it began, then Hangup."""
        self._dial_end(channel, _DIAL_STATUS.get(reason, "CONGESTION"))
        self._book.drop(channel)
        if not self._heard:
            return
        if bridge := channel.bridge:
            left = sum(other.bridge == bridge for other in self._book.legs(channel.call))
            self._emit("BridgeLeave", "call", channel.site, _bridge(bridge, left), channel.block())
            if not left:
                self._emit("BridgeDestroy", "call", channel.site, _bridge(bridge, 0))
        cause = [("Cause", str(reason.cause)), ("Cause-txt", reason.text)]
        self._emit("Hangup", "call", channel.site, channel.block(), cause)
        self._device_state(channel, "NOT_INUSE")

    def _device_state(self, channel: Channel, state: str) -> None:
        """The state of a device after a change on one of its channels; never in a residential site."""
        if not channel.device or not self._heard:
            return
        others = self._book.busy(channel.device_name)
        if any(other.occupies for other in others):
            state = "INUSE"
        elif state == "NOT_INUSE" and others:
            state = "RINGING"
        fields = [("Device", channel.device_name), ("State", state)]
        self._emit("DeviceStateChange", "call", channel.site, fields)

    def _digit(self, fact: DigitPressed) -> None:
        channel = self._book.find(fact.call, fact.leg)
        if channel is None or self._book.private(fact.site):
            return
        digit = [("Digit", fact.digit), ("Direction", "Received")]
        self._emit("DTMFBegin", "dtmf", fact.site, channel.block(), digit)
        self._emit("DTMFEnd", "dtmf", fact.site, channel.block(), digit, [("DurationMs", DIGIT_MS)])

    def _door(self, fact: DoorOpened | DoorFailed) -> None:
        opened = isinstance(fact, DoorOpened)
        fields = [
            ("UserEvent", "DoorOpened" if opened else "DoorFailed"),
            ("Site", fact.site),
            ("Door", fact.door),
            ("Method", fact.method),
            ("Result", "opened" if opened else "failed"),
        ]
        if not self._book.private(fact.site):
            caller = self._book.caller(fact.call) if fact.call else None
            fields[1:1] = [("Uniqueid", caller.uniqueid), ("Linkedid", caller.linkedid)] if caller else []
            if isinstance(fact, DoorFailed):
                fields.append(("Detail", fact.detail))
        self._emit("UserEvent", "user", fact.site, fields)

    def _door_state(self, fact: DoorHeld | DoorReleased | LockdownBegan | LockdownEnded) -> None:
        fields = [("UserEvent", _DOOR_STATES[type(fact)]), ("Site", fact.site), ("Door", fact.door)]
        if isinstance(fact, LockdownBegan):
            fields += [("Until", fact.until), ("By", fact.by)]
        elif isinstance(fact, DoorHeld):
            fields.append(("Why", fact.why))
        self._emit("UserEvent", "user", fact.site, fields)

    def _contact(self, fact: Registered | Unregistered) -> None:
        if not self._heard or (isinstance(fact, Registered) and not fact.fresh):
            return
        endpoint = self._control.endpoint(fact.site, fact.device)
        if endpoint is None or (endpoint.personal and self._book.private(fact.site)):
            return
        here = isinstance(fact, Registered)
        contact = [
            ("URI", fact.contact),
            ("ContactStatus", "NonQualified" if here else "Removed"),
            ("AOR", endpoint.username),
            ("EndpointName", endpoint.username),
            ("RoundtripUsec", "0"),
        ]
        self._emit("ContactStatus", "system", fact.site, contact)
        if not here and endpoint.contacts:
            return  # it is still there by another way
        peer = [("ChannelType", "PJSIP"), ("Peer", f"PJSIP/{endpoint.username}")]
        peer += [("PeerStatus", "Reachable" if here else "Unreachable")]
        peer += [("Address", fact.source)] if isinstance(fact, Registered) else [("Cause", fact.cause)]
        self._emit("PeerStatus", "system", fact.site, peer)
        self._reachability(endpoint, here)

    def _reachability(self, endpoint: Endpoint, here: bool) -> None:
        name = f"PJSIP/{endpoint.username}"
        if self._book.busy(name):
            return
        state = [("Device", name), ("State", "NOT_INUSE" if here else "UNAVAILABLE")]
        self._emit("DeviceStateChange", "call", endpoint.site, state)

    def _auth_failed(self, fact: AuthFailed) -> None:
        fields = [
            ("EventTV", self._at().isoformat()),
            ("Severity", "Error"),
            ("Service", "PJSIP"),
            ("EventVersion", "1"),
            ("AccountID", UNKNOWN if self._book.private(fact.site) else fact.username),
            ("LocalAddress", ""),
            ("RemoteAddress", f"{fact.transport.upper()}/{fact.source}"),
            ("Reason", fact.reason),
        ]
        self._emit("ChallengeResponseFailed", "security", fact.site, fields)

    def _trunk(self, fact: TrunkChanged) -> None:
        name, fields = registry(fact)
        self._emit(name, "system", NODE, fields)

    def _alarm(self, fact: AlarmRaised | AlarmCleared) -> None:
        raised = isinstance(fact, AlarmRaised)
        fields = [
            ("UserEvent", "AlarmRaised" if raised else "AlarmCleared"),
            ("Site", fact.site or ""),
            ("Alarm", fact.kind),
            ("Subject", fact.subject),
            ("Detail", fact.detail),
        ]
        self._emit("UserEvent", "user", fact.site, fields)

    def _plan_loaded(self, fact: PlanLoaded) -> None:
        reload = [("Module", fact.site), ("Status", "0"), ("Message", f"revision {fact.revision}")]
        self._emit("Reload", "system", fact.site, reload)
        loaded = [("UserEvent", "PlanLoaded"), ("Site", fact.site), ("Revision", str(fact.revision))]
        self._emit("UserEvent", "user", fact.site, loaded)


_TELL: Mapping[type, Callable[[Notices, Any], None]] = {
    CallStarted: Notices._call_started,
    LegPlaced: Notices._leg_placed,
    LegRang: Notices._leg_rang,
    LegAnswered: Notices._leg_answered,
    LegsConnected: Notices._legs_connected,
    LegEnded: Notices._leg_ended,
    CallEnded: Notices._call_ended,
    DigitPressed: Notices._digit,
    DoorOpened: Notices._door,
    DoorFailed: Notices._door,
    Registered: Notices._contact,
    Unregistered: Notices._contact,
    AuthFailed: Notices._auth_failed,
    PlanLoaded: Notices._plan_loaded,
    AlarmRaised: Notices._alarm,
    AlarmCleared: Notices._alarm,
    TrunkChanged: Notices._trunk,
    **dict.fromkeys(_DOOR_STATES, Notices._door_state),
}
"""Which method tells which fact: every call brings eight, and there are twenty kinds."""


def _bridge(unique: str, channels: int) -> Fields:
    return [
        ("BridgeUniqueid", unique),
        ("BridgeType", "basic"),
        ("BridgeTechnology", "simple_bridge"),
        ("BridgeCreator", UNKNOWN),
        ("BridgeName", UNKNOWN),
        ("BridgeNumChannels", str(channels)),
        ("BridgeVideoSourceMode", "none"),
    ]
