"""`python -m pbx.console`: what the owner of the machine asks of the PBX from a terminal.

Accounts are made in a file; everything about calls is asked of the running PBX by the socket in `var`, which
speaks AMI and lets in only who may read the secrets there anyway.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from cryptography import x509

from config.layers import SettingsError
from pbx.ami.accounts import AccountError, AccountFile, write_secret
from pbx.ami.wire import render
from pbx.settings import Settings, load
from pbx.store.backup import BackupError, Places, back_up, restore

ANSWER_SECONDS = 10.0
OUTPUT = "Output: "
Check = tuple[bool, str]


class NotRunning(Exception):
    """The PBX does not answer at its socket."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 it could not be done (one line says why), 2 wrong usage or settings."""
    asked = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace, Settings], int] = asked.run
    try:
        return run(asked, load())
    except SettingsError as fault:
        sys.stderr.write(f"doorline: {fault}\n")
        return 2
    except (AccountError, BackupError, NotRunning, OSError) as fault:
        sys.stderr.write(f"doorline: {fault}\n")
        return 1


def ask(settings: Settings, command: str) -> list[str]:
    """The lines a running PBX answers to a command line.

    Raises:
        NotRunning: nobody answers, or not in AMI's words.
    """
    path = settings.paths.var / "console.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(ANSWER_SECONDS)
        try:
            client.connect(str(path))
            client.sendall(render([("Action", "Command"), ("Command", command)]))
            return list(_output(client))
        except OSError as fault:
            raise NotRunning(f"the PBX does not answer at {path}: {fault}") from None


def _output(client: socket.socket) -> Iterator[str]:
    """The Output lines of the answer; the banner before it is none."""
    said = b""
    while b"\r\n\r\n" not in said:
        data = client.recv(65536)
        if not data:
            raise NotRunning("the PBX hung up")
        said += data
    for line in said.decode("utf-8", "replace").split("\r\n"):
        if line.startswith(OUTPUT):
            yield line.removeprefix(OUTPUT)


def _add_account(asked: argparse.Namespace, settings: Settings) -> int:
    file = _accounts(settings)
    kept: Path | None = asked.secret_file
    if kept is not None and kept.is_file() and any(account.name == asked.name for account in file.all()):
        return 0  # made by an earlier start
    account = file.add(
        asked.name,
        read=asked.read.split(","),
        write=asked.write.split(","),
        sites=asked.site,
        permit=asked.permit,
        replace=asked.replace or kept is not None,
    )
    if kept is not None:
        write_secret(kept, account.secret + "\n")
        return 0
    sys.stdout.write(f"Username: {account.name}\nSecret: {account.secret}\n")
    sys.stdout.write("The secret is shown this once.\n")
    return 0


def _list_accounts(_asked: argparse.Namespace, settings: Settings) -> int:
    for account in _accounts(settings).all():
        sites = ",".join(account.sites) or "all sites"
        read, write = (",".join(classes) or "-" for classes in (account.read, account.write))
        sys.stdout.write(f"{account.name}  read {read}  write {write}  {sites}  {','.join(account.permit)}\n")
    return 0


def _remove_account(asked: argparse.Namespace, settings: Settings) -> int:
    _accounts(settings).remove(asked.name)
    return 0


def _show(command: str) -> Callable[[argparse.Namespace, Settings], int]:
    def run(asked: argparse.Namespace, settings: Settings) -> int:
        line = command.format(call=getattr(asked, "call", ""), full="full" if asked.full else "").strip()
        for text in ask(settings, line):
            sys.stdout.write(f"{text}\n")
        return 0

    return run


def _doctor(_asked: argparse.Namespace, settings: Settings) -> int:
    """Look at what keeps a server from working; exit 1 if anything does."""
    checks = [*_files(settings), _certificate(settings), _running(settings)]
    for good, text in checks:
        sys.stdout.write(f"{'ok  ' if good else 'FAIL'}  {text}\n")
    return 0 if all(good for good, _ in checks) else 1


def _places(settings: Settings) -> Places:
    return Places(settings.paths.var, settings.database.admin_url, settings.database.pbx_url)


def _back_up(asked: argparse.Namespace, settings: Settings) -> int:
    size = back_up(_places(settings), asked.file, datetime.now(UTC))
    sys.stdout.write(f"{asked.file}: {size} bytes. It holds secrets: keep it as you keep a key.\n")
    return 0


