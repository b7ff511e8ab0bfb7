"""What the PBX says of a panel's service mode, and the picture it is asked for with the panel's own token."""

from __future__ import annotations

from typing import Any, cast

import pytest
from flask import Flask

from webadmin.auth.reach import lifted
from webadmin.db import db
from webadmin.models import Credential
from webadmin.pbx_link import PbxLink
from webadmin.resident.pbx_side import NoAnswer
from webadmin.service_mode import service

DOMAIN = "fjordgata.example"


class Link:
    """A PBX's answer."""

    def __init__(self, **mode: str) -> None:
        self.mode = mode

    def listing(self, action: str, complete: str, **fields: str) -> list[dict[str, str]]:
        """One panel."""
        return [{"Panel": "entrance", **self.mode}]


def standing(**mode: str) -> service.Standing | None:
    return service.standing(cast(PbxLink, Link(**mode)), DOMAIN, "entrance")


def test_what_is_missing_is_not_there() -> None:
    until = "2026-11-22T14:05:00+00:00"
    assert standing() is None
    found = standing(ServiceUntil=until, ServiceBy="op", Picture="x")
    assert found is not None
    assert (found.by, found.announced, found.picture, found.taken) == ("op", False, 0, None)


def test_the_picture_is_asked_for_with_the_panels_token(
    published: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answers: list[Any] = [b"\xff\xd8\xff..", b"<html>", NoAnswer("x")]

    def fetch(method: str, path: str, token: str) -> bytes:
        asked.append(token)
        found = answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return bytes(found)

    monkeypatch.setattr(service, "fetch", fetch)
    with published.test_request_context():
        for wanted in (b"\xff\xd8\xff..", b"", b""):
            assert service.picture(DOMAIN, "entrance") == wanted
        assert {token.rpartition(";")[0] for token in asked} == {f"{DOMAIN};entrance"}
        with lifted():
            row = db.session.query(Credential).filter_by(site=DOMAIN, device="entrance").one()
        row.state = "revoked"
        assert service.picture(DOMAIN, "entrance") == service.picture(DOMAIN, "nothing") == b""
        assert len(asked) == 3
