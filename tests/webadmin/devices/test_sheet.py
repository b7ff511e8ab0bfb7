"""Where telephones register, as a sheet says it."""

from __future__ import annotations

import pytest
from flask import Flask

from webadmin.devices.sheet import host, qr, register_at


@pytest.mark.parametrize(
    ("public", "asked", "where"),
    [
        ("", "http://localhost:8080/", "sip:localhost:5060;transport=tcp"),
        ("https://door.example", "http://127.0.0.1:8080/", "sip:door.example:5061;transport=tls"),
    ],
)
def test_by_tls_where_there_is_a_public_name(app: Flask, public: str, asked: str, where: str) -> None:
    settings = app.config["DOORLINE"]
    settings.webadmin = settings.webadmin.model_copy(update={"public_url": public})
    with app.test_request_context("/", base_url=asked):
        assert register_at() == where and host() in where


def test_a_picture() -> None:
    assert "<svg" in qr("sip:x@y.example")
