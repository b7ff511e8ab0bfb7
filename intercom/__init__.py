"""The agent at a door: relays, buttons and a SIP endpoint on a Raspberry Pi or any PC.

`agent` joins the pure parts (`controller`, `panel`, `clock`, `phone.registration`) to the network;
`relay_guard` is a process of its own that owns the pins, so that no fault of the agent can keep a door open.
"""

from __future__ import annotations

VERSION = "0.1.0"
"""As in pyproject.toml; the tests set the two against each other."""
