"""Command line: bring the databases of the configuration up to date, or say where they are."""

from __future__ import annotations

import argparse
import sys

from sqlalchemy.exc import SQLAlchemyError

from config.layers import SettingsError
from migrations.lines import LINES, Line, current, downgrade, head, upgrade
from webadmin.settings import load


def main(arguments: list[str] | None = None) -> int:
    """`upgrade` or `current` for both lines or one; `downgrade LINE REVISION`."""
    parser = argparse.ArgumentParser(prog="python -m migrations", description=main.__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("upgrade", "current"):
        commands.add_parser(name).add_argument("line", nargs="?", choices=LINES)
    down = commands.add_parser("downgrade")
    down.add_argument("line", choices=LINES)
    down.add_argument("revision")
    options = parser.parse_args(arguments)
    try:
        database = load().database
        urls: dict[Line, str] = {"admin": database.admin_url, "pbx": database.pbx_url}
        if options.command == "downgrade":
            downgrade(options.line, urls[options.line], options.revision)
        for line in (options.line,) if options.line else LINES:
            if options.command == "upgrade":
                upgrade(line, urls[line])
            sys.stdout.write(f"{line}: {current(line, urls[line]) or 'empty'} (newest: {head(line)})\n")
    except SettingsError as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    except (SQLAlchemyError, OSError) as fault:
        sys.stderr.write(f"the database: {getattr(fault, 'orig', None) or fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
