"""Norwegian texts of the rooms about people, ringing and doors."""

from __future__ import annotations

WORDS: dict[str, str] = {}
