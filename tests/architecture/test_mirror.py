"""Every module that does something has a test file where one looks for it."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.rooms import ROOT, mirror_of, sources

NO_TEST_NEEDED = ("__init__.py", "__main__.py")


def declares_only(path: Path) -> bool:
    """Whether a module has no function with a body: values, names and Protocols have nothing to test."""
    functions = (
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return not any(_does_something(function) for function in functions)


def _does_something(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        not (isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant))
        and not isinstance(step, ast.Pass)
        for step in function.body
    )


def test_each_source_has_its_test() -> None:
    missing = [
        str(source)
        for source in sources()
        if source.name not in NO_TEST_NEEDED
        and not source.is_relative_to("webadmin/models")  # tables: tested by the rooms that use them
        and not (ROOT / mirror_of(source)).is_file()
        and not declares_only(ROOT / source)
    ]
    assert missing == []
