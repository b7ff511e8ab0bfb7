from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent.parent / "tooling" / "packages.sh"


class Machine:
    """A Debian of stubs: what is installed, what was asked of apt, what stood in policy-rc.d then."""

    def __init__(self, path: Path, *, uid: int = 0) -> None:
        self.bin, self.log, self.policy = path / "bin", path / "log", path / "policy-rc.d"
        self.bin.mkdir()
        self.stub("id", f"echo {uid}")
        self.stub("dpkg-query", '[ "$4" = here ] && echo installed || exit 1')
        self.stub("apt-get", f'echo "$@" >> {self.log}; cat {self.policy} >> {self.log}')
        for name in ("env", "bash", "basename", "tee", "chmod", "rm", "cat", "sh"):
            (self.bin / name).symlink_to(f"/usr/bin/{name}")

    def stub(self, name: str, text: str) -> None:
        (self.bin / name).write_text(f"#!/bin/sh\n{text}\n")
        (self.bin / name).chmod(0o755)

    def run(self, *packages: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(self.bin), "POLICY_RC_D": str(self.policy), "HOME": os.environ["HOME"]}
        return subprocess.run(
            ["/bin/bash", str(SCRIPT), *packages], env=environment, capture_output=True, text=True
        )


def test_nothing_is_asked_when_nothing_is_missing(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    done = machine.run("here", "/usr/bin/env:elsewhere", "sh:elsewhere")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not machine.log.exists()


def test_services_are_kept_from_starting_for_this_call_only(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    done = machine.run("here", "kamailio", "/nowhere/node:nodejs")
    assert done.returncode == 0, done.stderr
    asked = machine.log.read_text()
    assert "install -y --no-install-recommends kamailio nodejs\n#!/bin/sh\nexit 101" in asked
    assert not machine.policy.exists()


def test_a_policy_of_the_machine_is_left_alone(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.policy.write_text("theirs")
    assert machine.run("kamailio").returncode == 0
    assert machine.policy.read_text() == "theirs"


def test_without_root_and_sudo_it_says_what_is_missing(tmp_path: Path) -> None:
    machine = Machine(tmp_path, uid=1000)
    done = machine.run("kamailio")
    assert done.returncode == 1
    assert done.stderr.strip() == "Missing: kamailio. Install them as root, or install sudo."


@pytest.mark.parametrize("broken", ["apt-get"])
def test_a_failed_installation_fails_and_cleans_up(tmp_path: Path, broken: str) -> None:
    machine = Machine(tmp_path)
    machine.stub(broken, "exit 100")
    assert machine.run("kamailio").returncode == 100
    assert not machine.policy.exists()
