"""`python -m pbx`: one PBX process until SIGTERM or Ctrl-C."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

import uvloop

from config.layers import SettingsError
from media.errors import MediaError
from pbx import log_lines
from pbx.app import App
from pbx.settings import Settings, load

log = logging.getLogger("doorline")


async def serve(settings: Settings) -> None:
    """Run until a signal asks to end: SIGTERM waits for running talks, a second one or Ctrl-C does not."""
    ended, at_once = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked(patient: bool) -> None:
        if not patient or ended.is_set():
            at_once.set()
        ended.set()

    loop.add_signal_handler(signal.SIGTERM, asked, True)
    loop.add_signal_handler(signal.SIGINT, asked, False)
    app = App(settings)
    try:
        await app.start()
        log.info("ready")
        await ended.wait()
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(at_once.wait())
            draining = group.create_task(app.drain())
            await asyncio.wait((waiting, draining), return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            draining.cancel()
    finally:
        await app.stop()


def main() -> int:
    """Exit code 2 with one clear line when the settings are wrong or a port cannot be had."""
    try:
        settings = load()
    except SettingsError as fault:
        sys.stderr.write(f"doorline: {fault}\n")
        return 2
    log_lines.start(settings.log.level, json_lines=settings.log.json_lines)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(settings))
    except (OSError, ValueError, MediaError, SettingsError) as fault:
        sys.stderr.write(f"doorline: cannot start: {fault}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
