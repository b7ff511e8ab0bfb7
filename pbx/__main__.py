"""`python -m pbx`: one PBX process until SIGTERM or Ctrl-C."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

import uvloop

from media.errors import MediaError
from pbx.app import App
from pbx.settings import Settings, SettingsError, load

log = logging.getLogger("doorline")


async def serve(settings: Settings) -> None:
    """Run until a signal asks to end."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    app = App(settings)
    try:
        await app.start()
        log.info("ready")
        await ended.wait()
    finally:
        await app.stop()


def main() -> int:
    """Exit code 2 with one clear line when the settings are wrong or a port cannot be had."""
    try:
        settings = load()
    except SettingsError as fault:
        sys.stderr.write(f"doorline: {fault}\n")
        return 2
    logging.basicConfig(
        level=settings.log.level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(settings))
    except (OSError, ValueError, MediaError) as fault:
        sys.stderr.write(f"doorline: cannot start: {fault}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
