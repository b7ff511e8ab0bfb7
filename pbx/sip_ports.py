"""The ports that let SIP in: UDP, TCP and TLS, as the settings say."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

from pbx.settings import Sip
from pbx.sip.flow import Address, Flow
from pbx.transport import tcp, testament, tls, udp
from pbx.transport.driver import Driver
from pbx.transport.gate import Gate

PORT_SECONDS = 1.0
"""How long the UDP port may still be held by what a killed PBX left to do."""


class SipPorts:
    """The listeners of one PBX."""

    def __init__(self) -> None:
        self._udp: udp.UdpListener | None = None

    async def open(
        self, sip: Sip, driver: Driver, gate: Gate, context: ssl.SSLContext, stack: AsyncExitStack
    ) -> None:
        """Listen; `stack` closes what was opened.

        Raises:
            OSError: a port is taken, or an address is not ours.
        """
        if sip.udp_host:
            with _named("UDP", sip.udp_host, sip.udp_port):
                self._udp = await udp.listen(driver, sip.udp_host, sip.udp_port, gate, patience=PORT_SECONDS)
            will = await testament.draw_up(self._udp)
            stack.push_async_callback(will.close)
            stack.callback(self._udp.close)
            driver.engine.watch(will)
            driver.count("testament", will)
        if sip.tcp_host:
            with _named("TCP", sip.tcp_host, sip.tcp_port):
                plain = await tcp.listen(driver, sip.tcp_host, sip.tcp_port, gate)
            stack.push_async_callback(plain.aclose)
        if sip.tls_host:
            with _named("TLS", sip.tls_host, sip.tls_port):
                secure = await tls.listen(driver, sip.tls_host, sip.tls_port, gate, context)
            stack.push_async_callback(secure.aclose)

    def unread(self, now: float) -> float:
        """Seconds for which more datagrams have waited than are read at a time; 0 where nothing waits."""
        return self._udp.behind(now) if self._udp is not None else 0.0

    def flow_of(self, local: Address, remote: Address) -> Flow | None:
        """The UDP flow between two addresses; None where no socket of ours has this port."""
        if self._udp is None or local[1] != self._udp.address[1]:
            return None
        return self._udp.flow_to(*remote)


@contextmanager
def _named(transport: str, host: str, port: int) -> Iterator[None]:
    """Says in an OSError which port it is about; the system does not."""
    try:
        yield
    except OSError as fault:
        raise OSError(fault.errno, f"SIP by {transport} at {host}, port {port}: {fault.strerror}") from fault
