"""The companion process that stops phones from ringing when the PBX dies (RFC 3261 section 9.1).

`python -I -S testament_executor.py TABLE PIPE SOCKET`, started by `testament.py` with three inherited
descriptors: shared memory in which the PBX keeps the heads of its unanswered INVITEs, a pipe whose end means
that the PBX is gone, and the PBX's UDP socket. It sleeps until the pipe ends, then sends a CANCEL for each
INVITE left in the table, so that it leaves from the address and port the phone knows, and ends. It imports
nothing of ours, listens to nobody, and sends only what the table holds.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import Iterator

ROOM = 2048
"""Bytes of one place in the table: its length (0: empty), then `record`."""

PLACES = 4096
"""INVITEs that can be remembered at once; memory is taken only by places that have been used."""

LENGTH = struct.Struct("!H")

PAUSES = (0.0, 0.1, 0.15)
"""Seconds before each sending. All is over in a quarter of a second: a new PBX wants the port."""

REASON = 'Reason: Q.850;cause=41;text="Temporary failure"'
"""What is true of a caller's call whose server died (RFC 3326, Q.850)."""

_SAME = ("from", "to", "call-id", "f", "t", "i")


def record(host: str, port: int, head: bytes) -> bytes:
    """What the table keeps of an INVITE: where it went, and its head without body."""
    return f"{host} {port}\r\n".encode() + head


def left(table: bytes) -> Iterator[bytes]:
    """The records that stand in a table."""
    for place in range(0, len(table) - LENGTH.size, ROOM):
        (length,) = LENGTH.unpack_from(table, place)
        if length:
            yield table[place + LENGTH.size : place + LENGTH.size + length]


def cancel(record: bytes) -> tuple[tuple[str, int], bytes]:
    """Where to send which CANCEL: Request-URI, top Via, Route, From, To, Call-ID and number are the
    INVITE's. `ValueError` or `IndexError` for half a record."""
    text = record.decode("utf-8", "surrogateescape")
    where, request_line, *lines = text.split("\r\n")
    host, _, port = where.rpartition(" ")
    kept = [f"CANCEL{request_line.removeprefix('INVITE')}"]
    via = numbered = False
    for line in lines:
        name, _, value = line.partition(":")
        name = name.strip().lower()
        if name in _SAME or name == "route" or (name in ("via", "v") and not via):
            kept.append(line)
            via = via or name in ("via", "v")
        elif name == "cseq":
            kept.append(f"CSeq: {int(value.split()[0])} CANCEL")
            numbered = True
    if not numbered:
        raise ValueError("no CSeq")
    kept += ["Max-Forwards: 70", REASON, "Content-Length: 0\r\n\r\n"]
    return (host, int(port)), "\r\n".join(kept).encode("utf-8", "surrogateescape")


def cancels(table: bytes) -> Iterator[tuple[tuple[str, int], bytes]]:
    """A CANCEL for each record; one that broke off when its writer was killed is left out."""
    for record in left(table):
        with contextlib.suppress(ValueError, IndexError):
            yield cancel(record)


def main(table: int, pipe: int, sip: int) -> None:
    """Wait for the end of the PBX, do what it left to do, and end.

    Only the end of the pipe ends this process: a signal to the whole group or service reaches it too, at
    the moment in which it is needed.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.read(pipe, 1)
    waiting = list(cancels(os.pread(table, ROOM * PLACES, 0)))
    if not waiting:
        return
    with socket.socket(fileno=sip) as out:
        for pause in PAUSES:
            time.sleep(pause)
            for where, data in waiting:
                with contextlib.suppress(OSError):  # unreachable, or the buffer is full: there is a next time
                    out.sendto(data, where)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
