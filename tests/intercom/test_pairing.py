"""Pairing: keys pinned, the secret for its owner only, and an agent that needs no other settings."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from intercom.pairing import PairingFailed, keep, main
from intercom.settings import load

PEM = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
ANSWER: dict[str, Any] = {
    "site": "house.example", "device": "gate-device", "name": 'The "gate"', "username": "gate",
    "secret": "abc", "wss": "wss://doors.example:8089/ws", "pbx": "https://doors.example:8089",
    "directory": "https://doors.example:8089/panels/directory",
    "pbx_key": PEM.decode(), "admin_key": PEM.decode(),
}  # fmt: skip


class WebAdmin(HTTPServer):
    """Takes one code."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[Any] = []


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, WebAdmin) and self.path == "/api/v1/pair"
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body)
        right = body["code"] == "ABCD-2345"
        answer = json.dumps(ANSWER if right else {"error": "no_code", "message": "That code does not work."})
        self.send_response(200 if right else 404)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def webadmin() -> Iterator[WebAdmin]:
    server = WebAdmin()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_code_is_all_an_agent_needs(
    webadmin: WebAdmin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, file = f"http://127.0.0.1:{webadmin.server_port}", tmp_path / "intercom.toml"
    own = '[kiosk]\nport = 8090\n[server]\ntransport = "tcp"\n'
    file.write_text(f'state_directory = "{tmp_path}/state"\n{own}')
    assert main(["ABCD-2345", "--server", url, "--config", str(file)]) == 0
    assert capsys.readouterr().out == "paired as gate of house.example\n"
    assert webadmin.asked == [{"code": "ABCD-2345", "kind": "agent"}]
    settings = load(file)
    assert (settings.server.site, settings.server.host, settings.server.port) == (
        *("house.example", "doors.example", 5061),
    )
    assert settings.server.transport == "tcp"  # the file's own word counts
    assert (settings.account.username, settings.account.secret) == ("gate", "abc")
    assert settings.account.name == 'The "gate"'
    assert settings.documents.device == "gate-device"
    assert settings.documents.passes == f"{url}/api/v1/panel/passes"
    assert (settings.kiosk.port, settings.kiosk.wss) == (8090, ANSWER["wss"])
    for kept in (tmp_path / "state").iterdir():
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600, kept


def test_a_code_that_is_refused_and_a_server_that_is_none(
    webadmin: WebAdmin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "intercom.toml")
    Path(file).write_text(f'state_directory = "{tmp_path}/state"\n')
    url = f"http://127.0.0.1:{webadmin.server_port}"
    for code, server, said in (
        ("WRONG", url, "That code does not work."),
        ("ABCD-2345", "http://doors.example", "must begin with https"),
        ("ABCD-2345", "http://127.0.0.1:1", "does not answer"),
    ):
        assert main([code, "--server", server, "--config", file]) == 1
        assert said in capsys.readouterr().err
    assert not (tmp_path / "state").exists()
    Path(file).write_text("state_directory = 7")
    assert main(["ABCD-2345", "--server", url, "--config", file]) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"secret": ""},
        {"site": 7},
        {"pbx_key": "no key"},
        {"admin_key": None},
        {"directory": "http://evil.example/"},
        {"pbx": "x" * 5000},
        {"secret": "\ud83d"},
    ],
)
def test_an_answer_that_makes_no_sense_leaves_nothing(tmp_path: Path, change: dict[str, Any]) -> None:
    with pytest.raises(PairingFailed):
        keep(tmp_path / "state", {**ANSWER, **change}, "https://doors.example")
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("name", ["Dør 🚪", 'a "b"\\', "[x]\n y = 1", "\x7f", "\ud83d", "#"])
def test_no_name_of_a_panel_keeps_the_agent_from_starting(tmp_path: Path, name: str) -> None:
    file = tmp_path / "intercom.toml"
    file.write_text(f'state_directory = "{tmp_path}/state"\n')
    keep(tmp_path / "state", {**ANSWER, "name": name}, "https://doors.example")
    settings = load(file)
    shown = "".join(each if each.isprintable() else " " for each in name).strip()
    assert settings.account.name == (shown or "gate")
    assert settings.kiosk.wss == ANSWER["wss"]


def test_where_sip_is_spoken(tmp_path: Path) -> None:
    file = tmp_path / "intercom.toml"
    file.write_text(f'state_directory = "{tmp_path}/state"\n')
    authority = tmp_path / "ca.pem"
    keep(tmp_path / "state", ANSWER, "https://doors.example", authority, "udp:192.0.2.1:5060")
    assert (load(file).server.transport, load(file).server.host) == ("udp", "192.0.2.1")
    assert load(file).documents.ca_file == authority
    keep(tmp_path / "state", ANSWER, "https://doors.example", authority)
    assert load(file).server.ca_file == authority
    with pytest.raises(PairingFailed):
        keep(tmp_path / "state", ANSWER, "https://doors.example", None, "doors.example")
