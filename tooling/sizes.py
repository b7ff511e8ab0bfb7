"""Counts lines of files and functions, and says which outgrew what CONTRIBUTING allows."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

FILE_LIMIT = 500
FILE_MEDIAN = 150
FUNCTION_LIMIT = 60
FUNCTION_P90 = 35
ROOMS = ("config", "dialplan", "media", "pbx", "webadmin", "intercom")


@dataclass(frozen=True, slots=True)
class Measure:
    """Something with a length in lines; `place` is file or file:line name."""

    place: str
    lines: int


def python_files(root: Path) -> list[Path]:
    """Python files of the working tree that git knows or would add, sorted."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return [root / name for name in sorted(set(listed.stdout.split())) if (root / name).is_file()]


def files(paths: list[Path], root: Path) -> list[Measure]:
    """Length of each file."""
    return [Measure(str(path.relative_to(root)), len(path.read_text().splitlines())) for path in paths]


def functions(paths: list[Path], root: Path) -> list[Measure]:
    """Length of each function and method, signature and docstring included; nested ones count with theirs."""
    found = []
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                found.append(Measure(f"{path.relative_to(root)}:{node.lineno} {node.name}", lines))
    return found


def too_long(measures: list[Measure], limit: int) -> list[str]:
    """One line for each measure above `limit`."""
    return [f"{m.place}: {m.lines} lines, at most {limit}" for m in measures if m.lines > limit]


def complaints(root: Path) -> list[str]:
    """One line for each limit that is broken, empty when all hold."""
    paths = python_files(root)
    sources = [path for path in paths if path.relative_to(root).parts[0] in ROOMS]
    found = too_long(files(paths, root), FILE_LIMIT) + too_long(functions(paths, root), FUNCTION_LIMIT)
    lengths = [m.lines for m in files([path for path in sources if path.name != "__init__.py"], root)]
    if lengths and median(lengths) > FILE_MEDIAN:
        found.append(f"median file: {median(lengths):.0f} lines, at most {FILE_MEDIAN}")
    in_sources = [m.lines for m in functions(sources, root)]
    if len(in_sources) > 1 and (p90 := quantiles(in_sources, n=10)[8]) > FUNCTION_P90:
        found.append(f"nine of ten functions: up to {p90:.0f} lines, at most {FUNCTION_P90}")
    return found


def main() -> int:
    """Print the complaints; exit status 1 if there are any."""
    found = complaints(Path(__file__).parent.parent)
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
