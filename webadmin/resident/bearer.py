"""The token by which a device asks the PBX's HTTP side: made from its log-in, and dead with it.

`SITE;DEVICE;HEX` with HEX = HMAC-SHA-256 of "doorline bearer" under the device's HA1. Both sides can make it;
none stores it. `pbx.auth.bearer` checks it.
"""

from __future__ import annotations

import hmac

from webadmin.models import Credential

PURPOSE = b"doorline bearer"


def token_of(credential: Credential) -> str:
    """The token of a device that may log in; "" for one that may not."""
    if credential.state != "active" or not credential.ha1:
        return ""
    proof = hmac.new(credential.ha1.encode(), PURPOSE, "sha256").hexdigest()
    return f"{credential.site};{credential.device};{proof}"
