"""The sans-IO rooms hold no coroutine, and their tests wait for nothing.

What they may import is import-linter's contract in pyproject.toml; here stands what it cannot see.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.rooms import ROOT, SANS_IO, mirror_of, sans_io

FORBIDDEN_IN_TESTS = {"asyncio", "threading", "socket", "time", "uvloop"}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("path", sans_io(), ids=str)
def test_no_coroutine_in_a_sans_io_room(path: Path) -> None:
    tree = ast.parse((ROOT / path).read_text())
    found = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef | ast.Await)]
    assert found == []


@pytest.mark.parametrize("path", sans_io(), ids=str)
def test_its_test_has_no_loop_and_no_sleep(path: Path) -> None:
    test = ROOT / mirror_of(path)
    if not test.is_file():
        return  # test_mirror.py speaks of that
    assert FORBIDDEN_IN_TESTS.isdisjoint(imported(ast.parse(test.read_text())))


def test_the_import_contract_names_every_sans_io_module_there_is() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    contract = next(c for c in contracts if c["name"].startswith("Sans-IO"))
    there = {p.removesuffix(".py").replace("/", ".") for p in SANS_IO if (ROOT / p).exists()}
    assert there - set(contract["source_modules"]) == set()
