"""Header names: how they are written, their compact forms, and which may stand only once (RFC 3261 section
20)."""

from __future__ import annotations

_NAMES = """
Accept Accept-Contact Accept-Encoding Accept-Language Accept-Resource-Priority Alert-Info Allow Allow-Events
Answer-Mode Authentication-Info Authorization Call-ID Call-Info Contact Content-Disposition Content-Encoding
Content-ID Content-Language Content-Length Content-Type CSeq Date Diversion Encryption Error-Info Event
Expires Flow-Timer From Geolocation Hide History-Info Identity In-Reply-To Info-Package Join Max-Breadth
Max-Forwards MIME-Version Min-Expires Min-SE Organization P-Access-Network-Info P-Asserted-Identity
P-Early-Media P-Preferred-Identity Path Priority Privacy Proxy-Authenticate Proxy-Authentication-Info
Proxy-Authorization Proxy-Require RAck Reason Record-Route Recv-Info Refer-Sub Refer-To Referred-By
Reject-Contact Remote-Party-ID Replaces Reply-To Request-Disposition Require Resource-Priority Response-Key
Retry-After Route RSeq Server Service-Route Session-Expires Session-ID SIP-ETag SIP-If-Match Subject
Subscription-State Supported Target-Dialog Timestamp To Unsupported User-Agent Via Warning WWW-Authenticate
""".split()

_COMPACT = {
    "a": "Accept-Contact",
    "b": "Referred-By",
    "c": "Content-Type",
    "d": "Request-Disposition",
    "e": "Content-Encoding",
    "f": "From",
    "i": "Call-ID",
    "j": "Reject-Contact",
    "k": "Supported",
    "l": "Content-Length",
    "m": "Contact",
    "o": "Event",
    "r": "Refer-To",
    "s": "Subject",
    "t": "To",
    "u": "Allow-Events",
    "v": "Via",
    "x": "Session-Expires",
    "y": "Identity",
}

DISPLAY = {name.lower(): name for name in _NAMES}
"""Key (lower case) -> the usual spelling."""

KEYS: dict[str, str] = {}
"""Each spelling met in practice -> key; every other spelling goes through ``headers.key_of``."""

for _name in _NAMES:
    _key = _name.lower()
    for _spelling in (_name, _key, _name.upper(), _name.title()):
        KEYS[_spelling] = _key
for _letter, _name in _COMPACT.items():
    KEYS[_letter] = KEYS[_letter.upper()] = _name.lower()

SINGLE = frozenset(
    """
    call-id content-disposition content-length content-type cseq date event expires from max-forwards
    mime-version min-expires min-se rack refer-to retry-after rseq session-expires subscription-state to
    """.split()
)
"""Headers whose repetition could make two readers see two different messages; a second one is refused."""

METHODS = frozenset(
    "ACK BYE CANCEL INFO INVITE MESSAGE NOTIFY OPTIONS PRACK PUBLISH REFER REGISTER SUBSCRIBE UPDATE".split()
)
"""The registered methods, case-sensitive."""

REQUIRED = frozenset(("via", "from", "to", "call-id", "cseq"))
"""What every message carries (RFC 3261 section 8.1.1; Max-Forwards is left out as RFC 2543 phones omit
it)."""
