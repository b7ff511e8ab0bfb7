"""Publishes site files: validated, imported, compiled and committed together, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from dialplan.compile import compile as compile_plan
from webadmin.db import writing
from webadmin.publishing.publish import Published, publish
from webadmin.publishing.secrets_file import SecretsFile
from webadmin.site_file.errors import Fault, SiteFileError
from webadmin.site_file.importer import import_site
from webadmin.site_file.reader import SIZE_LIMIT, SiteFile, plan_faults, read


class Rejected(Exception):
    """Files that cannot be published: one line for each fault, each beginning with its file's name."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


def check_files(paths: Sequence[Path]) -> list[SiteFile]:
    """Read and compile files without a database.

    Raises:
        Rejected: with the faults of all files.
    """
    declared = []
    lines: list[str] = []
    for path in paths:
        try:
            declared.append(_check(path))
        except SiteFileError as fault:
            lines += _lines(path, fault)
    domains = [each.rows.domain for each in declared]
    for place, domain in enumerate(domains):
        if domain in domains[:place]:
            lines.append(f"{paths[place]}: site.domain: {domain} is in two of these files")
    if lines:
        raise Rejected(lines)
    return declared


def publish_files(
    paths: Sequence[Path], *, author: str, note: str, at: datetime, secrets: SecretsFile | None
) -> list[Published]:
    """Publish every file in one transaction.

    Args:
        secrets: where new log-ins are written before the commit; None: the caller shows them.

    Raises:
        Rejected: a file is wrong; nothing changed.
        OSError: the file of secrets cannot be written; nothing changed.
        sqlalchemy.exc.SQLAlchemyError: the database is away; nothing changed.
    """
    declared = check_files(paths)
    done = []
    try:
        with writing() as session:
            for path, each in zip(paths, declared, strict=True):
                try:
                    site = import_site(session, each, at)
                except SiteFileError as fault:
                    raise Rejected(_lines(path, fault)) from None
                done.append(publish(session, site, author=author, note=note or path.name, at=at))
            if secrets is not None:
                secrets.prepare(made for each in done for made in each.log_ins)
    except BaseException:
        if secrets is not None:
            secrets.discard()
        raise
    if secrets is not None:
        secrets.keep()
    return done


def _check(path: Path) -> SiteFile:
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except OSError as fault:
        reason = (fault.strerror or "cannot be read").lower()
        raise SiteFileError([Fault(None, "", f"the file cannot be read: {reason}")]) from None
    declared = read(content)
    plan = compile_plan(declared.rows)
    if isinstance(plan, list):
        raise SiteFileError(plan_faults(plan, declared.lines))
    return declared


def _lines(path: Path, fault: SiteFileError) -> list[str]:
    return [f"{path}: {each}" for each in fault.faults]
