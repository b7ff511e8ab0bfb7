"""Lists of devices and channels (Asterisk, res_pjsip, main/manager.c, main/devicestate.c).

A residential site's residents' devices are in no list (ARCHITECTURE, decision 14).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from pbx.ami.answering import Answer, Asked, channel_of
from pbx.ami.channels import Channel, ChannelBook
from pbx.ami.wire import Fields
from pbx.control import Control, Endpoint

_STATES = {"NOT_INUSE": "Not in use", "INUSE": "In use", "RINGING": "Ringing", "UNAVAILABLE": "Unavailable"}


class Listings:
    """Answers actions that list.

    Args:
        control: the running PBX.
        book: its channels.
        at: civil time.
    """

    def __init__(self, control: Control, book: ChannelBook, at: Callable[[], datetime]) -> None:
        self._control = control
        self._book = book
        self._at = at

    def answers(self) -> Mapping[str, Answer]:
        """What this room answers, by lower-case name."""
        return {
            "coreshowchannels": self._channels,
            "devicestatelist": self._device_states,
            "pjsipshowcontacts": self._contacts,
            "pjsipshowendpoints": self._endpoints,
            "sippeers": self._peers,
            "status": self._status,
        }

    def shown(self, asked: Asked) -> Iterator[Endpoint]:
        """Devices the account may know of; in a residential site only the building's own."""
        for site in self._control.sites():
            if asked.account.sees(site):
                private = self._book.private(site)
                for endpoint in self._control.endpoints(site):
                    if not (private and endpoint.personal):
                        yield endpoint

    def state(self, endpoint: Endpoint) -> str:
        """The state of a device, in DeviceStateChange's words."""
        channels = self._book.busy(f"PJSIP/{endpoint.username}")
        if any(channel.occupies for channel in channels):
            return "INUSE"
        if channels:
            return "RINGING"
        return "NOT_INUSE" if endpoint.contacts else "UNAVAILABLE"

    def _channels(self, asked: Asked) -> None:
        at = self._at()
        shown = [channel.shown(at) for channel in self._book if asked.account.sees(channel.site)]
        asked.conversation.listing(
            asked.action, "Channels will follow", "CoreShowChannel", shown, "CoreShowChannelsComplete"
        )

    def _device_states(self, asked: Asked) -> None:
        items = [
            [("Device", f"PJSIP/{endpoint.username}"), ("State", self.state(endpoint))]
            for endpoint in self.shown(asked)
        ]
        asked.conversation.listing(
            asked.action,
            "Device State Changes will follow",
            "DeviceStateChange",
            items,
            "DeviceStateListComplete",
        )

    def _endpoints(self, asked: Asked) -> None:
        asked.conversation.listing(
            asked.action,
            "A listing of Endpoints follows, presented as EndpointList events",
            "EndpointList",
            map(self._endpoint, self.shown(asked)),
            "EndpointListComplete",
        )

    def _endpoint(self, endpoint: Endpoint) -> Fields:
        channels = self._book.busy(f"PJSIP/{endpoint.username}")
        contacts = "".join(f"{endpoint.username}/{contact.uri}," for contact in endpoint.contacts)
        return [
            ("ObjectType", "endpoint"),
            ("ObjectName", endpoint.username),
            ("Transport", endpoint.contacts[0].transport if endpoint.contacts else ""),
            ("Aor", endpoint.username),
            ("Auths", endpoint.username),
            ("OutboundAuths", ""),
            ("Contacts", contacts),
            ("DeviceState", _STATES[self.state(endpoint)]),
            ("ActiveChannels", ",".join(channel.name for channel in channels)),
        ]

    def _contacts(self, asked: Asked) -> None:
        items = [
            [
                ("ObjectType", "contact"),
                ("ObjectName", f"{endpoint.username};@{contact.source}"),
                ("ViaAddr", contact.source.rpartition(":")[0]),
                ("ViaPort", contact.source.rpartition(":")[2]),
                ("QualifyTimeout", "0.000000"),
                ("CallId", ""),
                ("RegServer", ""),
                ("PruneOnBoot", "no"),
                ("Path", ""),
                ("Endpoint", endpoint.username),
                ("AuthenticateQualify", "no"),
                ("Uri", contact.uri),
                ("QualifyFrequency", "0"),
                ("UserAgent", contact.user_agent),
                ("ExpirationTime", str(int(self._at().timestamp()) + contact.expires_seconds)),
                ("OutboundProxy", ""),
                ("Status", "NonQualified"),
                ("RoundtripUsec", "N/A"),
            ]
            for endpoint in self.shown(asked)
            for contact in endpoint.contacts
        ]
        message = "A listing of Contacts follows, presented as ContactList events"
        asked.conversation.listing(asked.action, message, "ContactList", items, "ContactListComplete")

    def _peers(self, asked: Asked) -> None:
        asked.conversation.listing(
            asked.action, "Peer status list will follow", "PeerEntry", map(_peer, self.shown(asked)),
            "PeerlistComplete",
        )

    def _status(self, asked: Asked) -> None:
        channels = [channel for channel in self._book if asked.account.sees(channel.site)]
        if asked.get("Channel"):
            one = channel_of(self._book, asked)
            if one is None:
                return
            channels = [one]
        at = self._at()
        items = [_status(channel, at) for channel in channels]
        asked.conversation.listing(
            asked.action,
            "Channel status will follow",
            "Status",
            items,
            "StatusComplete",
            [("Items", str(len(items)))],
        )


def _peer(endpoint: Endpoint) -> Fields:
    source = endpoint.contacts[-1].source if endpoint.contacts else ":0"
    return [
        ("Channeltype", "PJSIP"),
        ("ObjectName", endpoint.username),
        ("ChanObjectType", "peer"),
        ("IPaddress", source.rpartition(":")[0] or "-none-"),
        ("IPport", source.rpartition(":")[2]),
        ("Dynamic", "yes"),
        ("AutoForcerport", "no"),
        ("Forcerport", "yes"),
        ("VideoSupport", "yes"),
        ("TextSupport", "no"),
        ("ACL", "no"),
        ("Status", "Unmonitored" if endpoint.contacts else "UNKNOWN"),
        ("RealtimeDevice", "no"),
        ("Description", endpoint.name),
    ]


def _status(channel: Channel, at: datetime) -> Fields:
    return [
        ("Privilege", "Call"),
        *channel.block(),
        ("Type", "PJSIP"),
        ("DNID", channel.exten),
        ("EffectiveConnectedLineNum", channel.connected_number or "<unknown>"),
        ("EffectiveConnectedLineName", channel.connected_display or "<unknown>"),
        ("TimeToHangup", "0"),
        ("BridgeID", channel.bridge),
        ("Application", "Dial" if channel.calling else "AppDial"),
        ("Data", "" if channel.calling else "(Outgoing Line)"),
        ("Nativeformats", "()"),
        ("Readformat", ""),
        ("Readtrans", ""),
        ("Writeformat", ""),
        ("Writetrans", ""),
        ("Callgroup", "0"),
        ("Pickupgroup", "0"),
        ("Seconds", str(max(0, int((at - channel.began).total_seconds())))),
    ]
