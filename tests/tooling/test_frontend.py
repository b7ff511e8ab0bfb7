"""The faces are built by a Node that is new enough, from a lock file that names no registry."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from pathlib import Path

import pytest

from tests.support.peers import missing
from tooling import frontend


def program(folder: Path, name: str, says: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\necho {says}\n")
    file.chmod(0o755)


@pytest.mark.parametrize(("says", "taken"), [("v20.19.0", True), ("v24.1.0", True), ("v18.20.4", False)])
def test_the_node_on_the_path_is_taken_when_it_is_new_enough(
    says: str, taken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "node", says)
    program(tmp_path, "npm", "10")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert (frontend.on_path((20, 19)) is not None) is taken


def test_no_npm_is_no_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "node", "v24.0.0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("npm") is None
    assert frontend.on_path((20, 19)) is None


def test_package_json_says_which_is_needed() -> None:
    assert frontend.needed() >= (20, 19)
    assert frontend.version_of("no number") == ()


def test_the_lock_file_pins_by_hash_and_names_no_registry() -> None:
    lock = json.loads((frontend.FRONTEND / "package-lock.json").read_text())
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages
    assert not [name for name, one in packages.items() if "resolved" in one or "integrity" not in one]
    own = json.loads((frontend.FRONTEND / "package.json").read_text())
    wanted = {**own["dependencies"], **own["devDependencies"]}
    assert all(version[0].isdigit() for version in wanted.values()), "pinned exactly"


def test_both_languages_have_every_sentence() -> None:
    words = frontend.FRONTEND / "shared/words"
    for english, norwegian in (("en.ts", "nb.ts"), ("en-app.ts", "nb-app.ts")):
        names = [
            {line.split(":")[0].strip() for line in (words / file).read_text().splitlines() if ': "' in line}
            for file in (english, norwegian)
        ]
        assert names[0] == names[1]


@pytest.mark.parametrize("build", frontend.BUILDS, ids=["app", "kiosk"])
def test_a_first_load_is_small(build: Path) -> None:
    page = build / "index.html"
    if not page.is_file():
        missing("the faces are not built (make faces)")
    scripts = re.findall(r'(?:src|rel="modulepreload"[^>]*href)="[^"]*(assets/[^"]+\.js)"', page.read_text())
    assert scripts
    octets = sum(len(gzip.compress((build / name).read_bytes())) for name in scripts)
    assert octets <= 150_000, f"{octets} bytes of script"


def test_a_build_is_compressed_once(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "index-1.js").write_text("let there = 1;")
    (tmp_path / "index.html").write_text("<!doctype html>")
    frontend.compress(tmp_path)
    frontend.compress(tmp_path)
    made = {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()}
    assert made == {"assets/index-1.js", "assets/index-1.js.gz", "index.html"}
    assert gzip.decompress((tmp_path / "assets" / "index-1.js.gz").read_bytes()) == b"let there = 1;"
