"""Local copies of what was read last, so that the PBX starts and works while the database is away.

One file for each site's plan, one for all credentials, one for passes, mode 0600, replaced as a whole.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

log = logging.getLogger("doorline.store")

_DOMAIN = re.compile(r"[a-z0-9][a-z0-9.-]{0,252}")


class Copies:
    """The copies under one directory, which is made (0700) when the first is kept."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def keep_plan(self, site: str, revision: int, digest: str, document: str) -> None:
        """Keep a plan's document; a full disk or a wrong name is logged, never raised."""
        if _DOMAIN.fullmatch(site):
            value = {"site": site, "revision": revision, "digest": digest, "document": document}
            self._write(f"{site}.plan.json", value)

    def forget_plan(self, site: str) -> None:
        """The site is gone."""
        if _DOMAIN.fullmatch(site):
            try:
                (self._directory / f"{site}.plan.json").unlink(missing_ok=True)
            except OSError as fault:
                log.warning("the copy of %s's plan stays: %s", site, fault)

    def plans(self) -> Iterator[dict[str, Any]]:
        """Every readable copy of a plan: keys site, revision, digest, document (text)."""
        for path in sorted(self._directory.glob("*.plan.json")):
            value = self._read(path)
            if isinstance(value, dict) and {"site", "revision", "digest", "document"} <= value.keys():
                yield value

    def keep_credentials(self, rows: list[dict[str, Any]]) -> None:
        """Keep all credentials, replacing what was kept before."""
        self._write("credentials.json", rows)

    def credentials(self) -> list[dict[str, Any]]:
        """The credentials kept last; empty when there are none or they cannot be read."""
        value = self._read(self._directory / "credentials.json")
        return value if isinstance(value, list) else []

    def keep_passes(self, rows: list[dict[str, Any]]) -> None:
        """Keep all passes (digests of their codes), replacing what was kept before."""
        self._write("passes.json", rows)

    def passes(self) -> list[dict[str, Any]]:
        """The passes kept last; empty when there are none or they cannot be read."""
        value = self._read(self._directory / "passes.json")
        return value if isinstance(value, list) else []

    def keep_trunks(self, rows: list[dict[str, Any]]) -> None:
        """Keep all trunks (passwords sealed), replacing what was kept before."""
        self._write("trunks.json", rows)

    def trunks(self) -> list[dict[str, Any]]:
        """The trunks kept last; empty when there are none or they cannot be read."""
        value = self._read(self._directory / "trunks.json")
        return value if isinstance(value, list) else []

    def _write(self, name: str, value: object) -> None:
        unfinished = self._directory / f".{name}.new"
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished.unlink(missing_ok=True)
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(value, file)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._directory / name)
        except OSError as fault:
            log.warning("no local copy of %s was kept: %s", name, fault)

    def _read(self, path: Path) -> object:
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as fault:
            log.warning("the local copy %s cannot be read: %s", path.name, fault)
            return None