def _restore(asked: argparse.Namespace, settings: Settings) -> int:
    made = restore(_places(settings), asked.file)
    sys.stdout.write(f"restored what was backed up at {made:%Y-%m-%d %H:%M:%S %Z}\n")
    return 0


def _watch(asked: argparse.Namespace, settings: Settings) -> int:
    """Calls and registrations again and again, on a cleared screen when it is one."""
    clear = "\033[H\033[2J" if sys.stdout.isatty() else ""
    looks = range(asked.times) if asked.times > 0 else count()
    try:
        for look in looks:
            if look:
                time.sleep(asked.seconds)
            lines = ["Calls", *ask(settings, "doorline calls"), "", "Registrations"]
            lines += ask(settings, "pjsip show contacts")
            sys.stdout.write(clear + "\n".join(lines) + "\n\n")
            sys.stdout.flush()
    except KeyboardInterrupt:
        pass
    return 0


def _files(settings: Settings) -> Iterator[Check]:
    var = settings.paths.var
    if not var.is_dir():
        yield False, f"{var} is not there: start the server once"
        return
    yield os.access(var, os.W_OK), f"{var} can be written"
    secret = [path for path in var.rglob("*") if path.suffix in (".key", ".secret", ".db", ".json")]
    for path in secret:
        if path.is_file() and path.stat().st_mode & 0o077:
            yield False, f"{path} can be read by others: chmod 600 it"
    try:
        yield True, f"{len(_accounts(settings).all())} AMI accounts"
    except AccountError as fault:
        yield False, str(fault)


def _certificate(settings: Settings) -> Check:
    path = settings.paths.tls_certificate or settings.paths.var / "tls" / "server.pem"
    try:
        until = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    except (OSError, ValueError) as fault:
        return False, f"certificate {path}: {fault}"
    days = (until - datetime.now(UTC)).days
    return days >= 0, f"certificate {path} ends in {days} days"


def _running(settings: Settings) -> Check:
    try:
        return True, ask(settings, "core show uptime")[0]
    except (NotRunning, IndexError) as fault:
        return False, str(fault)


def _accounts(settings: Settings) -> AccountFile:
    return AccountFile(settings.paths.var / "ami-accounts.json")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pbx.console", description="Ask and steer the PBX.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    accounts = commands.add_parser("ami-account", help="who may log in to AMI").add_subparsers(required=True)
    add = accounts.add_parser("add", help="make an account and show its secret once")
    add.add_argument("name")
    add.add_argument("--read", default="", metavar="CLASSES", help="events it gets, such as call,system,user")
    add.add_argument("--write", default="", metavar="CLASSES", help="actions it may ask, such as call,system")
    add.add_argument("--site", action="append", default=[], help="a site it sees; without: all")
    add.add_argument("--permit", action="append", default=[], metavar="CIDR", help="else this machine only")
    add.add_argument("--replace", action="store_true", help="give an existing account a new secret")
    add.add_argument("--secret-file", type=Path, help="write the secret there (0600) and show nothing")
    add.set_defaults(run=_add_account)
    accounts.add_parser("list", help="accounts without secrets").set_defaults(run=_list_accounts)
    remove = accounts.add_parser("remove", help="take an account away")
    remove.add_argument("name")
    remove.set_defaults(run=_remove_account)
    call = commands.add_parser("call", help="the SIP ladder of a call, secrets and digits masked")
    call.add_argument("call", help="its id, or the name of one of its channels")
    call.add_argument("--full", action="store_true", help="with the messages (not in residential sites)")
    call.set_defaults(run=_show("doorline ladder {call} {full}"))
    for name, line, text in (
        ("calls", "doorline calls", "calls in progress"),
        ("stats", "doorline stats", "counters"),
    ):
        commands.add_parser(name, help=text).set_defaults(run=_show(line), full=False)
    backup = commands.add_parser("backup", help="databases, keys and accounts into one file (holds secrets)")
    backup.add_argument("file", type=Path)
    backup.set_defaults(run=_back_up)
    back = commands.add_parser("restore", help="put a backup where nothing is yet")
    back.add_argument("file", type=Path)
    back.set_defaults(run=_restore)
    watch = commands.add_parser("watch", help="calls and registrations, live, until Ctrl-C")
    watch.add_argument("--seconds", type=float, default=1.0, help="between two looks")
    watch.add_argument("--times", type=int, default=0, help="looks; 0: until Ctrl-C")
    watch.set_defaults(run=_watch)
    commands.add_parser("doctor", help="what keeps it from working").set_defaults(run=_doctor)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
