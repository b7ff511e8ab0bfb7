"""Every fault the compiler knows has a slug and a Norwegian sentence with the same places."""

from __future__ import annotations

import ast
from pathlib import Path

from dialplan import checks
from dialplan.errors import PlanError
from webadmin.editing.faults import sentence
from webadmin.norwegian.faults import FAULTS

CHECKS = Path(checks.__file__).parent


def slugs() -> set[str]:
    """The slugs of all faults; "escape_..." stands for one of each field."""
    found: set[str] = set()
    for path in CHECKS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "PlanError":
                assert len(node.args) > 3, f"{path.name}:{node.lineno} has no slug"
                slug = node.args[3]
                found |= (
                    {str(slug.value)}
                    if isinstance(slug, ast.Constant)
                    else {f"escape_{field}" for field in ("lockdown", "interlock", "fail")}
                )
    return found


def test_every_fault_is_said_in_norwegian() -> None:
    assert slugs() <= set(FAULTS)


def test_sentences() -> None:
    message = "the door 'a' has the same output"
    fault = PlanError("doors/x/relay", message, "choose another", "same_output", ("a",))
    assert sentence(fault, "nb") == "Døra a har samme utgang. Velg en annen utgang."
    assert sentence(fault, "en") == "The door 'a' has the same output: choose another."
    assert sentence(PlanError("x", "odd", "look"), "nb") == "Odd: look."
