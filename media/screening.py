"""Which legs of a call are filmed and who watches them, on the control side."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

from media.film import Wish
from media.leg import Leg
from media.negotiate import Agreed, mapping
from media.video import INSPECT, parameter_sets

Developed = Callable[[bytes | None], None]
"""Takes a JPEG, or None when there is no picture."""

Pairs = tuple[tuple[int, int], ...]


class Screening:
    """The films of one call. `order` speaks to the worker, `number` makes what our CNAME is made of.

    What is wished for is kept, and the orders follow when the legs have agreed, and again when they agree
    anew: an order that changes nothing does nothing.
    """

    def __init__(
        self, legs: Mapping[str, Leg], order: Callable[..., None], number: Callable[[], int]
    ) -> None:
        self._legs, self._order, self._number = legs, order, number
        self._name = ""
        self._filmed: set[str] = set()
        self._asked: set[str] = set()
        self._watching: dict[str, str] = {}

    def film(self, leg: str) -> None:
        """Film a leg for its own sake: snapshots, whoever joins later."""
        self._asked.add(leg)
        self._shoot(leg)

    def view(self, source: str, viewer: str) -> None:
        """Show the one leg to the other."""
        self._watching[viewer] = source
        self._shoot(source)
        self._show(viewer)

    def unview(self, viewer: str) -> None:
        """Show nothing to this leg any more."""
        source = self._watching.pop(viewer, None)
        leg = self._legs.get(viewer)
        port = leg.ports.get("video") if leg is not None else None
        if source is not None and port is not None:
            self._order("unview", port)
        if source is not None:
            self._rest(source)

    def renew(self, leg: str) -> None:
        """A leg has agreed, for the first time or anew."""
        if leg in self._asked or leg in self._watching.values():
            self._shoot(leg)
        for viewer, source in self._watching.items():
            if leg in (viewer, source):
                self._show(viewer)

    def replay(self, source: str, port: int, sink_port: int, pairs: Pairs) -> None:
        """A filmed leg's own packets are about to go to another port: first the pictures that were kept."""
        if source in self._filmed and pairs:
            self._order("replay", port, sink_port, pairs)
            self._asked.discard(source)
            self._rest(source)

    def shows(self, kind: str, source: Leg, sink: Leg) -> bool:
        """Whether the film carries this stream of a connection, so that the relay must not as well."""
        if kind != "video" or sink.panel:
            return False
        own = sink.rewritten or sink.profile == "webrtc"   # who may miss packets and join late
        if own and sink.name not in self._watching and "video" in sink.agreed:
            self.view(source.name, sink.name)
        return self._watching.get(sink.name) == source.name

    def filmed_port(self, leg: str) -> int | None:
        """The port whose film shows this leg."""
        return self._legs[leg].ports.get("video") if leg in self._filmed and leg in self._legs else None

    def forget(self, leg: str) -> None:
        """The leg is being dropped; its ports take their films with them."""
        source = self._watching.pop(leg, None)
        self._asked.discard(leg)
        self._filmed.discard(leg)
        for viewer in [one for one, watched in self._watching.items() if watched == leg]:
            self.unview(viewer)
        if source is not None:
            self._rest(source)

    def clear(self) -> None:
        """The call is over, or its worker is gone."""
        self._filmed.clear()
        self._asked.clear()
        self._watching.clear()

    def _shoot(self, name: str) -> None:
        leg = self._legs.get(name)
        agreed = leg.agreed.get("video") if leg is not None else None
        if leg is None or agreed is None or leg.ports["video"] not in leg.served:
            return
        self._name = self._name or f"{self._number():x}@doorline"   # RFC 7022: of one session, of nobody
        self._filmed.add(name)
        self._order("film", leg.ports["video"], _plan(agreed, self._name))

    def _show(self, viewer: str) -> None:
        source, sink = self._legs.get(self._watching[viewer]), self._legs.get(viewer)
        if source is None or sink is None or sink.panel:
            return
        one, other = source.agreed.get("video"), sink.agreed.get("video")
        port = sink.ports.get("video")
        if one is not None and other is not None and port in sink.served:
            pairs = mapping(one, other, source.panel)
            self._order("view", source.ports["video"], port, pairs, sink.cover.ssrcs.get("video"))

    def _rest(self, source: str) -> None:
        """Stop filming what nobody needs filmed."""
        if source in self._filmed and source not in self._asked and source not in self._watching.values():
            self._filmed.discard(source)
            leg = self._legs.get(source)
            if leg is not None:
                self._order("unfilm", leg.ports["video"])


def _plan(agreed: Agreed, name: str) -> dict[str, Any]:
    """What the worker must know of a source, from what its description says of it."""
    codecs: dict[int, str] = {}
    sets: tuple[bytes, ...] = ()
    ours = {codec.ours.payload_type for codec in agreed.codecs}
    for codec in agreed.codecs:
        kind = codec.ours.name.lower()
        codecs[codec.ours.payload_type] = kind
        if codec.theirs.payload_type not in ours:
            codecs[codec.theirs.payload_type] = kind
        if kind == "h264" and kind in INSPECT and not sets:
            sets = parameter_sets(codec.theirs.fmtp)
    return {
        "codecs": list(codecs.items()), "sets": [b64encode(unit).decode() for unit in sets],
        "wish": wish_of(agreed), "name": name,
    }


def wish_of(agreed: Agreed) -> Wish:
    """How the leg may be asked for a key picture, by the feedback it described (RFC 4585, RFC 5104)."""
    understood = {what for _, what in agreed.theirs.feedback}
    if "nack pli" in understood:
        return "pli"
    return "fir" if "ccm fir" in understood else "info"
