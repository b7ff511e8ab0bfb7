"""A file of secrets, mode 0600, one line for each device; no log-in that is committed loses its line."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from webadmin.publishing.log_ins import NewLogIn

HEADING = (
    "# Log-ins of devices: domain, device, user name, secret. Keep this file to yourself;\n"
    "# WebAdmin keeps hashes only. `python -m webadmin credential reset` makes a new secret.\n"
)


class SecretsFile:
    """Prepare inside the transaction, keep after the commit: a failure at any point loses no secret."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unfinished = path.with_name(f".{path.name}.new")

    def prepare(self, log_ins: Iterable[NewLogIn]) -> None:
        """Write the new state beside the file: other lines stay, those of the same devices are replaced.

        Raises:
            OSError: it cannot be written; the transaction must not be committed.
        """
        lines = self._lines()
        for made in log_ins:
            lines[made.site, made.device] = line(made)
        self._unfinished.unlink(missing_ok=True)
        descriptor = os.open(self._unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(HEADING + "".join(f"{text}\n" for text in lines.values()))
            file.flush()
            os.fsync(file.fileno())

    def keep(self) -> None:
        """The log-ins are committed: the new state becomes the file."""
        self._unfinished.replace(self._path)

    def discard(self) -> None:
        """They are not."""
        self._unfinished.unlink(missing_ok=True)

    def _lines(self) -> dict[tuple[str, str], str]:
        if not self._path.exists():
            return {}
        found = {}
        for text in self._path.read_text(encoding="utf-8").splitlines():
            words = text.split()
            if len(words) == 4 and not text.startswith("#"):
                found[words[0], words[1]] = text
        return found


def line(made: NewLogIn) -> str:
    """A log-in as a line of the file, and as it is printed."""
    return f"{made.site:<24} {made.device:<24} {made.username:<24} {made.secret}"
