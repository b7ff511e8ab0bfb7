"""Judges REGISTER requests: every contact is taken or none (RFC 3261 section 10.3, RFC 3327, RFC 5626)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from pbx.auth import Directory, Identity
from pbx.auth.account import address_of, may_speak_as
from pbx.facts import Registered, Unregistered
from pbx.sip.errors import PeerError
from pbx.sip.fields import NameAddr, parse_contacts
from pbx.sip.flow import Flow
from pbx.sip.grammar import is_digits, is_token, quote
from pbx.sip.message import Request
from pbx.sip.uri import SipUri

from .binding import Binding, Held, Offer
from .location import Location, registered

Headers = tuple[tuple[str, str], ...]

_EXTENSIONS = frozenset(("path", "outbound"))
_EXPIRES = re.compile(r";[ \t]*+expires[ \t]*+=", re.IGNORECASE)
_Q = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
_LONGEST_FIELD = 512
_LONGEST_AGENT = 128


@dataclass(frozen=True, slots=True)
class RegisterOptions:
    """How long contacts live, in seconds. `flow_timer`: what outbound clients are told (RFC 5626 section
    4.4), 0 for nothing."""

    minimum: int = 60
    default_udp: int = 300
    default_connection: int = 600
    maximum: int = 3600
    flow_timer: int = 0


class Accepted(NamedTuple):
    """Answer 200 with these headers. `fresh`: bindings that are new or came by another flow, as calls want
    to know."""

    headers: Headers
    facts: tuple[Registered | Unregistered, ...] = ()
    fresh: tuple[Binding, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Answer with this status and these headers; nothing was changed."""

    status: int
    reason: str
    headers: Headers = ()


