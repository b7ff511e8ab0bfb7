"""Other programs the tests talk to: found, or the reason to skip, or in CI the reason to fail."""

from __future__ import annotations

import importlib
import os
import shutil
from glob import glob
from types import ModuleType
from typing import NoReturn

import pytest

_PLACES = ("/usr/sbin", "/usr/local/sbin", "/sbin", *sorted(glob("/usr/lib/postgresql/*/bin")))


def peers_required() -> bool:
    """Whether a missing peer is a failure: in CI, and wherever DOORLINE_PEERS=1 says so."""
    return os.environ.get("CI") == "true" or os.environ.get("DOORLINE_PEERS") == "1"


def need(program: str) -> str:
    """Path of `program`; skips the test when it is not installed, fails it where peers are required."""
    found = shutil.which(program)
    if found is None:
        found = shutil.which(program, path=os.pathsep.join(_PLACES))
    if found is None:
        missing(f"peer program {program} is not installed (make peers)")
    return found


def need_module(name: str) -> ModuleType:
    """The imported module `name`, under the same rule as `need`."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        missing(f"peer module {name} cannot be imported: {error}")


def missing(why: str) -> NoReturn:
    """End the test: as failed where peers are required, else as skipped."""
    if peers_required():
        pytest.fail(why)
    pytest.skip(why)
