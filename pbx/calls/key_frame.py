"""The wish for a key frame as SIP INFO says it, where RTCP cannot (RFC 5168)."""

from __future__ import annotations

PICTURE_FAST_UPDATE = "application/media_control+xml"
"""RFC 5168: the other side's decoder wants a key frame."""

WANT_PICTURE = (
    b'<?xml version="1.0" encoding="utf-8"?>\r\n'
    b"<media_control><vc_primitive><to_encoder><picture_fast_update/></to_encoder></vc_primitive></media_control>"
)
"""The same wish in our own name (RFC 5168 section 5.1)."""
