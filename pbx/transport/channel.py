"""What a flow's channel must be able to do: the driver and the registrar's owner know no more of a socket."""

from __future__ import annotations

from typing import Protocol

from pbx.sip.flow import Flow


class Channel(Protocol):
    """The sending side of a flow (`Flow.channel`)."""

    def send(self, flow: Flow, data: bytes) -> None:
        """Put one whole message on its way at once, or drop and count it; never blocks, never raises."""

    def close(self, flow: Flow) -> None:
        """End the connection under this flow; means nothing for UDP."""
