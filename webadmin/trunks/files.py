"""Trunks out of a TOML file: `python -m webadmin trunks FILE` makes the node's trunks what it says.

Tables `[trunks.ID]` with the fields of `TrunkDraft`; the password stands alone in the file that
`password_file` names (mode 0600), never in this one. Trunks that are not in the file are removed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from webadmin.sealing import Sealer
from webadmin.trunks.service import TrunkDraft, TrunkRejected, listed, remove, reorder, save

_TYPES = {field.name: field.type for field in fields(TrunkDraft) if field.name not in ("ref", "password")}


class TrunkFileError(Exception):
    """The file is no file of trunks: one line for each fault."""


def read(path: Path) -> list[TrunkDraft]:
    """The trunks of a file.

    Raises:
        TrunkFileError: it is wrong, or a password file can be read by others.
        OSError: a file cannot be read.
    """
    try:
        declared = tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as fault:
        raise TrunkFileError(f"{path}: not TOML: {fault}") from None
    tables = declared.get("trunks")
    if set(declared) != {"trunks"} or not isinstance(tables, Mapping):
        raise TrunkFileError(f"{path}: write tables [trunks.ID], and nothing else")
    return [_draft(path, ref, table) for ref, table in tables.items()]


def bring(session: Session, sealer: Sealer, drafts: list[TrunkDraft], at: datetime) -> None:
    """Make the node's trunks what the drafts say, in their order.

    Raises:
        TrunkFileError: one of them cannot be a trunk; the transaction must not be committed.
    """
    for gone in {row.ref for row in listed(session)} - {draft.ref for draft in drafts}:
        remove(session, gone)
    for draft in drafts:
        try:
            save(session, sealer, draft, at)
        except TrunkRejected as fault:
            lines = (f"trunks.{draft.ref}.{field}: {text}" for field, text in fault.errors)
            raise TrunkFileError("\n".join(lines)) from None
    reorder(session, [draft.ref for draft in drafts])


def _draft(path: Path, ref: str, table: Any) -> TrunkDraft:
    if not isinstance(table, Mapping):
        raise TrunkFileError(f"{path}: trunks.{ref} is no table")
    values: dict[str, Any] = {"ref": ref, "name": ref}
    for name, value in table.items():
        if name == "password_file" and isinstance(value, str):
            values["password"] = _secret(Path(value))
        elif name in _TYPES and _fits(_TYPES[name], value):
            values[name] = tuple(value) if isinstance(value, list) else value
        else:
            known = ", ".join((*_TYPES, "password_file"))
            raise TrunkFileError(f"{path}: trunks.{ref}.{name}: unknown or of a wrong type; known: {known}")
    return TrunkDraft(**values)


def _fits(wanted: Any, value: object) -> bool:
    if wanted == "tuple[str, ...]":
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    return bool(type(value).__name__ == wanted)


def _secret(path: Path) -> str:
    if path.stat().st_mode & 0o077:
        raise TrunkFileError(f"{path} can be read by others: chmod 600 {path}")
    return path.read_text(encoding="utf-8").strip()
