"""Telephones that register: REGISTER, 401, REGISTER with digest, 200 (RFC 3261 section 10, RFC 2617).

`register` is used to set a bench up; as `python -m tests.bench.subscribers` it is the load of
`registrations`: a plan as one JSON line comes in, the count of what succeeded goes out.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
import time
from dataclasses import dataclass
from hashlib import md5

Account = tuple[str, str]
"""User name and secret."""


@dataclass(slots=True)
class Told:
    """What came of it. `contacts`: registrations granted; `seconds` it took."""

    contacts: int
    refused: int
    seconds: float


class Subscribers:
    """One UDP socket that registers contacts `user@address` for accounts, a few at a time."""

    def __init__(self, sock: socket.socket, server: tuple[str, int], site: str) -> None:
        self._sock, self._server, self._site = sock, server, site
        sock.settimeout(0.5)
        self._here = f"127.0.0.1:{sock.getsockname()[1]}"
        self._ha2 = md5(f"REGISTER:sip:{site}".encode()).hexdigest()
        self._ids = os.urandom(4).hex()
        self._cseq = 1

    def run(self, accounts: list[Account], window: int, contact: str = "") -> Told:
        """Register each account once, `window` at a time; again it is a refresh in the same words.

        `contact` is added to the Contact's user.
        """
        waiting, told, began = iter(range(len(accounts))), Told(0, 0, 0.0), time.monotonic()
        open_, quiet, first = 0, 0, b"CSeq: %d " % self._cseq
        for _ in range(window):
            if (one := next(waiting, None)) is not None:
                self._send(accounts, one, self._cseq, contact)
                open_ += 1
        while open_ and quiet < 6:
            try:
                data = self._sock.recv(4096)
            except TimeoutError:
                quiet += 1
                continue
            quiet, number = 0, int(data.partition(b"Call-ID: ")[2].partition(b"-")[0])
            status = data[8:11]
            if status == b"401" and first in data:
                nonce = data.partition(b'nonce="')[2].partition(b'"')[0].decode()
                self._send(accounts, number, self._cseq + 1, contact, nonce)
                continue
            if status == b"200":
                told.contacts += 1
            else:
                told.refused += 1
            open_ -= 1
            if (one := next(waiting, None)) is not None:
                self._send(accounts, one, self._cseq, contact)
                open_ += 1
        told.seconds = time.monotonic() - began
        self._cseq += 2
        return told

    def _send(self, accounts: list[Account], number: int, cseq: int, contact: str, nonce: str = "") -> None:
        user, secret = accounts[number]
        site, here, ids = self._site, self._here, self._ids
        answer = ""
        if nonce:
            ha1 = md5(f"{user}:{site}:{secret}".encode()).hexdigest()
            response = md5(f"{ha1}:{nonce}:00000001:{ids}:auth:{self._ha2}".encode()).hexdigest()
            answer = (
                f'Authorization: Digest username="{user}", realm="{site}", nonce="{nonce}", '
                f'uri="sip:{site}", '
                f'response="{response}", algorithm=MD5, cnonce="{ids}", qop=auth, nc=00000001\r\n'
            )
        self._sock.sendto(
            (
                f"REGISTER sip:{site} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP {here};branch=z9hG4bK{ids}{contact}{number}.{cseq};rport\r\n"
                f"From: <sip:{user}@{site}>;tag={ids}{number}\r\nTo: <sip:{user}@{site}>\r\n"
                f"Call-ID: {number}-{ids}{contact}@{here}\r\nCSeq: {cseq} REGISTER\r\n"
                f"Contact: <sip:{user}{contact}@{here}>\r\nExpires: 3600\r\nMax-Forwards: 70\r\n"
                f"User-Agent: Bench\r\n{answer}Content-Length: 0\r\n\r\n"
            ).encode(),
            self._server,
        )


def register(
    port: int, server: tuple[str, int], site: str, accounts: list[Account], *, contact: str = ""
) -> Told:
    """Register accounts from a port of loopback that is given back afterwards (to sipp)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", port))
        told = Subscribers(sock, server, site).run(accounts, 16, contact)
    if told.contacts != len(accounts):
        raise RuntimeError(f"{told.contacts} of {len(accounts)} contacts registered, {told.refused} refused")
    return told


def main() -> None:
    """Plan: server, site, accounts, rounds, window, contacts (that many for each account)."""
    plan = json.loads(sys.stdin.readline())
    accounts = [(user, secret) for user, secret in plan["accounts"]]
    gc.collect()
    gc.freeze()
    total, refused, seconds = 0, 0, 0.0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        server = tuple(plan["server"])
        phones: dict[str, Subscribers] = {}
        for turn in range(plan["rounds"]):
            contact = f"c{turn % plan['contacts']}"
            subscribers = phones.setdefault(contact, Subscribers(sock, server, plan["site"]))
            told = subscribers.run(accounts, plan["window"], contact)
            total, refused, seconds = total + told.contacts, refused + told.refused, seconds + told.seconds
    print(json.dumps({"contacts": total, "refused": refused, "seconds": seconds}))


if __name__ == "__main__":
    main()
