"""Nothing in the repository names the machine it was written on."""

from __future__ import annotations

import re
import subprocess

from tests.architecture.rooms import ROOT

# Written apart, so that this file does not name them either.
PLACES = re.compile("/" + r"(?:work/(?:main|shared|venv|\.)|root/|home/[a-z]+/|tmp/brief)")
SKIPPED = (".lock", "package-lock.json", ".png", ".wav", ".pcap", ".ico", ".woff2")


def test_no_tracked_file_names_a_machine_path() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if not path.is_file() or name.endswith(SKIPPED):
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if PLACES.search(line):
                found.append(f"{name}:{number}")
    assert found == []
