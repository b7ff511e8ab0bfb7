"""How much one site may hold, so that no document, however made, can exhaust a server."""

from __future__ import annotations

NAME_LENGTH = 64
ERRORS = 500
DEPTH = 4
"""Groups within groups, the outermost counted."""
RINGS = 100
"""Targets that one group rings, through its groups."""
DOCUMENT_BYTES = 64 * 1024 * 1024

ROWS = {
    "buildings": 1_000,
    "units": 20_000,
    "people": 50_000,
    "devices": 100_000,
    "doors": 5_000,
    "panels": 2_000,
    "groups": 30_000,
    "buttons": 30_000,
    "schedules": 1_000,
    "calendars": 100,
    "rules": 20_000,
    "telephony": 1,
}
"""Rows of each table."""

PARTS = {
    "members": 100,
    "doors": 500,
    "keys": 12,
    "interlock": 20,
    "then": 10,
    "panels": 2_000,
    "periods": 100,
    "calendars": 20,
    "holiday_hours": 20,
    "hours": 20,
    "exceptions": 500,
    "dates": 2_000,
    "people": 5_000,
    "units": 20_000,
    "buildings": 1_000,
    "methods": 5,
    "days": 7,
    "countries": 250,
    "kinds": 7,
    "rates": 500,
    "trunks": 50,
    "caller_ids": 1_000,
}
"""Entries of each list inside a row."""
