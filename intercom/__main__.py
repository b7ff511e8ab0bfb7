"""`python -m intercom [--config FILE] [--call NAME]`: run the agent, or have it call somebody; `pair CODE`
before that."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
from pathlib import Path

from intercom import pairing, tap
from intercom.agent import Agent
from intercom.sentinel import Sentinel
from intercom.settings import Settings, SettingsError, load


def main(arguments: list[str]) -> int:
    """0: ended as asked, or the call was answered; 1: it was not; 2: wrong settings, in one line."""
    if arguments[:1] == ["pair"]:
        return pairing.main(arguments[1:])
    parser = argparse.ArgumentParser(prog="python -m intercom", description="The agent at a door.")
    parser.add_argument("--config", type=Path, default=Path("config/intercom.toml"), help="settings (TOML)")
    parser.add_argument(
        "--call", metavar="NAME", help="call this button, by the running agent if there is one"
    )
    parsed = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        settings = load(parsed.config)
        if parsed.call is None:
            return asyncio.run(_serve(settings))
        return asyncio.run(_call(settings, parsed.call))
    except (SettingsError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


async def _serve(settings: Settings) -> int:
    agent = Agent(settings, _tell)
    _stop_on_signals(agent)
    sentinel = asyncio.get_running_loop().create_task(Sentinel(os.environ).run())
    try:
        await agent.run()
    finally:
        sentinel.cancel()
    return 0


async def _call(settings: Settings, calls: str) -> int:
    """Ask the agent that runs here; without one, be one for the length of this call."""
    answered = await tap.ask(settings.state, calls, sys.stdout)
    if answered is not None:
        return 0 if answered else 1
    seen: list[str] = []
    awaited = ("line state=registered", "studio ") if settings.films else ("line state=registered",)

    def began(start: str) -> bool:
        return any(line.startswith(start) for line in seen)

    def tell(line: str) -> None:
        _tell(line)
        ready = all(map(began, awaited))
        seen.append(line)
        if not ready and all(map(began, awaited)):
            agent.tap(calls)
        elif line.startswith(("panel state=ended", "panel state=unanswered")):
            agent.stop()

    agent = Agent(settings, tell)
    _stop_on_signals(agent)
    await agent.run()
    return 0 if any("state=connected" in line for line in seen) else 1


def _stop_on_signals(agent: Agent) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, agent.stop)


def _tell(line: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
