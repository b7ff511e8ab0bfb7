"""Sends letters by Web Push, in threads of its own: pywebpush encrypts, signs and posts.

Only to hosts of the list; an answer that leads elsewhere is not followed; and a listed name that leads to an
address inside is not asked, unless the list names it with its port, as its own operator would.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from pbx.push.desk import Letter, Outcome
from pbx.push.subscription import may_post

log = logging.getLogger("doorline.push")

SECONDS = 5.0
THREADS = 4
MOST_WAITING = 1000
GONE = frozenset({404, 410})

Done = Callable[[Letter, Outcome], None]


class _Straight(requests.Session):
    """Goes where it is told and nowhere else."""

    def resolve_redirects(self, *args: object, **kwargs: object) -> Iterable[requests.Response]:  # type: ignore[override]
        """Nowhere."""
        return iter(())


class PushSender:
    """Posts letters. `done` is called in a thread of ours.

    Args:
        key: the server's own (VAPID).
        contact: whom a push service may write to, `mailto:` or https.
        hosts: whom we speak to, as in `may_post`.
        authority: a file of certificates to trust besides, for a push service of one's own.
    """

    def __init__(
        self,
        key: ec.EllipticCurvePrivateKey,
        contact: str,
        hosts: Iterable[str],
        done: Done,
        authority: Path | None = None,
    ) -> None:
        self._vapid = Vapid02(key)
        self._contact, self._hosts, self._done = contact, tuple(hosts), done
        self._session = _Straight()
        self._session.trust_env = False
        if authority is not None:
            self._session.verify = str(authority)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="push")
        self._waiting = 0

    def post(self, letter: Letter) -> None:
        """Send a letter, soon; never blocks."""
        if self._waiting >= MOST_WAITING:
            self._done(letter, "failed")
            return
        self._waiting += 1
        self._pool.submit(self._run, letter)

    def close(self) -> None:
        """Finish what is on its way."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._session.close()

    def _run(self, letter: Letter) -> None:
        try:
            outcome = self._send(letter)
        except Exception:  # whatever a library raises, the call must hear of it
            log.exception("a push failed")
            outcome = "failed"
        self._waiting -= 1
        self._done(letter, outcome)

    def _send(self, letter: Letter) -> Outcome:
        to = letter.subscription
        if not may_post(to.endpoint, self._hosts) or not self._leads_outside(to.endpoint):
            log.warning("a push service that is not on the list, or inside, was not asked")
            return "gone"
        urgency = "high" if letter.kind == "ring" else "normal"
        try:
            webpush(
                {"endpoint": to.endpoint, "keys": {"p256dh": to.p256dh, "auth": to.auth}},
                letter.body,
                vapid_private_key=self._vapid,
                vapid_claims={"sub": self._contact},
                ttl=letter.ttl,
                headers={"Urgency": urgency, "Topic": letter.topic},
                timeout=SECONDS,
                requests_session=self._session,
            )
        except WebPushException as fault:
            status = fault.response.status_code if fault.response is not None else 0
            log.warning("a push service answered %s", status)
            return "gone" if status in GONE else "failed"
        except (requests.RequestException, ValueError) as fault:
            log.warning("a push did not leave: %s", type(fault).__name__)
            return "failed"
        return "accepted"

    def _leads_outside(self, endpoint: str) -> bool:
        split = urlsplit(endpoint)
        name, port = split.hostname or "", split.port or 443
        if f"{name}:{port}" in self._hosts:
            return True
        try:
            found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        except OSError:
            return True  # the post will fail by itself
        return all(ipaddress.ip_address(each[4][0]).is_global for each in found)