class Registrar:
    """Decides on authenticated REGISTER requests and keeps `location` right.

    A device sees and changes its own bindings only, whatever address of record it names: that of a person
    stands for all devices of that person.

    Args:
        date: the value of the Date header now.
    """

    def __init__(
        self,
        location: Location,
        directory: Directory,
        date: Callable[[], str],
        options: RegisterOptions | None = None,
    ) -> None:
        self.location = location
        self._directory = directory
        self._date = date
        self._options = options or RegisterOptions()
        self._second = -1
        self._shown_date = ""

    def decide(self, request: Request, flow: Flow, identity: Identity, now: float) -> Accepted | Refused:
        """Carry out `request`, which `identity` sent by `flow`, wholly or not at all."""
        try:
            again = self._again(request, flow, identity, now)
            return self._decide(request, flow, identity, now) if again is None else again
        except PeerError as error:
            return Refused(error.status, error.reason)

    def _decide(self, request: Request, flow: Flow, identity: Identity, now: float) -> Accepted | Refused:
        user, host = address_of(request.to.uri)
        if not may_speak_as(identity, self._directory, user, host):
            return Refused(403, "Not your address")
        headers = request.headers
        if "Require" in headers and (unknown := headers.tokens("Require") - _EXTENSIONS):
            if not all(map(is_token, unknown)):
                return Refused(400, "Bad Require")
            return Refused(420, "Bad Extension", (("Unsupported", ", ".join(sorted(unknown))),))
        held = Held(
            identity.site,
            identity.device,
            flow,
            aor=user,
            call_id=_storable(request.call_id, "Call-ID"),
            cseq=request.cseq.number,
            path=_path(request),
            user_agent=_shown(headers.get("User-Agent") or ""),
            seen=_words(request),
        )
        known = self.location.find(identity.site, identity.device)
        contacts = parse_contacts(headers.values("Contact"))
        if contacts is None:
            if (headers.get("Expires") or "") != "0":
                return Refused(400, "Contact * without Expires 0")
            _check_order(held, known)
            return self._commit(held, known, (), now)
        if len(contacts) > self.location.limit:
            return Refused(403, "Too many contacts")
        return self._judge(request, held, known, contacts, now)

    def _again(
        self, request: Request, flow: Flow, identity: Identity, now: float
    ) -> Accepted | Refused | None:
        """The short way for a device's only contact, registered again in the same words, as nearly all are.

        None when it is anything else; then nothing has been done.
        """
        known = self.location.find(identity.site, identity.device)
        if len(known) != 1:
            return None
        binding = known[0]
        if binding.flow is not flow or not binding.seen or binding.seen != _words(request):
            return None
        number = request.cseq.number
        seconds = self._seconds(_expires_in(request), request, flow)
        if number <= binding.cseq or seconds < self._options.minimum:
            return None
        if binding.aor != identity.username and not self._directory.may_use(
            identity.site, identity.device, binding.aor
        ):
            return None
        binding.cseq = number
        self.location.extend(binding, seconds, now)
        fact = registered(binding, seconds, False)
        return Accepted((("Contact", _shown_contact(binding, now)), ("Date", self._date_at(now))), (fact,))

    def _judge(
        self,
        request: Request,
        held: Held,
        known: tuple[Binding, ...],
        contacts: list[NameAddr],
        now: float,
    ) -> Accepted | Refused:
        outbound = "outbound" in request.headers.tokens("Supported")
        gone: list[Binding] = []
        kept: list[tuple[Binding | None, Offer]] = []
        named: set[str] = set()
        for contact in contacts:
            seconds = self._seconds(contact.param("expires"), request, held.flow)
            if 0 < seconds < self._options.minimum:
                return self._too_brief()
            offer = _offer(contact, seconds, outbound)
            if offer.reg_id is not None and (refusal := _lacks_outbound(request)):
                return refusal
            if offer.key in named:
                return Refused(400, "A contact given twice")
            named.add(offer.key)
            binding = _match(offer, known)
            if binding is not None:
                _check_order(held, (binding,))
            if seconds:
                kept.append((binding, offer))
            elif binding is not None:
                gone.append(binding)
        if len(contacts) != 1 or (kept[0:1] and kept[0][1].reg_id is not None):
            held.seen = 0
        if sum(offer.reg_id is not None for _, offer in kept) > 1:
            return Refused(400, "More than one contact with reg-id")
        return self._commit(held, gone, kept, now)

    def _commit(
        self,
        held: Held,
        gone: Iterable[Binding],
        kept: Iterable[tuple[Binding | None, Offer]],
        now: float,
    ) -> Accepted:
        facts = self.location.commit(held, gone, kept, now)
        bindings = self.location.find(held.site, held.device)
        headers: list[tuple[str, str]] = [("Contact", _shown_contact(each, now)) for each in bindings]
        headers.append(("Date", self._date_at(now)))
        headers += [("Path", value) for value in held.path]
        if any(each.reg_id is not None and each.call_id == held.call_id for each in bindings):
            headers.append(("Require", "outbound"))
            if self._options.flow_timer:
                headers.append(("Flow-Timer", str(self._options.flow_timer)))
        fresh = tuple(
            binding
            for fact in facts
            if isinstance(fact, Registered) and fact.fresh
            for binding in bindings
            if binding.contact == fact.contact
        )
        return Accepted(tuple(headers), tuple(facts), fresh)

    def _date_at(self, now: float) -> str:
        """The Date value, asked for once a second."""
        if int(now) != self._second:
            self._second = int(now)
            self._shown_date = self._date()
        return self._shown_date

    def _seconds(self, parameter: str | None, request: Request, flow: Flow) -> int:
        """How long a contact shall live: its own expires, the Expires header, or our default, at most our
        maximum.

        What cannot be read counts as not given (RFC 3261 section 10.2.1.1 takes it for a long time).
        """
        for text in (parameter, request.headers.get("Expires")):
            if text is not None and is_digits(text):
                return min(int(text), self._options.maximum) if len(text) <= 10 else self._options.maximum
        return self._options.default_connection if flow.reliable else self._options.default_udp

    def _too_brief(self) -> Refused:
        return Refused(423, "Interval Too Brief", (("Min-Expires", str(self._options.minimum)),))


