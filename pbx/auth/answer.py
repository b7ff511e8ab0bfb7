"""The digest answer that a request carries for one realm (RFC 3261 section 22.4).

There is a short way for the spellings that phones use; everything else goes by the codec's typed field.
"""

from __future__ import annotations

from pbx.sip.errors import PeerError
from pbx.sip.fields.auth import Credentials as Answer
from pbx.sip.fields.auth import digest_values, parse_auth_params
from pbx.sip.message import Request

_NEEDED = ("username", "realm", "nonce", "uri", "response")


def answer_in(request: Request, realm: str) -> Answer | None:
    """The digest answer for `realm`, or None; answers for others are none of our business.

    Raises `PeerError` 400 for a malformed one.
    """
    first = request.headers.get("Authorization")
    if first is None:
        return None
    short = _short(first)
    if short is not None and short.realm == realm:
        return short
    for value in digest_values(request.headers.all("Authorization")):
        answer = _long(value)
        if answer.realm.lower() == realm:
            return answer
    return None


def _long(value: str) -> Answer:
    """Any well-formed answer. Phones from before RFC 2617 may give our qop back, but neither nc nor cnonce:
    no qop."""
    params = parse_auth_params(value)
    if "qop" not in params or "nc" in params or "cnonce" in params:
        return Answer.parse(value)
    missing = [name for name in _NEEDED if name not in params]
    if missing:
        raise PeerError(400, f"No {missing[0]} in a Digest value")
    username, realm, nonce, uri, response = [params[name] for name in _NEEDED]
    return Answer(username, realm, nonce, uri, response, params.get("algorithm") or "MD5")


def _short(value: str) -> Answer | None:
    """Read pieces parted all by a comma and a blank, or all by a comma alone; None for what is less simple.

    Sound because what counts must stand in quotes of its own: a piece cut out of a quoted text has none, or
    half.
    """
    if value[:7] != "Digest " or "\\" in value or "\t" in value:
        return None
    blank = ", " in value
    pieces = value[7:].split(", " if blank else ",")
    if value.count(" ") != (len(pieces) if blank else 1) or value.count(",") != len(pieces) - 1:
        return None
    params: dict[str, str] = {}
    for piece in pieces:
        name, _, text = piece.partition("=")
        params[name] = text
    if len(params) != len(pieces) or not "".join(params).islower():
        return None
    try:
        needed = [params[name] for name in _NEEDED]
    except KeyError:
        return None
    for text in needed:
        if len(text) < 2 or text[0] != '"' or text[-1] != '"':
            return None
    username, realm, nonce, uri, response = [text[1:-1] for text in needed]
    algorithm = params.get("algorithm", "MD5").strip('"')
    nc, cnonce = params.get("nc", ""), params.get("cnonce", "")
    if params.get("qop", "").strip('"') != "auth" or len(nc) != 8 or not nc.isdecimal() or cnonce[:1] != '"':
        return None
    if cnonce[-1] != '"' or len(cnonce) < 2 or not nc.isascii():
        return None
    return Answer(username, realm, nonce, uri, response, algorithm, "auth", nc, cnonce[1:-1])
