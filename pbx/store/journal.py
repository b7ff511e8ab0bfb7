"""What the writer's thread asks of a part that collects changes on the loop and writes them behind it."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import Connection


class Journal(Protocol):
    """Changes wait in memory; one transaction writes them; what failed waits again."""

    def waiting(self) -> int:
        """How many changes are not written yet."""

    def write(self, connection: Connection) -> int:
        """Write what waits within the caller's transaction; returns how many changes that were."""

    def written(self) -> None:
        """The transaction of the last `write` is committed: forget those changes."""

    def failed(self) -> None:
        """It is not: those changes wait again, behind what is newer."""