def _words(request: Request) -> int:
    """A hash of what a REGISTER says of its one contact, 0 where it says more than the short way looks at."""
    headers = request.headers
    contacts = headers.lines("Contact")
    if len(contacts) != 1 or "Path" in headers or "Require" in headers:
        return 0
    said = (request.to.uri, request.call_id, contacts[0], headers.get("User-Agent"))
    return hash(said) or 1


def _expires_in(request: Request) -> str | None:
    """The expires parameter of the only Contact."""
    line = request.headers.get("Contact") or ""
    if _EXPIRES.search(line) is None:
        return None
    contact = request.contact
    return contact.param("expires") if contact is not None else None


def _offer(contact: NameAddr, seconds: int, outbound: bool) -> Offer:
    SipUri.parse(contact.uri)  # whatever it is, it goes into our Request-URIs
    instance = _storable(contact.param("+sip.instance") or "", "+sip.instance")
    reg_id = contact.param("reg-id")
    number: int | None = None
    if outbound and instance and reg_id is not None:
        if not is_digits(reg_id) or len(reg_id) > 9 or int(reg_id) < 1:
            raise PeerError(400, "Bad reg-id")
        number = int(reg_id)
    q = contact.param("q") or ""
    return Offer(_storable(contact.uri, "Contact"), seconds, instance, number, q if _Q.fullmatch(q) else "")


def _match(offer: Offer, known: tuple[Binding, ...]) -> Binding | None:
    """The binding this contact means: by instance and reg-id under outbound, else by comparing URIs."""
    for binding in known:
        if binding.key == offer.key:
            return binding
    if offer.reg_id is not None or not known:
        return None
    uri = SipUri.parse(offer.contact)
    for binding in known:
        if binding.reg_id is None and uri.equal(SipUri.parse(binding.contact)):
            return binding
    return None


def _check_order(held: Held, known: Iterable[Binding]) -> None:
    """Refuse what is older than what we know: same Call-ID, CSeq not higher (RFC 3261 section 10.3, step
    7)."""
    for binding in known:
        if binding.call_id == held.call_id and held.cseq <= binding.cseq:
            raise PeerError(400, "CSeq out of order")


def _lacks_outbound(request: Request) -> Refused | None:
    """Outbound through a proxy that does not know it cannot work (RFC 5626 section 6)."""
    paths = request.headers.values("Path")
    if paths:
        supported = any("ob" in SipUri.parse(NameAddr.parse(value).uri).params for value in paths)
    else:
        supported = len(request.headers.values("Via")) == 1
    return None if supported else Refused(439, "First Hop Lacks Outbound Support")


def _path(request: Request) -> tuple[str, ...]:
    """The Path values, kept as they came (RFC 3327 section 5.3)."""
    if "Path" not in request.headers:
        return ()
    values = request.headers.values("Path")
    for value in values:
        SipUri.parse(NameAddr.parse(value).uri)
    return tuple(_storable(value, "Path") for value in values)


def _storable(text: str, what: str) -> str:
    """Refuse what is too long to keep or no UTF-8, so that memory and the store can count on it."""
    if len(text) > _LONGEST_FIELD:
        raise PeerError(400, f"{what} too long")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise PeerError(400, f"Bad {what}") from None
    return text


def _shown(agent: str) -> str:
    return agent[:_LONGEST_AGENT].encode("utf-8", "backslashreplace").decode()


def _shown_contact(binding: Binding, now: float) -> str:
    parts = [f"<{binding.contact}>;expires={max(0, round(binding.expires_at - now))}"]
    if binding.q:
        parts.append(f"q={binding.q}")
    if binding.reg_id is not None:
        parts.append(f"+sip.instance={quote(binding.instance)};reg-id={binding.reg_id}")
    return ";".join(parts)
