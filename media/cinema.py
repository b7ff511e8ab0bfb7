"""The worker's films: which streams are filmed, and to whom each is shown."""

from __future__ import annotations

import random
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any

from media.film import Film, FilmPlan
from media.orders import Order
from media.rewriter import Rewriter
from media.stream import Stream
from media.video import stream_of

REPORT_SECONDS = 5.0


class Cinema:
    """Obeys the orders about films. `streams` are the relay's, by port; `report` is told what happens."""

    def __init__(
        self, streams: Mapping[int, Stream], report: Callable[[Order], None], clock: Callable[[], float]
    ) -> None:
        self._streams, self._report, self._clock = streams, report, clock
        self._films: dict[int, Film] = {}
        self._shown: dict[int, int] = {}
        self._due: dict[int, float] = {}
        self.verbs: dict[str, Callable[..., None]] = {
            "film": self._film, "unfilm": self._unfilm, "view": self._view, "unview": self._unview,
            "replay": self._replay, "snap": self._snap,
        }

    def _film(self, port: int, about: dict[str, Any]) -> None:
        stream = self._streams.get(port)
        if stream is None or stream.peer is None or stream.peer.kind != "video":
            return
        plan = FilmPlan(
            codecs={payload_type: name for payload_type, name in about["codecs"]},
            sets=tuple(b64decode(unit) for unit in about["sets"]), wish=about["wish"], name=about["name"],
        )
        film = self._films.get(port)
        if film is None:
            film = self._films[port] = Film(
                stream, plan, random.getrandbits(32), lambda number: self._report(["wanted", number])
            )
            self._due[port] = self._clock() + REPORT_SECONDS
        else:
            film.renew(plan)
        stream.filmed(film)

    def _unfilm(self, port: int) -> None:
        film = self._films.pop(port, None)
        if film is None:
            return
        del self._due[port]
        for sink in list(film.projections):
            self._unview(sink)
        stream = self._streams.get(port)
        if stream is not None:
            stream.filmed(None)

    def _view(self, source: int, port: int, mapping: list[list[int]], ssrc: int | None = None) -> None:
        film, sink = self._films.get(source), self._streams.get(port)
        # P3: whatever the control side asked for, no picture goes to a panel.
        if film is None or sink is None or sink.peer is None or sink.peer.panel or sink.peer.kind != "video":
            return
        if self._shown.get(port, source) != source:
            self._unview(port)
        now = self._clock()
        film.show_to(sink, {came: goes for came, goes in mapping}, lambda: _fresh(ssrc), now)
        self._shown[port] = source
        sink.hear_report = lambda data: film.heard(port, data, self._clock())

    def _unview(self, port: int) -> None:
        film = self._films.get(self._shown.pop(port, -1))
        if film is not None:
            film.hide_from(port)
        sink = self._streams.get(port)
        if sink is not None:
            sink.hear_report = sink.pass_report

    def _replay(self, source: int, port: int, mapping: list[list[int]]) -> None:
        film, sink = self._films.get(source), self._streams.get(port)
        if film is not None and sink is not None and sink.peer is not None and not sink.peer.panel:
            film.replay(sink.outlet(), {came: goes for came, goes in mapping}, self._clock())

    def _snap(self, port: int, number: int) -> None:
        film = self._films.get(port)
        still = film.cache.still() if film is not None else []
        if film is None or not still:
            self._report(["snapped", number, "", ""])
            return
        data = stream_of(film.codec, still, film.cache.prefix_of(still))
        self._report(["snapped", number, film.codec, b64encode(data).decode()])

    def leave(self, port: int) -> None:
        """A port is given back: its film ends, and it watches none."""
        self._unfilm(port)
        self._unview(port)

    def look(self, now: float) -> None:
        """Send the reports that are due; to be called about once a second."""
        for port, due in self._due.items():
            if due <= now:
                self._due[port] = now + REPORT_SECONDS
                self._films[port].report(now)

    def stats(self) -> dict[str, int]:
        """Counts for the worker's totals."""
        shown = [one for film in self._films.values() for one in film.projections.values()]
        return {"films": len(self._films), "viewers": len(shown), "resent": sum(one.resent for one in shown)}


def _fresh(ssrc: int | None) -> Rewriter:
    """A stream that begins anywhere (RFC 3550 section 5.1)."""
    number = random.getrandbits(32) if ssrc is None else ssrc
    return Rewriter(number, random.getrandbits(15), random.getrandbits(31))
