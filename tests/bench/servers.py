"""What is measured, as real processes on the server's core: Doorline, Kamailio as a proxy, Sippy's B2BUA."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import site
from tests.bench.machine import ON_SERVER_CORE, SERVER_CORE, cpu_seconds, pin
from tests.bench.subscribers import Account
from tests.support.ports import free_port
from tests.support.system import System, system

PHONES = 2000
SETTINGS = {
    "SIP__TRUSTED_SOURCES": '["127.0.0.1/32"]',
    "CALLS__TOTAL": "100000",
    "CALLS__PER_DEVICE": "1000",
    "MEDIA__PORT_FIRST": "10000",
    "MEDIA__PORT_LAST": "30999",
}


@dataclass(slots=True)
class Server:
    """A running SIP server. `secret_of`: what a device knows; None where nobody is asked."""

    name: str
    pid: int
    udp: int
    tcp: int = 0
    secrets: dict[str, str] = field(default_factory=dict)
    system: System | None = None

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens by UDP."""
        return ("127.0.0.1", self.udp)

    def account(self, device: str) -> Account:
        """The log-in of a device; peers know one secret for all."""
        return device, self.secrets.get(device, "secret")

    def cpu(self) -> float:
        """Processor time so far, with all its processes."""
        return cpu_seconds(self.pid)


@asynccontextmanager
async def doorline(var: Path, phones: int = PHONES, **settings: str) -> AsyncIterator[Server]:
    """The whole PBX with its media worker, store and AMI, a site of telephones published."""
    file = site.write(var / "site.toml", phones)
    async with system(var, file, **{**SETTINGS, **settings}) as running:
        assert running.pbx is not None
        pid = running.pbx.process.pid
        pin(pid, SERVER_CORE)
        secrets = {device: secret for (_, device), secret in running.secrets.items()}
        yield Server("doorline", pid, running.udp, running.tcp, secrets, running)


KAMAILIO = """
debug=-1
log_stderror=no
fork=yes
children=1
tcp_children=1
auto_aliases=no
listen=udp:127.0.0.1:{udp}
listen=tcp:127.0.0.1:{tcp}
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "siputils.so"
loadmodule "textops.so"
loadmodule "auth.so"
modparam("usrloc", "db_mode", 0)
modparam("registrar", "max_expires", 3600)
modparam("rr", "enable_full_lr", 1)
modparam("auth", "qop", "auth")
request_route {{
    if (!mf_process_maxfwd_header("10")) {{ sl_send_reply("483", "Too Many Hops"); exit; }}
    if (is_method("REGISTER")) {{
        $var(secret) = "secret";
        if (!pv_www_authenticate("$td", "$var(secret)", "0")) {{ www_challenge("$td", "1"); exit; }}
        save("location");
        exit;
    }}
    if (is_method("CANCEL")) {{ if (t_check_trans()) t_relay(); exit; }}
    if (has_totag()) {{
        if (loose_route()) {{ t_relay(); exit; }}
        if (is_method("ACK") && t_check_trans()) t_relay();
        exit;
    }}
    if (is_method("ACK")) {{ t_check_trans(); exit; }}
    t_check_trans();
    if (proto == UDP && $fU != "open") {{
        $var(secret) = "secret";
        if (!pv_www_authenticate("$fd", "$var(secret)", "0")) {{ www_challenge("$fd", "1"); exit; }}
        consume_credentials();
    }}
    record_route();
    if (!lookup("location")) {{ sl_send_reply("404", "Not Found"); exit; }}
    t_relay();
}}
"""


@asynccontextmanager
async def kamailio(program: str, var: Path) -> AsyncIterator[Server]:
    """Kamailio as stateful proxy with record-route, contacts in memory, one UDP worker; no B2BUA, no media.

    Challenges INVITEs over UDP as Doorline does, those over TCP not, nor those of the user "open".
    """
    udp, tcp = free_port("udp"), free_port()
    file = var / "kamailio.cfg"
    file.write_text(KAMAILIO.format(udp=udp, tcp=tcp))
    runtime = var / "kamailio"
    runtime.mkdir(exist_ok=True)
    async with _program(
        program,
        "-f",
        str(file),
        "-DD",
        "-E",
        "-m",
        "256",
        "-M",
        "32",
        "-w",
        str(runtime),
        "-Y",
        str(runtime),
    ) as pid:
        await asyncio.sleep(1.0)
        yield Server("kamailio", pid, udp, tcp)


@asynccontextmanager
async def sippy(var: Path, callee: int) -> AsyncIterator[Server]:
    """Sippy's simple B2BUA: every call to one address, no registrar, no digest, no media."""
    udp = free_port("udp")
    async with _program(
        sys.executable,
        "-m",
        "sippy.b2bua_simple",
        "-f",
        "-l",
        "127.0.0.1",
        "-p",
        str(udp),
        "-n",
        f"127.0.0.1:{callee}",
        "-L",
        "/dev/null",
    ) as pid:
        await asyncio.sleep(1.0)
        yield Server("sippy", pid, udp)


@asynccontextmanager
async def _program(*arguments: str) -> AsyncIterator[int]:
    process = await asyncio.create_subprocess_exec(
        *ON_SERVER_CORE,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "SIPLOG_BEND": "none"},
    )
    try:
        yield process.pid
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 5)
            except TimeoutError:
                process.kill()
                await process.wait()
