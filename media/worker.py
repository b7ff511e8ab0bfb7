"""The media worker process: `python -m media.worker FD`, started by media.process and by nobody else.

Its loop is one epoll: relay sockets, the control socket, and the relay's next deadline. There is no event
loop library in it; per packet it costs a tenth less than uvloop's readers (see tests/bench/relay.py).
"""

from __future__ import annotations

import gc
import logging
import resource
import signal
import socket
import sys
import time

from media.engine import MediaSettings
from media.orders import MAX_PENDING, LineReader, Order, encode
from media.relay import Relay

logger = logging.getLogger(__name__)

_BUFFER = 1 << 18
_RETRY_SECONDS = 0.01


class Worker:
    """Joins the control socket and the relay. Ends when the control side closes its end, however it ended."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._reader = LineReader()
        self._said: list[Order] = []
        self._pending = b""
        self._relay: Relay | None = None
        self._running = True

    def run(self) -> None:
        """Serve until the control side is gone."""
        relay = self._start()
        if relay is None:
            return
        self._control.setblocking(False)
        relay.poller.add(self._control.fileno(), self._readable)
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)   # a collection in the midst of packets is heard
        self._serve(relay)
        relay.poller.remove(self._control.fileno())
        relay.close()

    def _start(self) -> Relay | None:
        orders: list[Order] = []
        while not orders:
            data = self._control.recv(_BUFFER)
            if not data:
                return None
            orders = self._reader.feed(data)
        _, settings, first, after = orders[0]
        for name in ("advertised_addresses", "private_networks"):
            settings[name] = tuple(settings[name])
        self._relay = Relay(MediaSettings(**settings), range(first, after, 2), self._said.append)
        for order in orders[1:]:
            self._obey(self._relay, order)
        return self._relay

    def _serve(self, relay: Relay) -> None:
        clock, turn, said = time.monotonic, relay.poller.turn, self._said
        self._write()
        while self._running:
            wait = relay.next_deadline() - clock()
            if self._pending:
                wait = min(wait, _RETRY_SECONDS)
            turn(wait if wait > 0.0 else 0.0)
            if wait < 0.02:
                relay.handle_timeout(clock())
            if said or self._pending:
                self._write()

    def _readable(self) -> None:
        try:
            data = self._control.recv(_BUFFER)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._running = False
            return
        for order in self._reader.feed(data):
            if self._relay is not None:
                self._obey(self._relay, order)

    def _obey(self, relay: Relay, order: Order) -> None:
        try:
            relay.obey(order)
        except Exception:   # one call's fault is not all calls'
            logger.exception("media order %r", order[:2])

    def _write(self) -> None:
        if self._said:
            self._pending += encode(self._said)
            self._said.clear()
        try:
            sent = self._control.send(self._pending) if self._pending else 0
        except BlockingIOError:
            sent = 0
        except OSError:
            self._running = False
            return
        self._pending = self._pending[sent:]
        if len(self._pending) > MAX_PENDING:   # nobody reads: the control side hangs
            self._running = False


def main() -> None:
    """Entry of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)   # Ctrl-C is for the control side; we end with it
    logging.basicConfig(format="media worker %(process)d: %(message)s")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with socket.socket(fileno=int(sys.argv[1])) as control:
        Worker(control).run()


if __name__ == "__main__":
    main()
