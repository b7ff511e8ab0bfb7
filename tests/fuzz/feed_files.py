"""Feeds of AMI, of door orders, and of the files that people write."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import config.layers
import intercom.order
import intercom.settings
import pbx.settings
from dialplan.document import loads
from dialplan.errors import DocumentError
from pbx.ami.wire import Action, Reader, WireError, render
from webadmin.site_file.errors import SiteFileError
from webadmin.site_file.reader import read

_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_NOW = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
_ADDRESSEE = intercom.order.Addressee(_KEY.public_key(), "site.example", "door1", "run1")
_CLAIMS = {
    "iss": "site.example",
    "aud": "door1",
    "door": "d1",
    "relay": "lock",
    "action": "open",
    "ms": 3000,
    "jti": "0123456789abcdef",
    "iat": _NOW,
    "exp": _NOW + 10,
    "run": "run1",
}
_HEAD = {"typ": intercom.order.TYPE}


def _signed(**changes: object) -> bytes:
    return jwt.encode({**_CLAIMS, **changes}, _KEY, algorithm="EdDSA", headers=_HEAD).encode()


SAMPLES = {
    "ami": [
        b"Action: Login\r\nUsername: a\r\nSecret: b\r\nActionID: 1\r\n\r\n",
        b"action: ping\n\nAction: Logoff\r\n\r\n",
    ],
    "order": [
        _signed(),
        _signed(ms=1e300),
        _signed(aud=["door1"]),
        _signed(exp="never"),
        b"a.b.c",
        b"e30.e30.",
    ],
    "document": [json.dumps({"version": 1}).encode(), b"[" * 2000, b'{"version":1e999}'],
}


def ami(data: bytes) -> None:
    """A manager's connection, whole and in pieces."""
    for size in (len(data) or 1, 7):
        reader = Reader()
        for start in range(0, min(len(data), 4096), size):
            for item in reader.feed(data[start : start + size]):
                if isinstance(item, WireError) and item.fatal:
                    return
                if isinstance(item, Action):
                    render([("Response", "Error"), ("ActionID", item.id), ("Message", item.name)])


def order(data: bytes) -> None:
    """The body of a door order: only what was signed may be one."""
    taken = intercom.order.check(data, _ADDRESSEE, _NOW + 1)
    if isinstance(taken, intercom.order.Order):
        assert (taken.door, taken.relay, taken.jti) == ("d1", "lock", "0123456789abcdef")


def document(data: bytes) -> None:
    """A published plan."""
    with suppress(DocumentError):
        loads(data)


def site_file(data: bytes) -> None:
    """A site file: whatever is wrong is told in lines, each short enough to read."""
    try:
        read(data)
    except SiteFileError as error:
        assert error.faults


def settings(data: bytes) -> None:
    """The configuration of the PBX."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "doorline.toml")
        path.write_bytes(data)
        before = os.environ.get("DOORLINE_CONFIG")
        os.environ["DOORLINE_CONFIG"] = str(path)
        try:
            with suppress(config.layers.SettingsError):
                pbx.settings.load()
        finally:
            del os.environ["DOORLINE_CONFIG"]
            if before is not None:
                os.environ["DOORLINE_CONFIG"] = before


def agent_settings(data: bytes) -> None:
    """The configuration of a door's agent."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "intercom.toml")
        path.write_bytes(data)
        for load in (intercom.settings.load, intercom.settings.load_guard):
            with suppress(intercom.settings.SettingsError):
                load(path)
