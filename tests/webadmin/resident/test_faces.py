"""The builds are served with what they may do, and nothing beside them is."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webadmin.resident import faces


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "build"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>app")
    (folder / "sw.js").write_text("//")
    (folder / "assets" / "app-abc123.js").write_text("//")
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.setattr(faces, "APP", folder)
    monkeypatch.setattr(faces, "KIOSK", tmp_path / "none")
    return folder


def test_pages_and_files(app: Flask, client: FlaskClient, build: Path) -> None:
    for path, kept in (
        ("/app/", "no-cache"),
        ("/app/doors/front", "no-cache"),
        ("/station", "no-cache"),
        ("/app/sw.js", "no-cache"),
        ("/app/assets/app-abc123.js", faces.FOREVER),
    ):
        with client.get(path) as answer:
            assert answer.status_code == 200, path
            assert answer.headers["Cache-Control"] == kept
            policy = answer.headers["Content-Security-Policy"]
            assert "script-src 'self'" in policy and "ws://localhost:8088" in policy
            assert "camera=(self)" in answer.headers["Permissions-Policy"]
    assert client.get("/app").status_code == 308


def test_scripts_go_out_compressed_to_who_takes_them_so(
    app: Flask, client: FlaskClient, build: Path
) -> None:
    path = "/app/assets/app-abc123.js"
    (build / "assets" / "app-abc123.js.gz").write_bytes(gzip.compress(b"//"))
    for takes, packed in (("gzip, br", True), ("gzip;q=0", False), ("", False)):
        with client.get(path, headers={"Accept-Encoding": takes}) as answer:
            assert answer.mimetype == "text/javascript"
            assert (answer.headers.get("Content-Encoding") == "gzip") is packed
            assert (gzip.decompress(answer.data) if packed else answer.data) == b"//"
            assert answer.headers["Cache-Control"] == faces.FOREVER
    with client.get("/app/sw.js", headers={"Accept-Encoding": "gzip"}) as answer:
        assert (answer.status_code, answer.data) == (200, b"//")


@pytest.mark.parametrize(
    "path", ["/app/../secret.txt", "/app/%2e%2e/secret.txt", "/app/nothing.js", "/kiosk/"]
)
def test_nothing_else(app: Flask, client: FlaskClient, build: Path, path: str) -> None:
    with client.get(path) as answer:
        assert answer.status_code in (401, 404) and b"secret" not in answer.data
