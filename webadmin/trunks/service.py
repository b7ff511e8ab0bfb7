"""Trunks in the database: checked, their passwords sealed; the PBX reads them by itself within 2 s.

All but `listed` run inside the caller's `writing()`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dialplan.numbers import is_e164
from webadmin.models import Trunk
from webadmin.sealing import Sealer

KINDS = ("registering", "peered")
TRANSPORTS = ("auto", "udp", "tcp", "tls")
FORMATS = ("plus", "digits", "national")

_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})*")
_PRINTABLE = re.compile(r"[\x21-\x7e]{0,120}")


@dataclass(frozen=True, slots=True)
class TrunkDraft:
    """A trunk as somebody wants it. `password` None keeps the one there is; "" takes it away.

    Attributes:
        host: name or address of the carrier; `port` 0: by its records in DNS, else the usual one.
        realm, from_domain: "" for the host.
        addresses: CIDRs that a peered carrier may call from; also further addresses of a registering one.
        listen_port: of the listener that a peered trunk has to itself; 0: any that is free.
        expires: seconds of a registration; options_seconds: between two questions whether it is there.
    """

    ref: str
    name: str
    enabled: bool = True
    kind: str = "registering"
    host: str = ""
    port: int = 0
    transport: str = "udp"
    username: str = ""
    realm: str = ""
    password: str | None = None
    from_domain: str = ""
    addresses: tuple[str, ...] = ()
    listen_port: int = 0
    srtp: bool = False
    number_format: str = "plus"
    caller_id: str = ""
    expires: int = 300
    options_seconds: int = 30


class TrunkRejected(Exception):
    """A draft that cannot be a trunk: (field, English sentence) for each fault."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__("\n".join(f"{field}: {text}" for field, text in errors))
        self.errors = tuple(errors)


def listed(session: Session) -> list[Trunk]:
    """Every trunk, in the order in which they are tried."""
    return list(session.scalars(select(Trunk).order_by(Trunk.position, Trunk.id)))


def save(session: Session, sealer: Sealer, draft: TrunkDraft, at: datetime) -> Trunk:
    """Make the trunk of that ref, or change it.

    Raises:
        TrunkRejected: with every fault.
    """
    if errors := list(faults(draft)):
        raise TrunkRejected(errors)
    row = session.scalars(select(Trunk).where(Trunk.ref == draft.ref)).one_or_none()
    if row is None:
        last = session.scalar(select(func.max(Trunk.position)))
        row = Trunk(ref=draft.ref, position=0 if last is None else last + 1, sealed_password="")
        session.add(row)
    for field in PLAIN:
        setattr(row, field, getattr(draft, field))
    row.addresses = list(draft.addresses)
    if draft.password is not None:
        row.sealed_password = sealer.seal(draft.password) if draft.password else ""
    row.changed_at = at
    if row.kind == "registering" and not row.sealed_password:
        raise TrunkRejected([("password", "A trunk that registers needs a password.")])
    session.flush()
    return row


def remove(session: Session, ref: str) -> None:
    """Take a trunk away; calls on it go on to their end. None of that ref: nothing happens."""
    row = session.scalars(select(Trunk).where(Trunk.ref == ref)).one_or_none()
    if row is not None:
        session.delete(row)
        session.flush()


def reorder(session: Session, refs: Iterable[str]) -> None:
    """Try the trunks in this order; those not named come after, in their own."""
    order = {ref: place for place, ref in enumerate(refs)}
    rows = sorted(listed(session), key=lambda row: (order.get(row.ref, len(order)), row.position))
    for place, row in enumerate(rows):
        row.position = place
    session.flush()


def faults(draft: TrunkDraft) -> Iterator[tuple[str, str]]:
    """What is wrong with a draft: field and English sentence."""
    if not _REF.fullmatch(draft.ref):
        yield "ref", "Use 1 to 64 letters, digits, dots, hyphens or underscores, a letter or digit first."
    if not draft.name.strip() or len(draft.name) > 120 or not draft.name.isprintable():
        yield "name", "Write a name of at most 120 characters."
    for field, choices in (("kind", KINDS), ("transport", TRANSPORTS), ("number_format", FORMATS)):
        if getattr(draft, field) not in choices:
            yield field, "Choose one of the list."
    yield from _place_faults(draft)
    if draft.kind == "registering" and not draft.username:
        yield "username", "A trunk that registers needs a user name."
    for field in ("username", "realm", "from_domain"):
        if not _PRINTABLE.fullmatch(getattr(draft, field)):
            yield field, "Use letters, digits and signs, without spaces."
    if draft.srtp and draft.transport != "tls":
        yield "srtp", "SRTP needs TLS, or its keys could be read on the way."
    if draft.caller_id and not is_e164(draft.caller_id):
        yield "caller_id", "Write the number like +4722334455."
    if not 60 <= draft.expires <= 3600:
        yield "expires", "Choose from 60 to 3600 seconds."
    if not 10 <= draft.options_seconds <= 600:
        yield "options_seconds", "Choose from 10 to 600 seconds."


def _place_faults(draft: TrunkDraft) -> Iterator[tuple[str, str]]:
    if not _is_host(draft.host):
        yield "host", "Write the carrier's name or address, such as sip.example.com."
    for field in ("port", "listen_port"):
        if not 0 <= getattr(draft, field) <= 65_535:
            yield field, "Choose from 0 to 65535."
    if draft.kind == "peered" and not draft.addresses:
        yield "addresses", "Write the addresses that the carrier calls from, such as 192.0.2.0/28."
    for text in draft.addresses[:100]:
        try:
            if ip_network(text).num_addresses > 2**16 and ":" not in text:
                yield "addresses", "No network larger than /16 can be one carrier's."
        except ValueError:
            yield "addresses", "Write addresses like 192.0.2.1 or 192.0.2.0/28."
            return
    if len(draft.addresses) > 100:
        yield "addresses", "Write at most 100 addresses."


def _is_host(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return _HOST.fullmatch(text) is not None and not text.replace(".", "").isdecimal()
    return True


PLAIN = (
    *("name", "enabled", "kind", "host", "port", "transport", "username", "realm", "from_domain"),
    *("listen_port", "srtp", "number_format", "caller_id", "expires", "options_seconds"),
)
