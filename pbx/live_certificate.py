"""The certificate this server shows on every TLS port, taken anew when its files change.

An ACME client renews it every few weeks, and we the local authority's when it nears its end or the machine
gets another address. New connections see the new one; those that stand are left alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from pbx.certificates import ServerCertificate
from pbx.transport import tls

LOOK_SECONDS = 60.0

log = logging.getLogger(__name__)


class LiveCertificate:
    """One `context` for all listeners.

    Args:
        find: names the files; it may make them first.

    Raises:
        OSError: they cannot be read or do not fit each other.
    """

    def __init__(self, find: Callable[[], ServerCertificate]) -> None:
        self._find = find
        self.files = find()
        self._seen = _seen(self.files)
        self.context = tls.server_context(self.files.certificate, self.files.key)

    async def watch(self) -> None:
        """Look once a minute, for ever."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.look()

    def look(self) -> bool:
        """Take the files again if they are others now; whether they were taken.

        Half a renewal (a new certificate, still the old key) is passed over until it is whole.
        """
        try:
            files = self._find()
            seen = _seen(files)
            if seen == self._seen:
                return False
            tls.server_context(files.certificate, files.key)  # fails alone, and leaves the one in use whole
            self.context.load_cert_chain(files.certificate, files.key)
        except (OSError, ValueError) as fault:
            log.error("the new certificate cannot be used: %s", fault)
            return False
        self.files, self._seen = files, seen
        log.info("certificate %s taken anew", files.certificate)
        return True


def _seen(files: ServerCertificate) -> tuple[tuple[int, int, int], ...]:
    """What changes when a file is written or replaced."""
    stats = (path.stat() for path in (files.certificate, files.key))
    return tuple((each.st_ino, each.st_mtime_ns, each.st_size) for each in stats)
