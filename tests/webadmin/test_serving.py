"""Two servers: one at once, one when there is a certificate; neither outlives the other."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from pbx.certificates import load_or_make
from tests.support.databases import make_sqlite
from tests.support.ports import free_port
from webadmin import serving
from webadmin.settings import Settings, Web


def test_without_https_it_becomes_gunicorn_on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []

    class Became(Exception):
        pass

    def execv(program: str, words: list[str]) -> None:
        called.append(words)
        raise Became

    monkeypatch.setattr("os.execv", execv)
    with pytest.raises(Became):
        serving.serve(Settings(webadmin=Web(tls_host="")))
    assert called[0][1:5] == ["-m", "gunicorn", "--bind", "127.0.0.1:8080"]
    assert "--no-control-socket" in called[0]


def test_if_one_dies_the_other_ends(tmp_path: Path) -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    pair = serving.Pair(sleeper, [sys.executable, "-c", ""], tmp_path)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        assert pair.run() == 1
    finally:
        for number, action in before.items():
            signal.signal(number, action)


@pytest.mark.peer
def test_https_comes_with_the_certificate(tmp_path: Path) -> None:
    admin, pbx = make_sqlite(tmp_path)
    plain, secure = free_port(), free_port()
    words = {
        "DOORLINE_DATABASE__ADMIN_URL": admin,
        "DOORLINE_DATABASE__PBX_URL": pbx,
        "DOORLINE_PATHS__VAR": str(tmp_path),
        "DOORLINE_WEBADMIN__PORT": str(plain),
        "DOORLINE_WEBADMIN__TLS_HOST": "127.0.0.1",
        "DOORLINE_WEBADMIN__TLS_PORT": str(secure),
        "DOORLINE_WEBADMIN__WORKERS": "1",
    }
    command = [sys.executable, "-m", "webadmin", "serve"]
    with subprocess.Popen(command, env={**os.environ, **words}, stderr=subprocess.DEVNULL) as process:
        try:
            until_open(plain)
            made = load_or_make(tmp_path / "tls", ["127.0.0.1", "localhost"])
            until_open(secure)
            context = ssl.create_default_context(cafile=str(made.authority))
            with urllib.request.urlopen(f"https://localhost:{secure}/health", context=context) as answer:
                assert answer.status == 200
            with urllib.request.urlopen(f"http://localhost:{plain}/doorline-ca.pem") as answer:
                assert answer.read() == made.authority.read_bytes()
            before = certificate_of(secure, context)
            load_or_make(tmp_path / "tls", ["127.0.0.1", "localhost", "door.example"])  # renewed beside it
            assert before != certificate_of(secure, context), "a renewed certificate waits for a restart"
        finally:
            process.terminate()
        assert process.wait(30) == 0


def certificate_of(port: int, context: ssl.SSLContext) -> bytes | None:
    """What a new connection is shown; it has to be good."""
    with (
        socket.create_connection(("127.0.0.1", port), 30) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as wrapped,
    ):
        return wrapped.getpeercert(binary_form=True)


def until_open(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < until, "the server did not open"
            time.sleep(0.1)
