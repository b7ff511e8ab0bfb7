"""Log lines for people or for programs, and secrets kept out of both.

A line never holds a secret on purpose; what slips in by a peer's text or an exception is masked here.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

PLAIN = "%(asctime)s %(levelname)s %(name)s: %(message)s"

_SECRETS = re.compile(
    r"(?i)\b(secret|password|passwd|token|ha1|response|nonce|authorization|bearer|inline)"
    r"(\"?\s*[:=]\s*|\s+)(\"[^\"]*\"|[^\s,;\"]+)"
)
_SCHEMES = re.compile(r"(?i)\b(digest|bearer|basic)\s+[^\r\n]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def masked(text: str) -> str:
    """`text` without values that look like secrets, and without control characters."""
    text = _SCHEMES.sub(lambda found: f"{found[1]} ***", text)
    text = _SECRETS.sub(lambda found: f"{found[1]}{found[2]}***", text)
    return _CONTROL.sub("?", text)


class PlainLines(logging.Formatter):
    """For people."""

    def __init__(self) -> None:
        super().__init__(PLAIN)

    def format(self, record: logging.LogRecord) -> str:
        """One record."""
        return masked(super().format(record))


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, name, message, and the traceback if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """One record."""
        fields = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "name": record.name,
            "message": masked(record.getMessage()),
        }
        if record.exc_info:
            fields["traceback"] = masked(self.formatException(record.exc_info))
        return json.dumps(fields, ensure_ascii=False)


def start(level: str, *, json_lines: bool) -> None:
    """Send the log to stderr."""
    stream = logging.StreamHandler()
    stream.setFormatter(JsonLines() if json_lines else PlainLines())
    logging.basicConfig(level=level.upper(), handlers=[stream], force=True)
