"""SIPp as caller and as telephones, on the load's core: started, watched to its end, and its counts read."""

from __future__ import annotations

import asyncio
import csv
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.machine import ON_LOAD_CORE


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one SIPp process: calls that went as the scenario says, that did not, and repeated messages."""

    good: int
    failed: int
    repeated: int


NOTHING = Counts(0, 0, 0)


class Sipp:
    """Runs scenarios; files go to `var`."""

    def __init__(self, program: str, var: Path) -> None:
        self._program = program
        self._var = var
        self._runs = 0

    @asynccontextmanager
    async def telephone(self, port: int, scenario: str) -> AsyncIterator[Path]:
        """Telephones behind one port, until the block ends; gives the file of their counts."""
        process, counts = await self._start(scenario, "-i", "127.0.0.1", "-p", str(port))
        try:
            await asyncio.sleep(0.2)
            yield counts
        finally:
            await _end(process)

    async def calls(
        self,
        server: tuple[str, int],
        scenario: str,
        lines: Sequence[str],
        uri: str,
        rate: int,
        seconds: float,
        *,
        port: int,
        transport: str = "udp",
    ) -> Counts:
        """Begin `rate` calls a second for so long, and wait for their ends. `lines`: fields of the callers;
        `uri`: what all of them call, for SIPp has one digest uri for a whole run (without its "sip:")."""
        self._runs += 1
        injected = self._var / f"callers{self._runs}.csv"
        injected.write_text("SEQUENTIAL\n" + "\n".join(lines) + "\n")
        number = int(rate * seconds)
        process, counts = await self._start(
            scenario,
            "-i",
            "127.0.0.1",
            "-p",
            str(port),
            "-inf",
            str(injected),
            "-r",
            str(rate),
            "-m",
            str(number),
            "-l",
            str(max(200, 6 * rate)),
            "-t",
            "t1" if transport == "tcp" else "u1",
            "-recv_timeout",
            "8000",
            "-auth_uri",
            uri,
            f"{server[0]}:{server[1]}",
        )
        try:
            async with asyncio.timeout(seconds + 15):
                await process.wait()
        except TimeoutError:
            pass
        finally:
            await _end(process)
        told = read(counts)
        return Counts(told.good, number - told.good, told.repeated)

    async def _start(self, scenario: str, *arguments: str) -> tuple[asyncio.subprocess.Process, Path]:
        self._runs += 1
        file, counts = self._var / f"scenario{self._runs}.xml", self._var / f"counts{self._runs}.csv"
        file.write_text(scenario)
        process = await asyncio.create_subprocess_exec(
            *ON_LOAD_CORE,
            self._program,
            "-sf",
            str(file),
            "-nostdin",
            "-trace_stat",
            "-stf",
            str(counts),
            "-fd",
            "1",
            "-buff_size",
            "4194304",
            "-max_retrans",
            "7",
            "-trace_err",
            *arguments,
            cwd=self._var,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        return process, counts


@asynccontextmanager
async def telephones(sipp: Sipp, phones: dict[int, str]) -> AsyncIterator[list[Path]]:
    """A scenario on each port."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(sipp.telephone(port, text)) for port, text in phones.items()]


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), 2)
        except TimeoutError:
            process.kill()
            await process.wait()


def read(file: Path) -> Counts:
    """The last line of SIPp's statistics."""
    try:
        with file.open() as text:
            rows = list(csv.DictReader(text, delimiter=";"))
    except OSError:
        return NOTHING
    if not rows:
        return NOTHING
    last = rows[-1]
    return Counts(
        *(int(last.get(name) or 0) for name in ("SuccessfulCall(C)", "FailedCall(C)", "Retransmissions(C)"))
    )
