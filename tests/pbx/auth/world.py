"""A small site for tests of authentication and registrar, and a phone that answers challenges."""

from __future__ import annotations

from itertools import count

from pbx.auth import Authenticator, AuthOptions, Credential, Identity, Refused
from pbx.auth.account import Algorithm
from pbx.sip.digest import answer, choose, ha1
from pbx.sip.fields.auth import Challenge
from pbx.sip.flow import Flow, Transport
from pbx.sip.message import Request, parse

SITE = "fjordgata.example"
SERVER = ("192.0.2.1", 5060)
_branches = count(1)


def credential(username: str, **more: object) -> Credential:
    """A credential whose secret is `<username>-secret` and whose device is `<username>-id`."""
    secret = f"{username}-secret"
    values: dict[str, object] = {
        "site": SITE,
        "device": f"{username}-id",
        "username": username,
        "ha1": ha1(username, SITE, secret),
        "ha1_sha256": ha1(username, SITE, secret, "SHA-256"),
    }
    return Credential(**{**values, **more})  # type: ignore[arg-type]


class Book:
    """Credentials by user name."""

    def __init__(self, *credentials: Credential) -> None:
        self.by_name = {(each.site, each.username): each for each in credentials}

    def find(self, site: str, username: str) -> Credential | None:
        return self.by_name.get((site, username))

    def put(self, changed: Credential) -> None:
        self.by_name[changed.site, changed.username] = changed


class Owners:
    """Device id -> the owner's address."""

    def __init__(self, **owners: str) -> None:
        self.owners = owners

    def may_use(self, site: str, device: str, user: str) -> bool:
        return site == SITE and self.owners.get(device.removesuffix("-id")) == user


def authenticator(book: Book, *, algorithm: Algorithm = "MD5", **options: float) -> Authenticator:
    """One whose owners are: kari owns kari-app and kari-station."""
    owners = Owners(**{"kari-app": "kari", "kari-station": "kari"})
    settings = AuthOptions(**options)  # type: ignore[arg-type]
    return Authenticator(book, owners, b"key", lambda: "salt", settings, algorithm=lambda site: algorithm)


def flow(transport: Transport = "udp", host: str = "192.0.2.77", port: int = 5060) -> Flow:
    """A way to some phone."""
    return Flow(transport, SERVER, (host, port), None)


def request(
    user: str, *lines: str, method: str = "REGISTER", uri: str = f"sip:{SITE}", to: str = "", cseq: int = 1
) -> Request:
    """A request From `user`, with more header lines."""
    branch = f"z9hG4bK{next(_branches)}"
    to = to or f"<sip:{user}@{SITE}>"
    more = "".join(f"{line}\r\n" for line in lines)
    call_id = "" if any(line.startswith("Call-ID") for line in lines) else f"Call-ID: {user}-call\r\n"
    made = parse(
        (
            f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.77;rport;branch={branch}\r\n"
            f"From: <sip:{user}@{SITE}>;tag=a\r\nTo: {to}\r\n{call_id}CSeq: {cseq} {method}\r\n"
            f"Max-Forwards: 70\r\n{more}Content-Length: 0\r\n\r\n"
        ).encode("utf-8", "surrogateescape")
    )
    assert isinstance(made, Request)
    return made


def challenge_of(refused: object) -> Challenge:
    """The challenge of a 401."""
    assert isinstance(refused, Refused)
    assert refused.status == 401
    found = choose([value for name, value in refused.headers if name == "WWW-Authenticate"])
    assert found is not None
    return found


def answered(challenge: Challenge, username: str, **more: object) -> str:
    """An Authorization line."""
    values: dict[str, object] = {
        "method": "REGISTER",
        "uri": f"sip:{SITE}",
        "cnonce": "0a4f113b",
        "secret": f"{username}-secret",
    }
    return "Authorization: " + answer(challenge, username, **{**values, **more})  # type: ignore[arg-type]


def identity(username: str) -> Identity:
    """What a grant to `username` gives."""
    return Identity(SITE, f"{username}-id", username, 0)
