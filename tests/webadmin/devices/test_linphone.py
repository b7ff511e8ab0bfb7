"""The provisioning file."""

from __future__ import annotations

from xml.etree import ElementTree

from webadmin.devices.linphone import provisioning

SPACE = "{http://www.linphone.org/xsds/lpconfig.xsd}"


def test_hostile_names_stay_text() -> None:
    text = provisioning(
        domain="house.example",
        username="kari-phone",
        secret="s&<",
        name='Kari " <b>',
        server="sip:h:1;transport=tls",
    )
    root = ElementTree.fromstring(text.encode())
    entries = {
        (section.get("name"), entry.get("name")): entry.text
        for section in root.iter(f"{SPACE}section")
        for entry in section.iter(f"{SPACE}entry")
    }
    assert entries["auth_info_0", "passwd"] == "s&<"
    assert entries["proxy_0", "reg_identity"] == '"Kari  <b>" <sip:kari-phone@house.example>'
    assert entries["proxy_0", "reg_route"] == "<sip:h:1;transport=tls;lr>"
