"""Which devices are where: bindings, and the REGISTER requests that change them (RFC 3261 section 10)."""

from __future__ import annotations

from .binding import Binding, Change, RemovedBinding, StoredBinding
from .location import Location
from .register import Accepted, Refused, RegisterOptions, Registrar

__all__ = [
    "Accepted",
    "Binding",
    "Change",
    "Location",
    "Refused",
    "RegisterOptions",
    "Registrar",
    "RemovedBinding",
    "StoredBinding",
]
