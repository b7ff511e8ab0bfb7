"""One file with all a server cannot do without: both databases as they stand, keys, certificates, accounts.

SQLite's online backup copies a database while it is written to. The file holds secrets (0600): whoever keeps
it elsewhere encrypts it. Other databases have their own means: for PostgreSQL the answer names pg_dump.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.engine import make_url

VERSION = 1
MANIFEST = "manifest.json"
KEPT = ("keys", "tls", "copies", "ami-accounts.json", "secret.key")
"""What of `var` is kept besides the databases; also every `*.secret` there."""

PAGES = 256
"""Pages copied before writers get a turn."""


class BackupError(Exception):
    """It cannot be done; `str()` is one line for a terminal."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where state lies: the directory, and the SQLAlchemy URLs of WebAdmin's and the PBX's database."""

    var: Path
    admin_url: str
    pbx_url: str

    def databases(self) -> Mapping[str, Path]:
        """The files of both databases by their names in a backup.

        Raises:
            BackupError: one is not SQLite.
        """
        found = {}
        for name, text in (("admin.db", self.admin_url), ("pbx.db", self.pbx_url)):
            url = make_url(text)
            if url.get_backend_name() != "sqlite":
                raise BackupError(f"{name} is no SQLite file: use pg_dump for it, and pg_restore to go back")
            found[name] = Path(url.database or "").absolute()
        return found


def back_up(places: Places, file: Path, at: datetime) -> int:
    """Write the backup to `file` (0600, whole or not at all); its size in bytes.

    Raises:
        BackupError: a database is missing or is not SQLite.
        OSError: something cannot be read or written.
    """
    databases = places.databases()
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}")
    try:
        with os.fdopen(descriptor, "wb") as raw, tempfile.TemporaryDirectory(dir=file.parent) as scratch:
            with tarfile.open(fileobj=raw, mode="w:gz") as tar:
                _put_text(tar, MANIFEST, json.dumps({"version": VERSION, "at": at.isoformat()}))
                for entry, source in databases.items():
                    copy = Path(scratch) / entry
                    _copy(source, copy)
                    tar.add(copy, entry)
                for path in _kept(places.var):
                    tar.add(path, f"var/{path.relative_to(places.var)}", recursive=False)
            raw.flush()
            os.fsync(raw.fileno())
        os.replace(name, file)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise
    return file.stat().st_size


def restore(places: Places, file: Path) -> datetime:
    """Put everything back where nothing is yet; when the backup was made.

    Raises:
        BackupError: the file is not a backup, a database in it is damaged, or something is there already.
        OSError: something cannot be read or written.
    """
    databases = places.databases()
    for path in databases.values():
        if path.exists():
            raise BackupError(f"{path} is there already: restore to an empty directory")
    places.var.mkdir(mode=0o700, parents=True, exist_ok=True)
    mask = os.umask(0o077)
    try:
        with tarfile.open(file, "r:gz") as tar:
            made = _made(tar)
            for member in tar.getmembers():
                if member.isfile() and (target := _target(member.name, places.var, databases)) is not None:
                    _write(tar, member, target)
    except (tarfile.TarError, EOFError) as fault:
        raise BackupError(f"{file} is not a whole backup: {fault}") from None
    finally:
        os.umask(mask)
    for path in databases.values():
        _check(path)
    return made


def _kept(var: Path) -> Iterator[Path]:
    for name in KEPT:
        path = var / name
        if path.is_dir():
            yield from sorted(inner for inner in path.rglob("*") if inner.is_file())
        elif path.is_file():
            yield path
    yield from sorted(var.glob("*.secret"))


def _copy(source: Path, target: Path) -> None:
    if not source.is_file():
        raise BackupError(f"{source} is not there")
    uri = f"file:{quote(str(source))}?mode=ro"
    with (
        contextlib.closing(sqlite3.connect(uri, uri=True, timeout=10.0)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new, pages=PAGES, sleep=0.01)


def _put_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(text.encode()), 0o600
    tar.addfile(member, io.BytesIO(text.encode()))


def _made(tar: tarfile.TarFile) -> datetime:
    try:
        file = tar.extractfile(MANIFEST)
        manifest = json.loads(file.read(4096)) if file is not None else {}
        if manifest["version"] != VERSION:
            raise BackupError(f"the backup has version {manifest['version']}, not {VERSION}")
        return datetime.fromisoformat(manifest["at"])
    except (KeyError, ValueError, TypeError):
        raise BackupError("the file is not a backup of Doorline") from None


def _target(name: str, var: Path, databases: Mapping[str, Path]) -> Path | None:
    """Where an entry goes; nothing leaves `var`, whatever the file says."""
    if name in databases:
        return databases[name]
    parts = Path(name).parts
    if len(parts) < 2 or parts[0] != "var" or ".." in parts:
        return None
    return var.joinpath(*parts[1:])


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    source = tar.extractfile(member)
    assert source is not None, "only files are asked for"
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with target.open("xb") as file:
        while data := source.read(1 << 20):
            file.write(data)
    target.chmod(0o644 if target.suffix == ".pub" else 0o600)


def _check(path: Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(path)) as database:
            found = database.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as fault:
        raise BackupError(f"{path}: {fault}") from None
    if found != ("ok",):
        raise BackupError(f"{path} is damaged")
