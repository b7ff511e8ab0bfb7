"""WebAdmin's AMI client against a small AMI of the test: answers, refusals, silence, nonsense."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from webadmin import pbx_link
from webadmin.pbx_link import PbxAway, PbxLink

pytestmark = pytest.mark.filterwarnings("ignore:notifyAll:DeprecationWarning")

Answer = Callable[[str, dict[str, str]], str]


def good(action: str, fields: dict[str, str]) -> str:
    if action == "login":
        right = (fields["username"], fields["secret"]) == ("webadmin", "s3cret")
        return "Response: Success\r\n" if right else "Response: Error\r\nMessage: Authentication failed\r\n"
    if action == "reload":
        return "Response: Success\r\nRevision: a.example=3\r\nRevision: b.example=11\r\n"
    return "Response: Goodbye\r\n"


@contextlib.contextmanager
def ami(answer: Answer, banner: bytes = b"Asterisk Call Manager/9.0.0\r\n") -> Iterator[int]:
    """Listens on a free port of 127.0.0.1, which it yields."""
    asked: list[str] = []

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(banner)
            fields: dict[str, str] = {}
            with contextlib.suppress(OSError):
                for line in self.rfile:
                    if line.strip():
                        name, _, value = line.decode().partition(":")
                        fields[name.strip().lower()] = value.strip()
                        continue
                    text = answer(fields["action"].lower(), fields)
                    asked.append(fields["action"])
                    if text:
                        self.wfile.write(f"{text}ActionID: {fields['actionid']}\r\n\r\n".encode())
                    if fields["action"] == "Logoff":
                        return
                    fields = {}

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = True

    with Server(("127.0.0.1", 0), Conversation) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("s3cret\n")
    return path


def link(port: int, secret: Path, **more: Any) -> PbxLink:
    return PbxLink("127.0.0.1", port, "webadmin", secret, seconds=more.pop("seconds", 5.0))


def test_a_reload_tells_the_running_revisions(secret: Path) -> None:
    with ami(good) as port:
        assert link(port, secret).reload() == {"a.example": 3, "b.example": 11}


def test_nobody_there(secret: Path) -> None:
    with ami(good) as port:
        pass
    with pytest.raises(PbxAway, match="not reachable"):
        link(port, secret).reload()
    assert link(port, secret).running() is None


def test_no_account(tmp_path: Path) -> None:
    with pytest.raises(PbxAway, match="no AMI account"):
        link(1, tmp_path / "none").reload()


def test_a_wrong_secret(secret: Path) -> None:
    secret.write_text("other")
    with ami(good) as port, pytest.raises(PbxAway, match="log-in was refused"):
        link(port, secret).reload()


@pytest.mark.parametrize("silent", ["login", "reload"])
def test_silence_is_waited_for_no_longer_than_said(secret: Path, silent: str) -> None:
    def answer(action: str, fields: dict[str, str]) -> str:
        return "" if action == silent else good(action, fields)

    with ami(answer) as port, pytest.raises(PbxAway, match="no answer"):
        link(port, secret, seconds=0.1).reload()


def test_something_else_listens_there(secret: Path) -> None:
    with ami(lambda *_: "", banner=b"HTTP/1.1 400 Bad Request\r\n\r\n") as port, pytest.raises(PbxAway):
        link(port, secret, seconds=0.1).reload()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Response: Success\r\n", {}),
        ("Response: Success\r\nRevision: a=x\r\nRevision: =4\r\nRevision: b=99999999999\r\n", {}),
        ("Response: Success\r\nRevision: a.example=0\r\n", {"a.example": 0}),
    ],
)
def test_odd_answers(secret: Path, text: str, found: dict[str, int]) -> None:
    with ami(lambda action, fields: text if action == "reload" else good(action, fields)) as port:
        assert link(port, secret).reload() == found


def test_what_runs_is_asked_once_a_second_at_most(secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(action: str, fields: dict[str, str]) -> str:
        asked.append(action)
        return good(action, fields)

    now = 100.0
    monkeypatch.setattr("webadmin.pbx_link.time.monotonic", lambda: now)
    with ami(answer) as port:
        one = link(port, secret)
        assert one.running() == one.running()
        assert asked.count("reload") == 1
        now += pbx_link.CACHE_SECONDS
        one.running()
        assert asked.count("reload") == 2


def test_an_order_is_done_or_says_why_not(secret: Path) -> None:
    def answer(action: str, fields: dict[str, str]) -> str:
        if action != "doorlock":
            return good(action, fields)
        locked = fields["door"] == "front" and "\n" not in fields["by"]
        return "Response: Success\r\n" if locked else "Response: Error\r\nMessage: No such door\r\n"

    with ami(answer) as port:
        one = link(port, secret)
        assert one.order("DoorLock", Door="front", By="kari\r\nDoor: back") == ""
        assert one.order("DoorLock", Door="x", By="kari") == "No such door"


def test_a_listing_is_whole_or_not_at_all(secret: Path) -> None:
    ends = True

    def answer(action: str, fields: dict[str, str]) -> str:
        if action != "doorlist":
            return good(action, fields)
        at = f"ActionID: {fields['actionid']}\r\n\r\n"
        items = "".join(f"Event: Door\r\nDoor: {door}\r\n{at}" for door in ("front", "back"))
        return f"Response: Success\r\n{at}{items}Event: {'DoorListComplete' if ends else 'Odd'}\r\n"

    with ami(answer) as port:
        found = link(port, secret).listing("DoorList", "DoorListComplete")
        assert [each["Door"] for each in found] == ["front", "back"]
        ends = False
        with pytest.raises(PbxAway, match="no end"):
            link(port, secret, seconds=0.2).listing("DoorList", "DoorListComplete")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "localhost", ""])
def test_an_address_that_means_all_is_asked_on_loopback(secret: Path, host: str) -> None:
    with ami(good) as port:
        assert PbxLink(host, port, "webadmin", secret).reload()
