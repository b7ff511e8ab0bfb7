"""What AMI says becomes calls of sites within reach."""

from __future__ import annotations

from typing import cast

import pytest

from webadmin.live.service import calls, contacts
from webadmin.pbx_link import PbxLink


def channel(name: str, link: str, site: str, *, caller: bool = False, **more: str) -> dict[str, str]:
    application = "Dial" if caller else "AppDial"
    base = {"Channel": name, "Linkedid": link, "AccountCode": site, "Application": application}
    return {**base, "Duration": "00:01:05", "ChannelStateDesc": "Ring", "Exten": "s", **more}


class Listing:
    def __init__(self, *items: dict[str, str]) -> None:
        self.items = list(items)

    def listing(self, action: str, complete: str, **fields: str) -> list[dict[str, str]]:
        return self.items


def link(*items: dict[str, str]) -> PbxLink:
    return cast(PbxLink, Listing(*items))


def test_channels_are_joined_and_others_sites_left_out() -> None:
    found = calls(
        link(
            channel("PJSIP/kari-phone-00000002", "1", "a.example", ChannelStateDesc="Up"),
            channel("PJSIP/street-00000001", "1", "a.example", caller=True, Exten="201"),
            channel("PJSIP/x-00000003", "2", "b.example", caller=True),
        ),
        {"a.example"},
    )
    (call,) = found
    assert [leg.who for leg in call.legs] == ["street", "kari-phone"]
    assert (call.dialled, call.seconds, call.talking) == ("201", 65, True)
    assert call.channel == "PJSIP/street-00000001"


def test_a_private_call_names_nobody() -> None:
    (call,) = calls(link(channel("PJSIP/private-00000001", "1", "a.example", caller=True)), {"a.example"})
    assert (call.legs[0].who, call.dialled, call.talking) == ("", "", False)


@pytest.mark.parametrize("text", ["", "x", "1:2", "1:2:x", "-1:2:3", "9999999:1:1"])
def test_odd_durations(text: str) -> None:
    (call,) = calls(link(channel("PJSIP/a-1", "1", "a", Duration=text)), {"a"})
    assert call.seconds == 0


def test_contacts_of_known_users_only() -> None:
    found = contacts(link({"Endpoint": "kari", "UserAgent": "x" * 200}, {"Endpoint": "z"}), {"kari"})
    assert [(one.device, len(one.software)) for one in found] == [("kari", 80)]
