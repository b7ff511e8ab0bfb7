"""Command line of WebAdmin: publish site files, see to log-ins, make a way in, serve."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import segno
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from config.layers import SettingsError
from webadmin import addresses, ways_in
from webadmin.app import create_app
from webadmin.auth.links import make_link
from webadmin.db import db, writing
from webadmin.models import Credential, Site
from webadmin.pbx_link import PbxAway, PbxLink
from webadmin.publishing import log_ins
from webadmin.publishing.arrivals import device_arrived
from webadmin.publishing.files import Rejected, check_files, publish_files
from webadmin.publishing.log_ins import NewLogIn, NoSuchLogIn
from webadmin.publishing.secrets_file import SecretsFile, line
from webadmin.serving import serve
from webadmin.settings import load
from webadmin.trunks.files import TrunkFileError, bring
from webadmin.trunks.files import read as read_trunks
from webadmin.trunks.service import listed as listed_trunks

Command = Callable[[argparse.Namespace, Flask], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit status: 0 done, 1 something is away, 2 what was asked is wrong."""
    options = _parser().parse_args(arguments)
    try:
        settings = load()
        if options.run is None:
            return serve(settings)
        app = create_app(settings)
        with app.app_context():
            run: Command = options.run
            return run(options, app)
    except (SettingsError, Rejected, NoSuchLogIn, TrunkFileError, ways_in.NotThere) as fault:
        return _fail(2, str(fault))
    except SQLAlchemyError as fault:
        reason = str(getattr(fault, "orig", None) or type(fault).__name__).splitlines()[0]
        return _fail(1, f"the database: {reason} (are its tables made? python -m migrations upgrade)")
    except OSError as fault:
        return _fail(1, str(fault))


def publish(options: argparse.Namespace, app: Flask) -> int:
    """Publish site files; new log-ins go to a file or are printed once."""
    secrets = SecretsFile(options.secrets) if options.secrets else None
    author = options.author or _user()
    files = [path for path in options.files if not (options.new and _is_there(path))]
    done = publish_files(
        files, author=author, note=options.note, at=datetime.now(UTC), secrets=secrets
    )
    for each in done:
        word = "published" if each.changed else "unchanged"
        _say(f"{each.site}: {word}, revision {each.revision}")
    _show([made for each in done for made in each.log_ins], options.secrets)
    if options.nudge:
        _nudge(app)
    return 0


def _is_there(path: Path) -> bool:
    """Whether the site of this file has been published before, so that people may have changed it since."""
    (declared,) = check_files([path])
    where = Site.domain == declared.rows.domain
    return db.session.scalar(select(Site.id).where(where)) is not None


def check(options: argparse.Namespace, app: Flask) -> int:
    """Say what is wrong with site files; changes nothing."""
    for path, declared in zip(options.files, check_files(options.files), strict=True):
        _say(f"{path}: good, {declared.rows.domain}")
    return 0


def credential_list(options: argparse.Namespace, app: Flask) -> int:
    """Every log-in of a site, without secrets."""
    where = (Credential.site == options.site, Credential.ha1 != "")
    for row in db.session.scalars(select(Credential).where(*where).order_by(Credential.device)):
        _say(f"{row.device:<24} {row.username:<24} {row.algorithm:<8} {row.state}")
    return 0


def credential_reset(options: argparse.Namespace, app: Flask) -> int:
    """A new secret for a device; the old one is dead at once."""
    secrets = SecretsFile(options.secrets) if options.secrets else None
    with writing() as session:
        made = log_ins.reset(session, options.site, options.device, datetime.now(UTC))
        device_arrived(session, options.site, options.device, _user(), datetime.now(UTC))
        if secrets is not None:
            secrets.prepare([made])
    if secrets is not None:
        secrets.keep()
    _show([made], options.secrets)
    _nudge(app)
    return 0


def credential_revoke(options: argparse.Namespace, app: Flask) -> int:
    """Take a device's log-in away."""
    with writing() as session:
        log_ins.revoke(session, options.site, options.device, datetime.now(UTC))
    _say(f"{options.site} {options.device}: revoked")
    _nudge(app)
    return 0


