"""Where the PBX is, for the browser that asks."""

from __future__ import annotations

import pytest
from flask import Flask

from webadmin.settings import Http
from webadmin.talking import addresses


@pytest.mark.parametrize(
    ("base", "public", "wss"),
    [
        ("http://localhost:8080", "", "ws://localhost:8088/ws"),
        ("https://192.0.2.7:8443", "", "wss://192.0.2.7:8089/ws"),
        ("https://[2001:db8::7]:8443", "", "wss://[2001:db8::7]:8089/ws"),
        ("https://door.example", "https://sip.door.example", "wss://sip.door.example/ws"),
    ],
)
def test_addresses(app: Flask, base: str, public: str, wss: str) -> None:
    settings = app.config["DOORLINE"]
    app.config["DOORLINE"] = settings.model_copy(update={"http": Http(public_url=public)})
    app.config["TRUSTED_HOSTS"] = None
    with app.test_request_context("/", base_url=base):
        found = addresses()
        assert found["wss"] == wss and found["pbx"] == found["preview"]
