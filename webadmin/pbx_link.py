"""Asks the PBX by AMI (ARCHITECTURE decision 15): the nudge after a publication, and what runs now.

The client is PyPI's `asterisk-ami`. Every question opens a connection of its own and waits at most
`seconds` for each answer; a PBX that is away is an answer too.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from socket import SHUT_RDWR
from typing import Any

from asterisk.ami import AMIClient, SimpleAction

CACHE_SECONDS = 1.0


class PbxAway(Exception):
    """The PBX did not answer; `str()` says why in a few words, without secrets."""


class PbxLink:
    """WebAdmin's AMI account.

    Args:
        host, port: of the AMI; an address that means "all" is asked on loopback.
        user: the account's name.
        secret_file: holds its secret, alone.
        seconds: to wait for each answer.
    """

    def __init__(self, host: str, port: int, user: str, secret_file: Path, seconds: float = 1.5) -> None:
        self._host = "127.0.0.1" if host in ("0.0.0.0", "::", "localhost", "") else host
        self._port = port
        self._user = user
        self._secret_file = secret_file
        self._seconds = seconds
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._answer: Mapping[str, int] | None = None

    def reload(self) -> Mapping[str, int]:
        """Make the PBX read plans and log-ins now; returns the running revision of each site.

        Raises:
            PbxAway: it cannot be reached, refuses the log-in, or does not answer in time.
        """
        answer = self._converse(
            lambda client: _expect(client.send_action(SimpleAction("Reload")).response, "reload")
        )
        return _revisions(answer.keys)

    def order(self, action: str, **fields: str) -> str:
        """Give one order; returns "" when it was done, else why not in the PBX's words.

        Raises:
            PbxAway: as `reload`.
        """
        return self.orders(action, [fields])[0]

    def orders(self, action: str, each: Sequence[Mapping[str, str]]) -> list[str]:
        """Give the same order with other fields, over one connection; what came of each as for `order`.

        Raises:
            PbxAway: as `reload`; some of them may have been done.
        """

        def give(client: AMIClient) -> list[str]:
            return [self._give(client, action, fields) for fields in each]

        found: list[str] = self._converse(give)
        return found

    def _give(self, client: AMIClient, action: str, fields: Mapping[str, str]) -> str:
        answer = client.send_action(_action(action, fields)).response
        if answer is None:
            raise PbxAway(f"no answer to {action}")
        done = answer.status.lower() == "success"
        return "" if done else str(answer.keys.get("Message", "refused"))

    def listing(self, action: str, complete: str, **fields: str) -> list[dict[str, str]]:
        """What a listing action lists; `complete` is the event that ends it.

        Raises:
            PbxAway: as `reload`, or the list does not end in time.
        """
        found: list[dict[str, str]] = []
        ended = threading.Event()

        def heard(event: Any, source: Any) -> None:
            if event.name == complete:
                ended.set()
            elif "ActionID" in event.keys:
                found.append(dict(event.keys))

        def give(client: AMIClient) -> None:
            client.add_event_listener(heard)
            _expect(client.send_action(_action(action, fields)).response, action)
            if not ended.wait(self._seconds):
                raise PbxAway(f"no end of {action}")

        self._converse(give)
        return found

    def _converse(self, say: Callable[[AMIClient], Any]) -> Any:
        secret = self._secret()
        client = AMIClient(address=self._host, port=self._port, timeout=self._seconds)
        client.listen = _quiet(client)
        try:
            _expect(client.login(self._user, secret).response, "log-in")
            answer = say(client)
            client.logoff().response  # noqa: B018  (waits for the goodbye)
        except (OSError, AttributeError) as fault:  # the client loses its socket object on a close
            raise PbxAway("not reachable") from fault
        finally:
            _close(client)
        return answer

    def running(self) -> Mapping[str, int] | None:
        """The running revision of each site, at most a second old; None when the PBX is not reachable."""
        with self._lock:
            if time.monotonic() - self._asked_at >= CACHE_SECONDS:
                try:
                    self._answer = self.reload()
                except PbxAway:
                    self._answer = None
                self._asked_at = time.monotonic()
            return self._answer

    def _secret(self) -> str:
        try:
            return self._secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise PbxAway("WebAdmin has no AMI account") from None


def _close(client: Any) -> None:
    """Leave no socket and no thread: the client itself forgets the one and waits for the other's time-out."""
    socket = client._socket
    if socket is not None:
        with contextlib.suppress(OSError):
            socket.shutdown(SHUT_RDWR)
        if client.finished is not None:
            client.disconnect()
        socket.close()


def _action(name: str, fields: Mapping[str, str]) -> Any:
    """An action whose values are one line each, whatever they hold."""
    return SimpleAction(name, **{key: " ".join(value.split()) for key, value in fields.items()})


def _quiet(client: Any) -> Any:
    listen = client.listen

    def run() -> None:
        try:
            listen()
        except Exception:  # no banner, or a close in the middle: the waiting question times out by itself
            client.finished.set()

    return run


def _expect(response: Any, what: str) -> Any:
    if response is None:
        raise PbxAway(f"no answer to the {what}")
    if response.status.lower() not in ("success", "goodbye"):
        raise PbxAway(f"the {what} was refused")
    return response


def _revisions(keys: Mapping[str, str]) -> dict[str, int]:
    found = {}
    for line in keys.get("Revision", "").splitlines():
        site, _, revision = line.rpartition("=")
        if site and revision.isdecimal() and len(revision) < 10:
            found[site] = int(revision)
    return found
