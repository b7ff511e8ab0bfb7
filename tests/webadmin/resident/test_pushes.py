"""A browser's push subscription is kept with its log-in; nothing but known push services is taken."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from pbx.push.keys import load_or_make, point_of
from pbx.push.subscription import may_post, parse
from tests.pbx.push.test_subscription import AUTH, P256DH
from tests.webadmin.resident.test_own_devices import credential
from tests.webadmin.residents import HOUSE, Phone, make_resident
from webadmin.resident import pushes

GOOD = "https://updates.push.services.mozilla.com/wpush/v2/x"
KEYS = {"p256dh": P256DH, "auth": AUTH}


def kari(app: Flask) -> tuple[Phone, Any]:
    make_resident("kari@x.example", "kari")
    phone = Phone(app, "kari@x.example")
    return phone, phone.send("POST", "devices", {"site": HOUSE, "name": "Pixel", "kind": "app"}).json


def test_a_subscription_comes_and_goes(published: Flask) -> None:
    phone, made = kari(published)
    before = credential(made["device"]).seq
    wanted = {"device": made["id"], "endpoint": GOOD, "keys": KEYS}
    assert phone.send("POST", "push", wanted).status_code == 204
    row = credential(made["device"])
    assert row.push_subscription == {"endpoint": GOOD, "keys": KEYS} and row.seq > before
    assert {each["id"]: each["push"] for each in phone.get("devices")["devices"]}[made["id"]] is True
    assert phone.send("POST", "push", wanted).status_code == 204
    assert credential(made["device"]).seq == row.seq  # the same again is no change
    assert phone.send("DELETE", f"push?device={made['id']}").status_code == 204
    assert credential(made["device"]).push_subscription is None
    assert phone.send("DELETE", "push?device=x").status_code == 404


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://updates.push.services.mozilla.com/x",
        "https://127.0.0.1/x",
        "https://[::1]:443/x",
        "https://10.0.0.1/x",
        "https://localhost/x",
        "https://evil.example/x",
        "https://fcm.googleapis.com@evil.example/x",
        "https://fcm.googleapis.com:8443/x",
        "file:///etc/passwd",
        "https://fcm.googleapis.com:999999/x",
    ],
)
def test_other_addresses_are_refused(published: Flask, endpoint: str) -> None:
    phone, made = kari(published)
    answer = phone.send("POST", "push", {"device": made["id"], "endpoint": endpoint, "keys": KEYS})
    assert answer.status_code == 422 and answer.json is not None
    assert (answer.json["error"], answer.json["field"]) == ("no_push_service", "endpoint")
    hosts = published.config["DOORLINE"].push.hosts
    assert not may_post(endpoint, hosts) and may_post(GOOD, hosts) and pushes.may_post(GOOD, hosts)


def test_keys_must_be_keys(published: Flask) -> None:
    phone, made = kari(published)
    for keys in ({"p256dh": "AAAA", "auth": AUTH}, {"p256dh": P256DH, "auth": "A"}, {"auth": AUTH}):
        wanted = {"device": made["id"], "endpoint": GOOD, "keys": keys}
        assert phone.send("POST", "push", wanted).status_code == 422
        assert parse(f'{{"endpoint": "{GOOD}", "keys": {keys}}}'.replace("'", '"')) is None


def test_the_server_s_key(published: Flask) -> None:
    make_resident("kari@x.example", "kari")
    phone = Phone(published, "kari@x.example")
    assert phone.send("GET", "push/key").status_code == 503
    key = load_or_make(published.config["DOORLINE"].paths.var / "keys")
    assert phone.get("push/key") == {"key": point_of(key)}
