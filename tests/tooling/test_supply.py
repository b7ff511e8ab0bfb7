"""The bill names every package; an advisory service that is away is said, and is no failure."""

from __future__ import annotations

import json
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tooling.supply import bill, main, report


def test_the_bill_names_what_runs_here(tmp_path: Path) -> None:
    assert main(["--bill", str(tmp_path / "sbom.json")]) == 0
    made = json.loads((tmp_path / "sbom.json").read_text())
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.5")
    found = {each["name"].lower(): each["purl"] for each in made["components"]}
    assert found["flask"].startswith("pkg:pypi/flask@")
    assert made == json.loads(json.dumps(bill(distributions())))


def test_what_the_advisories_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert report("") == report("[]") == report("{}") == 0
    assert "did not answer" in capsys.readouterr().out
    none = {"dependencies": [{"name": "flask", "version": "3", "vulns": []}]}
    assert report(json.dumps(none)) == 0
    some = {"dependencies": [{"name": "flask", "version": "3", "vulns": [{"id": "PYSEC-1"}]}]}
    assert report(json.dumps(some)) == 1
    assert "flask 3: PYSEC-1" in capsys.readouterr().out
