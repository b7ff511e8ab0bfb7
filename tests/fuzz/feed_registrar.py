"""Feed of authentication and registrar: any request, from a stranger and from a device, leaves both whole."""

from __future__ import annotations

from itertools import count

from pbx.auth import Authenticator, Credential, Granted, Identity
from pbx.registrar import Accepted, Location, Registrar
from pbx.sip.digest import answer, choose, ha1
from pbx.sip.errors import PeerError
from pbx.sip.flow import Flow
from pbx.sip.message import Request, parse
from pbx.transport.stun import binding_response

_SITE = "site.example"
_DEVICE = Identity(_SITE, "phone-1", "phone", 0)
_NOW = 100.0


class _World:
    """One account; its owner is `flat`."""

    def find(self, site: str, username: str) -> Credential | None:
        if (site, username) != (_SITE, "phone"):
            return None
        return Credential(_SITE, "phone-1", "phone", ha1("phone", _SITE, "secret"))

    def may_use(self, site: str, device: str, user: str) -> bool:
        return user == "flat"


def register(data: bytes) -> None:
    """The same request twice from a stranger and twice from the device, and as a STUN packet."""
    binding_response(data, ("192.0.2.9", 40000))
    try:
        request = parse(data)
    except PeerError:
        return
    if not isinstance(request, Request):
        return
    world = _World()
    authenticator = Authenticator(world, world, b"key", lambda: "salt")
    location = Location()
    registrar = Registrar(location, world, lambda: "Sun, 22 Nov 2026 14:00:00 GMT")
    flow = Flow("udp", ("192.0.2.1", 5060), ("192.0.2.9", 40000))
    for step in range(2):
        judged = authenticator.check(request, flow, _NOW)
        if isinstance(judged, Granted):
            raise AssertionError("a stranger was let in")
        _check_lines(judged.headers)
        decision = registrar.decide(request, flow, _DEVICE, _NOW + step)
        _check_lines(decision.headers)
        if not isinstance(decision, Accepted) and step == 0 and len(location):
            raise AssertionError("a refused request left something behind")
    if len(location) > location.limit:
        raise AssertionError("too many bindings")
    for change in location.changes(_NOW):
        repr(change).encode()
    location.expire(_NOW + 10_000)
    if location.stats()["bindings"]:
        raise AssertionError("a binding outlived its time")


def _check_lines(headers: tuple[tuple[str, str], ...]) -> None:
    for name, value in headers:
        f"{name}: {value}".encode()
        if "\r" in value or "\n" in value:
            raise AssertionError(f"a line end in {name}")


def _samples() -> list[bytes]:
    serial = count(1)

    def request(*lines: str, user: str = "phone") -> bytes:
        more = "".join(f"{line}\r\n" for line in lines)
        number = next(serial)
        return (
            f"REGISTER sip:{_SITE} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP 192.0.2.9:40000;branch=z9hG4bK{number};rport\r\n"
            f'From: "A b" <sip:{user}@{_SITE}>;tag=1\r\nTo: <sip:{user}@{_SITE}>\r\nCall-ID: c{number}\r\n'
            f"CSeq: {number} REGISTER\r\nUser-Agent: Phone/1\r\n{more}Content-Length: 0\r\n\r\n"
        ).encode()

    world = _World()
    way = Flow("udp", ("192.0.2.1", 5060), ("192.0.2.8", 40000))
    first = parse(request())
    assert isinstance(first, Request)
    refused = Authenticator(world, world, b"key", lambda: "salt").check(first, way, _NOW)
    assert not isinstance(refused, Granted)
    challenge = choose(value for _, value in refused.headers)
    assert challenge is not None
    proof = answer(challenge, "phone", method="REGISTER", uri=f"sip:{_SITE}", cnonce="x", secret="secret")
    return [
        request(f"Authorization: {proof}", "Contact: <sip:a@10.0.0.1>;expires=100;q=0.5", "Expires: 300"),
        request("Contact: <sip:a@10.0.0.1>, <sip:b@10.0.0.2>;expires=0", user="flat"),
        request("Contact: *", "Expires: 0"),
        request("Path: <sip:edge.example;lr;ob>", "Supported: path, outbound", "Require: path")[:-4]
        + b'\r\nContact: <sip:a@10.0.0.1>;+sip.instance="<urn:uuid:1>";reg-id=1\r\n\r\n',
        bytes.fromhex("000100002112a442") + bytes(12),
    ]


SAMPLES = {"register": _samples()}
