"""AMI accounts: who may log in, from where, to which sites, and with which classes of permission.

AMI's MD5 login is keyed by the secret itself, so the file holds secrets that can be read back: it has mode
0600, they are generated (192 bits), and they open nothing but AMI.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path

from pbx.ami.conversation import CLASSES, Account

VERSION = 1
LOOPBACK = ("127.0.0.0/8", "::1/128")


class AccountError(Exception):
    """An account cannot be made or the file cannot be read; `str()` is one line for a terminal."""


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """An account as it lies in the file. `sites` empty: all sites; `permit`: networks it may come from."""

    name: str
    secret: str
    read: tuple[str, ...]
    write: tuple[str, ...]
    sites: tuple[str, ...]
    permit: tuple[str, ...]

    def as_account(self) -> Account:
        """What a conversation needs of it."""
        return Account(
            self.name, self.secret, frozenset(self.read), frozenset(self.write), frozenset(self.sites) or None
        )

    def permits(self, source: str) -> bool:
        """Whether a client at the address `source` may log in to it."""
        address = _address(source)
        return address is not None and any(address in ip_network(net) for net in self.permit)


class AccountFile:
    """The accounts in one JSON file; changes made by the console are seen at the next login."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._accounts: dict[str, StoredAccount] = {}

    def find(self, name: str, source: str) -> Account | None:
        """The account of that name, if it may come from `source`; None also when the file cannot be read."""
        try:
            self._refresh()
        except AccountError:
            return None
        stored = self._accounts.get(name)
        return stored.as_account() if stored is not None and stored.permits(source) else None

    def all(self) -> list[StoredAccount]:
        """Every account, by name.

        Raises:
            AccountError: the file is there and cannot be read.
        """
        self._refresh()
        return sorted(self._accounts.values(), key=lambda account: account.name)

    def add(
        self,
        name: str,
        *,
        read: Iterable[str],
        write: Iterable[str],
        sites: Iterable[str] = (),
        permit: Iterable[str] = (),
        replace: bool = False,
    ) -> StoredAccount:
        """Make an account with a new secret and write the file.

        Raises:
            AccountError: a bad name, class or network, or the name is taken and `replace` is False.
        """
        self._refresh()
        if not name.isascii() or not name.replace("-", "").replace("_", "").isalnum() or len(name) > 64:
            raise AccountError(f"{name!r} is not a name: letters, digits, - and _")
        if name in self._accounts and not replace:
            raise AccountError(f"{name} exists already")
        account = StoredAccount(
            name=name,
            secret=secrets.token_urlsafe(24),
            read=_classes(read),
            write=_classes(write),
            sites=tuple(sites),
            permit=_networks(permit),
        )
        self._save({**self._accounts, name: account})
        return account

    def remove(self, name: str) -> None:
        """Take an account away; who is logged in stays so until the connection ends.

        Raises:
            AccountError: there is no such account.
        """
        self._refresh()
        if name not in self._accounts:
            raise AccountError(f"there is no account {name}")
        self._save({key: account for key, account in self._accounts.items() if key != name})

    def _refresh(self) -> None:
        try:
            state = self._path.stat()
        except FileNotFoundError:
            self._accounts, self._seen = {}, None
            return
        except OSError as fault:
            raise AccountError(f"{self._path} cannot be read: {fault}") from None
        seen = (state.st_mtime_ns, state.st_ino)
        if seen == self._seen:
            return
        if state.st_mode & 0o077:
            raise AccountError(f"{self._path} can be read by others: chmod 600 it")
        try:
            self._accounts = _load(json.loads(self._path.read_text()))
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise AccountError(f"{self._path} cannot be read: {fault}") from None
        self._seen = seen

    def _save(self, accounts: dict[str, StoredAccount]) -> None:
        document = {
            "version": VERSION,
            "accounts": {
                account.name: {
                    "secret": account.secret,
                    "read": account.read,
                    "write": account.write,
                    "sites": account.sites,
                    "permit": account.permit,
                }
                for account in accounts.values()
            },
        }
        write_secret(self._path, json.dumps(document, indent=2) + "\n")
        self._accounts, self._seen = accounts, None


def write_secret(path: Path, text: str) -> None:
    """Put `text` in `path` with mode 0600, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _load(document: object) -> dict[str, StoredAccount]:
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise ValueError(f"not a version {VERSION} document")
    found = {}
    for name, fields in dict(document["accounts"]).items():
        found[name] = StoredAccount(
            name=str(name),
            secret=str(fields["secret"]),
            read=_classes(fields["read"]),
            write=_classes(fields["write"]),
            sites=tuple(map(str, fields["sites"])),
            permit=_networks(fields["permit"]),
        )
        if not found[name].secret:
            raise ValueError(f"{name} has no secret")
    return found


def _classes(names: Iterable[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(name.strip().lower() for name in names if name.strip()))
    for name in found:
        if name not in CLASSES and name != "all":
            raise AccountError(f"{name!r} is not a class: {', '.join(sorted(CLASSES))}, all")
    return tuple(sorted(CLASSES)) if "all" in found else found


def _networks(texts: Iterable[str]) -> tuple[str, ...]:
    given = [text.strip() for text in texts if text.strip()] or list(LOOPBACK)
    try:
        return tuple(str(_network(text)) for text in given)
    except ValueError as fault:
        raise AccountError(f"not a network: {fault}") from None


def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text, strict=False)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
