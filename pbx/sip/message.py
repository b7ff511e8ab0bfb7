"""Requests and responses, from and to bytes; fields are parsed when asked for (RFC 3261 section 7)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import MisuseError, PeerError
from .fields import CSeq, NameAddr, Via
from .grammar import LWS, is_digits, is_token
from .headers import Headers
from .names import DISPLAY, METHODS, REQUIRED
from .reasons import REASONS

__all__ = ["LIMITS", "REASONS", "Message", "Request", "Response", "SizeLimits", "parse", "response_to"]

_PLAIN = r"[A-Za-z0-9\-.!%*_+`'~]++"
_BRANCH = re.compile(rf"[^,\";]*+;(?:rport(?:=[0-9]++)?;)?branch=({_PLAIN})(?=[;,]|$)")
_DIALOG_MAKERS = frozenset(("INVITE", "SUBSCRIBE", "REFER", "NOTIFY"))
_ECHOED_WITH_ROUTE = REQUIRED | {"record-route"}


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """How much of a message we take before we refuse it: bytes, lines and characters."""

    head: int = 16 * 1024
    body: int = 64 * 1024
    lines: int = 128
    uri: int = 2048


LIMITS = SizeLimits()


class _Fields:
    """What requests and responses share: headers, a body, and typed fields read once and kept."""

    __slots__ = ("body", "headers")
    headers: Headers
    body: bytes

    @property
    def call_id(self) -> str:
        """The Call-ID; ``PeerError`` 400 if missing, as for every field below."""
        return self.headers.need("Call-ID")

    @property
    def cseq(self) -> CSeq:
        """The CSeq."""
        parsed = self.headers.parsed
        found: CSeq | None = parsed.get("cseq")
        if found is None:
            found = parsed["cseq"] = CSeq.parse(self.headers.need("CSeq"))
        return found

    @property
    def from_(self) -> NameAddr:
        """The From address."""
        return self._address("From")

    @property
    def to(self) -> NameAddr:
        """The To address."""
        return self._address("To")

    @property
    def via(self) -> Via:
        """The topmost Via."""
        parsed = self.headers.parsed
        found: Via | None = parsed.get("via")
        if found is None:
            found = parsed["via"] = Via.parse(self.headers.first("Via") or "")
        return found

    @property
    def branch(self) -> str:
        """The branch of the topmost Via, ``""`` if it has none."""
        parsed = self.headers.parsed
        found: str | None = parsed.get("branch")
        if found is None:
            quick = _BRANCH.match(self.headers.need("Via"))
            found = parsed["branch"] = quick[1] if quick else self.via.branch
        return found

    @property
    def from_tag(self) -> str | None:
        """The tag of From."""
        return self._tag("From")

    @property
    def to_tag(self) -> str | None:
        """The tag of To."""
        return self._tag("To")

    @property
    def contact(self) -> NameAddr | None:
        """The first Contact, ``None`` if there is none or it is ``*``."""
        parsed = self.headers.parsed
        if "contact" not in parsed:
            value = self.headers.first("Contact")
            parsed["contact"] = NameAddr.parse(value) if value and value != "*" else None
        found: NameAddr | None = parsed["contact"]
        return found

    @property
    def content_type(self) -> str:
        """The media type in lower case without parameters, ``""`` if there is none."""
        return (self.headers.get("Content-Type") or "").partition(";")[0].strip(LWS).lower()

    def addresses(self, name: str) -> list[NameAddr]:
        """Every value of Route, Record-Route, Path or the like, top first."""
        return [NameAddr.parse(value) for value in self.headers.values(name)]

    def _address(self, name: str) -> NameAddr:
        parsed = self.headers.parsed
        found: NameAddr | None = parsed.get(name)
        if found is None:
            found = parsed[name] = NameAddr.parse(self.headers.need(name))
        return found

    def _tag(self, name: str) -> str | None:
        parsed = self.headers.parsed
        full: NameAddr | None = parsed.get(name)
        if full is not None:
            return full.params.get("tag")
        value = self.headers.need(name)
        # Mostly the tag is all that follows the ">"; anything else is read in full.
        before, bracket, tail = value.rpartition(">")
        if bracket and before:
            if not tail:
                return None
            if tail.startswith(";tag=") and is_token(tail[5:]):
                return tail[5:]
        return self._address(name).tag

    def _bytes(self, start: str) -> bytes:
        head = f"{start}\r\n{self.headers.block(len(self.body))}\r\n\r\n"
        return head.encode("utf-8", "surrogateescape") + self.body


class Request(_Fields):
    """A request; ``uri`` is the Request-URI as text."""

    __slots__ = ("method", "uri")

    def __init__(self, method: str, uri: str, headers: Headers | None = None, body: bytes = b"") -> None:
        self.method = method
        self.uri = uri
        self.headers = Headers() if headers is None else headers
        self.body = body

    def to_bytes(self) -> bytes:
        """The message on the wire; sets Content-Length."""
        return self._bytes(f"{self.method} {self.uri} SIP/2.0")

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.uri}>"


class Response(_Fields):
    """A response; ``reason`` may be empty."""

    __slots__ = ("reason", "status")

    def __init__(
        self, status: int, reason: str = "", headers: Headers | None = None, body: bytes = b""
    ) -> None:
        self.status = status
        self.reason = reason
        self.headers = Headers() if headers is None else headers
        self.body = body

    def to_bytes(self) -> bytes:
        """The message on the wire; sets Content-Length."""
        return self._bytes(f"SIP/2.0 {self.status} {self.reason}")

    def __repr__(self) -> str:
        return f"<Response {self.status} {self.reason}>"


Message = Request | Response


def parse(data: bytes | bytearray | memoryview, limits: SizeLimits = LIMITS) -> Message:
    """One message from one datagram or WebSocket message.

    Content-Length may be absent or smaller than the rest, which is then ignored (RFC 3261 section 18.3);
    larger is an error. Checked here: framing, names, repeated single headers, the five required headers,
    version and CSeq. Every other field is checked when read, or by ``check.check``. ``PeerError`` carries
    ``request`` where an answer can be sent.
    """
    if type(data) is not bytes:
        data = bytes(data)
    if data[:1] in (b"\r", b"\n"):
        data = data.lstrip(b"\r\n")
    end = data.find(b"\r\n\r\n", 0, limits.head)
    if end < 0:
        raise PeerError(513 if len(data) > limits.head else 400, "No end of head", fatal=True)
    start, headers = split_head(data[:end], limits)
    body = data[end + 4 :]
    # The usual case first: exactly right. A repeated Content-Length is found with the other single headers.
    if headers.get("Content-Length") != str(len(body)):
        length = content_length(start, headers)
        if length is not None and length > len(body):
            raise PeerError(400, "Content-Length beyond the message", request=_answerable(start, headers))
        body = body[:length]
    if len(body) > limits.body:
        raise PeerError(413, REASONS[413], request=_answerable(start, headers))
    return build(start, headers, body, limits)


def split_head(head: bytes, limits: SizeLimits = LIMITS) -> tuple[str, Headers]:
    """Start line and headers of a head without its empty line; ``PeerError`` for lines that are none.

    All errors here are fatal to a stream: what the head says about its body cannot be trusted.
    """
    text = head.decode("utf-8", "surrogateescape")
    lines = text.split("\r\n")
    joined = "".join(lines)
    if "\n" in joined or "\r" in joined or "\0" in joined:
        raise PeerError(400, "Bare CR, LF or NUL in head", fatal=True)
    if len(lines) > limits.lines:
        raise PeerError(513, "Too many header lines", fatal=True)
    start = lines[0]
    del lines[0]
    return start, Headers.from_lines(lines)


def content_length(start: str, headers: Headers) -> int | None:
    """The Content-Length, ``None`` if absent; repeated or malformed is a fatal ``PeerError``."""
    value = headers.get("Content-Length")
    if value is None:
        return None
    if len(value) > 9 or not is_digits(value) or headers.count("Content-Length") > 1:
        raise PeerError(400, "Bad Content-Length", request=_answerable(start, headers), fatal=True)
    return int(value)


def build(start: str, headers: Headers, body: bytes, limits: SizeLimits = LIMITS) -> Message:
    """A message of its parts, checked as ``parse`` tells."""
    if start.startswith("SIP/"):
        message: Message = _status_line(start, headers, body)
        request = None
    else:
        message = request = _request_line(start, headers, body, limits)
    names = headers.key_set()
    if not names >= REQUIRED:
        raise PeerError(400, f"Missing {DISPLAY[min(REQUIRED - names)]}", request=request)
    if len(names) != len(headers) and (repeated := headers.first_repeated()):
        raise PeerError(400, f"Repeated {repeated}", request=request)
    try:
        method = message.cseq.method
    except PeerError as error:
        error.request = request
        raise
    if request is not None and method != request.method:
        raise PeerError(400, "CSeq method is not the request's", request=request)
    return message


def _request_line(start: str, headers: Headers, body: bytes, limits: SizeLimits) -> Request:
    method, _, rest = start.partition(" ")
    uri, _, version = rest.partition(" ")
    if method not in METHODS and not is_token(method):
        raise PeerError(400, "Bad request line")
    if not uri or " " in version or "\t" in uri:
        raise PeerError(400, "Bad request line", request=Request(method, rest, headers, body))
    request = Request(method, uri, headers, body)
    if version != "SIP/2.0" and version.upper() != "SIP/2.0":
        status = 505 if version.upper().startswith("SIP/") else 400
        raise PeerError(status, REASONS[status], request=request)
    if len(uri) > limits.uri:
        raise PeerError(414, REASONS[414], request=request)
    return request


def _status_line(start: str, headers: Headers, body: bytes) -> Response:
    version, _, rest = start.partition(" ")
    code, _, reason = rest.partition(" ")
    if version != "SIP/2.0" or len(code) != 3 or not is_digits(code) or not 100 <= int(code) <= 699:
        raise PeerError(400, "Bad status line")
    return Response(int(code), reason, headers, body)


def _answerable(start: str, headers: Headers) -> Request | None:
    """The request behind a refusal, if the start line shows one that may be answered."""
    if start.startswith("SIP/"):
        return None
    method, _, rest = start.partition(" ")
    return Request(method, rest.rpartition(" ")[0], headers) if is_token(method) else None


def response_to(request: Request, status: int, reason: str = "", *, to_tag: str | None = None) -> Response:
    """A response with all that the request prescribes: Via, From, To (with ``to_tag`` if it has none),
    Call-ID, CSeq, and Record-Route where it makes a dialog (RFC 3261 sections 8.2.6, 12.1.1). Lines go back
    untouched.
    """
    if not 100 <= status <= 699:
        raise MisuseError(f"{status} is no SIP status")
    makes_dialog = 100 < status < 300 and request.method in _DIALOG_MAKERS
    headers = request.headers.only(_ECHOED_WITH_ROUTE if makes_dialog else REQUIRED)
    if to_tag and not _has_tag(request):
        headers.append("To", f";tag={to_tag}")
    return Response(status, reason or REASONS.get(status, "Unknown"), headers)


def _has_tag(request: Request) -> bool:
    try:
        return request.to_tag is not None
    except PeerError:
        return ";tag=" in (request.headers.get("To") or "").lower()
