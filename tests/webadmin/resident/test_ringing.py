"""Test ring and receipts: asked in the device's name, of one's own devices only."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from tests.webadmin.resident.test_pbx_side import Side, side
from tests.webadmin.residents import Phone, make_resident

__all__ = ["side"]


def test_asked_of_the_pbx(published: Flask, side: type[Side]) -> None:
    make_resident("kari@x.example", "kari")
    phone = Phone(published, "kari@x.example")
    key = next(each["id"] for each in phone.get("devices")["devices"] if each["device"] == "kari-app")
    side.answer = (200, json.dumps({"receipts": [{"call": "c", "rang": 120}]}).encode())
    assert phone.get(f"receipts?device={key}")["receipts"][0]["rang"] == 120
    assert side.asked[-1].startswith("/device/receipts Bearer fjordgata.example;kari-app;")
    assert phone.send("GET", "receipts?device=x").status_code == 404
    side.answer = (401, b"")
    away = phone.send("GET", f"receipts?device={key}")
    assert away.status_code == 503 and away.json is not None and away.json["error"] == "away"


@pytest.mark.parametrize("key", [0, 10**9])
def test_only_one_s_own(published: Flask, key: int) -> None:
    make_resident("kari@x.example", "kari")
    phone = Phone(published, "kari@x.example")
    assert phone.send("POST", "test-ring", {"device": key}).status_code == 404
