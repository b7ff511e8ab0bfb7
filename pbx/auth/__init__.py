"""Who is asking: digest authentication of devices and the identity that follows from it (RFC 3261 section
22)."""

from __future__ import annotations

from .account import Credential, Credentials, Directory, Identity
from .authenticator import Authenticator, AuthOptions, Granted, Refused

__all__ = [
    "AuthOptions",
    "Authenticator",
    "Credential",
    "Credentials",
    "Directory",
    "Granted",
    "Identity",
    "Refused",
]
