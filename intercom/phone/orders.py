"""Agreed terms as they are written into an order to the studio, and read there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intercom.phone.description import Terms

_KEYS = ("ours", "theirs")


def written(terms: Mapping[str, Terms]) -> dict[str, dict[str, object]]:
    """By kind, what JSON can hold: keys are in hexadecimal."""
    names = Terms.__slots__
    return {kind: {name: _plain(getattr(one, name)) for name in names} for kind, one in terms.items()}


def read(fields: Mapping[str, Mapping[str, Any]]) -> dict[str, Terms]:
    """What `written` wrote."""
    return {kind: _terms(one) for kind, one in fields.items()}


def _terms(fields: Mapping[str, Any]) -> Terms:
    keys = {name: bytes.fromhex(fields[name]) for name in _KEYS}
    formats = tuple((number, codec, clock) for number, codec, clock in fields["formats"])
    return Terms(**{**fields, **keys, "formats": formats})


def _plain(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value
