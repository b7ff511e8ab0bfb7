"""Makes the flow to the PBX by the transport that the settings name."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass

from intercom.settings import Server
from pbx.sip.flow import Flow
from pbx.transport import udp
from pbx.transport.driver import Driver
from pbx.transport.gate import Gate
from pbx.transport.limits import Limits, networks

CONNECT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Connection:
    """A flow and how to give it back."""

    flow: Flow
    close: Callable[[], None]


async def connect(driver: Driver, server: Server) -> Connection:
    """A new flow to the PBX. Raises OSError (TimeoutError among them) when there is no way."""
    kind = socket.SOCK_DGRAM if server.transport == "udp" else socket.SOCK_STREAM
    async with asyncio.timeout(CONNECT_SECONDS):
        found = await asyncio.get_running_loop().getaddrinfo(server.host, server.port, type=kind)
        host, port = found[0][4][:2]
        return await _udp(driver, str(host), int(port))


async def _udp(driver: Driver, host: str, port: int) -> Connection:
    # The PBX alone speaks to us; whoever else does is held to the gate's rate.
    gate = Gate(Limits(trusted_sources=networks((host,))))
    listener = await udp.listen(driver, "::" if ":" in host else "0.0.0.0", 0, gate)

    def close() -> None:
        listener.close()
        driver.detach(gate)

    return Connection(listener.flow_to(host, port), close)
