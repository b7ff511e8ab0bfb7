"""The public keys that a device pins when it is paired: those of the PBX and of WebAdmin."""

from __future__ import annotations

from pathlib import Path

LARGEST = 4096


def public_key(keys: Path, name: str) -> str | None:
    """A key in PEM; None where it has not been made yet."""
    try:
        text = (keys / name).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None
    return text if text.startswith("-----BEGIN PUBLIC KEY-----") and len(text) <= LARGEST else None