def link(options: argparse.Namespace, app: Flask) -> int:
    """Print a link into WebAdmin that works once, for 15 minutes: for this machine, and for others."""
    with writing() as session:
        code = make_link(session, datetime.now(UTC))
    settings = app.config["DOORLINE"]
    secure = addresses.secure_address(settings)
    _say(f"{settings.webadmin.public_url or addresses.plain_address(settings)}/enter/{code}")
    if secure and not settings.webadmin.public_url:
        _say(f"{secure}/enter/{code}")
    if secure and options.qr:
        segno.make(f"{secure}/enter/{code}", error="l", micro=False).terminal(compact=True, border=1)
    return 0


def trunks(options: argparse.Namespace, app: Flask) -> int:
    """Make the node's trunks what a file says, or list them, without passwords."""
    if options.file is not None:
        drafts = read_trunks(options.file)
        with writing() as session:
            bring(session, app.extensions["doorline.sealer"], drafts, datetime.now(UTC))
    for row in listed_trunks(db.session()):
        state = "on" if row.enabled else "off"
        _say(f"{row.ref:<24} {row.kind:<12} {row.host:<32} {row.transport:<5} {state}")
    return 0


def _nudge(app: Flask) -> None:
    pbx: PbxLink = app.extensions["doorline.pbx"]
    try:
        running = pbx.reload()
    except PbxAway as fault:
        _say(f"PBX: {fault}; it reads the change by itself within 2 s of running")
        return
    for site, revision in sorted(running.items()):
        _say(f"{site}: running revision {revision}")


def _show(made: Sequence[NewLogIn], file: Path | None) -> None:
    if not made:
        return
    if file is not None:
        _say(f"{len(made)} new log-ins are in {file}")
        return
    _say("New log-ins, shown this once (domain, device, user name, secret):")
    for each in made:
        _say(line(each))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m webadmin", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    secrets = argparse.ArgumentParser(add_help=False)
    secrets.add_argument("--secrets", type=Path, metavar="FILE", help="write new secrets there (mode 0600)")
    files = argparse.ArgumentParser(add_help=False)
    files.add_argument("files", type=Path, nargs="+", metavar="FILE", help="a site file")
    device = argparse.ArgumentParser(add_help=False)
    device.add_argument("site", help="the site's domain")
    device.add_argument("device", help="the device's id in the site file")

    one = commands.add_parser("publish", parents=[files, secrets], help="publish site files, all or none")
    one.add_argument("--new", action="store_true", help="leave alone the sites that are there")
    one.add_argument("--nudge", action="store_true", help="tell the PBX to read it now")
    one.add_argument("--author", default="", help="who publishes; by default the system's user")
    one.add_argument("--note", default="", help="why; by default the file's name")
    one.set_defaults(run=publish)
    commands.add_parser("check", parents=[files], help="check site files").set_defaults(run=check)
    credential = commands.add_parser("credential", help="log-ins of devices")
    kinds = credential.add_subparsers(required=True, metavar="WHAT")
    listed = kinds.add_parser("list", help="all of a site")
    listed.add_argument("site", help="the site's domain")
    listed.set_defaults(run=credential_list)
    kinds.add_parser("reset", parents=[device, secrets], help="a new secret").set_defaults(
        run=credential_reset
    )
    kinds.add_parser("revoke", parents=[device], help="take it away").set_defaults(run=credential_revoke)
    carriers = commands.add_parser("trunks", help="ways to telephones outside: bring them to a file, or list")
    carriers.add_argument("file", type=Path, nargs="?", metavar="FILE", help="tables [trunks.ID]")
    carriers.set_defaults(run=trunks)
    way_in = commands.add_parser("link", help="print a link into WebAdmin that works once")
    way_in.add_argument("--qr", action="store_true", help="and a picture of it, for a phone")
    way_in.set_defaults(run=link)
    ways_in.add_to(commands)
    commands.add_parser("serve", help="run the web server").set_defaults(run=None)
    return parser


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "console"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _fail(status: int, text: str) -> int:
    sys.stderr.write(f"{text}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
