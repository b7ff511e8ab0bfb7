"""What Doorline is made of: a bill of materials (CycloneDX 1.5) of the environment it runs in, and what is
known against it.

    python -m tooling.supply [--bill FILE] [--audit]

`--audit` asks the public advisory service by pip-audit, which is fetched into an environment of its own.
Where neither can be reached that is said, and is no failure: without an answer nothing is known.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
AUDIT_SECONDS = 180
VULNERABLE = 1


def bill(found: Iterable[Distribution]) -> dict[str, object]:
    """The bill of these packages, sorted by name."""
    parts = {each.metadata["Name"]: _component(each) for each in found if each.metadata["Name"]}
    tool = {"type": "application", "name": "doorline"}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": tool},
        "components": [parts[name] for name in sorted(parts, key=str.lower)],
    }


def audit(lock: Path) -> int:
    """Ask about every pinned package: 0 none is known to be vulnerable, or nobody answered; 1 some are."""
    with tempfile.TemporaryDirectory(prefix="doorline-audit-") as directory:
        place = Path(directory)
        try:
            venv.create(place, with_pip=True)
            python = str(place / "bin" / "python")
            install = (python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "pip-audit")
            subprocess.run(install, check=True, capture_output=True, timeout=AUDIT_SECONDS)
            command = (python, "-m", "pip_audit", "-r", str(lock), "--disable-pip", "--no-deps", "-f", "json")
            done = subprocess.run(command, capture_output=True, text=True, timeout=AUDIT_SECONDS)
        except (OSError, subprocess.SubprocessError) as fault:
            print(f"advisories: not asked, pip-audit cannot be had here ({type(fault).__name__})")
            return 0
    return report(done.stdout)


def report(answer: str) -> int:
    """Say what pip-audit found; its answer is JSON if anybody answered."""
    try:
        packages = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        print("advisories: not known, the service did not answer")
        return 0
    vulnerable = [each for each in packages if each.get("vulns")]
    bad = [f"{each['name']} {each.get('version', '')}: {_ids(each)}" for each in vulnerable]
    print(f"advisories: {len(packages)} packages asked for, {len(bad)} vulnerable")
    for line in bad:
        print(line)
    return VULNERABLE if bad else 0


def main(arguments: list[str]) -> int:
    """0 unless something is known to be vulnerable."""
    parser = argparse.ArgumentParser(prog="python -m tooling.supply", description=__doc__.splitlines()[0])
    parser.add_argument("--bill", type=Path, default=ROOT / "var" / "sbom.json", help="where the bill goes")
    parser.add_argument("--audit", action="store_true", help="ask for advisories, too")
    options = parser.parse_args(arguments)
    made = bill(distributions())
    options.bill.parent.mkdir(parents=True, exist_ok=True)
    options.bill.write_text(json.dumps(made, indent=1))
    print(f"bill of materials: {options.bill.name}")
    return audit(ROOT / "requirements.txt") if options.audit else 0


def _component(each: Distribution) -> Mapping[str, object]:
    name, version = str(each.metadata["Name"]), each.version
    purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
    found: dict[str, object] = {"type": "library", "name": name, "version": version, "purl": purl}
    said = each.metadata.json
    licence = str(said.get("license_expression") or said.get("license") or "")
    if licence and len(licence) < 64:
        found["licenses"] = [{"license": {"name": licence}}]
    return found


def _ids(package: Mapping[str, object]) -> str:
    vulns = package["vulns"]
    assert isinstance(vulns, list)
    return ", ".join(str(each.get("id")) for each in vulns)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
