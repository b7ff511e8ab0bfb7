"""Makes, lists and revokes passes. A pass is a row of its own: no revision, and no undo brings it back."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

import segno
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dialplan.access import who_is
from dialplan.document import loads
from dialplan.passes import Pass, pin_digest, pin_length, token_digest
from dialplan.plan import DialPlan
from dialplan.route import Target
from webadmin.audit import record
from webadmin.models import GuestPass, PlanRevision, Site, next_number
from webadmin.publishing.passes import COUNTER, end_pass

MOST_USES = 100
MOST_DOORS = 20
MOST_LIVING = 50
"""Passes of one host that are not over yet."""

LONGEST = timedelta(days=366)
KEPT = timedelta(days=30)
"""How long a pass that is over can still be seen; then nothing of it is left."""

State = Literal["coming", "valid", "over", "used_up", "revoked"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a pass should be. `doors` are refs; `start` and `end` aware; `uses` None: as often as one likes;
    `host`: the ref of the person who gives it, "" for the house; `made_by`: who is at the keyboard.
    """

    label: str
    doors: tuple[str, ...]
    start: datetime
    end: datetime
    uses: int | None = None
    host: str = ""
    made_by: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A new pass: the only moment its token and PIN are known here."""

    ref: str
    token: str
    pin: str


@dataclass(frozen=True, slots=True)
class PassView:
    """A pass as a list shows it; `used` counts, and nobody says when."""

    ref: str
    label: str
    host: str
    doors: tuple[str, ...]
    start: datetime
    end: datetime
    uses: int | None
    used: int
    state: State
    made_by: str


class PassRefused(Exception):
    """The wish cannot be granted; `field` names what is wrong, `reason` is a sentence of the catalogues."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


def make(session: Session, site: Site, wish: Wish, at: datetime) -> Made:
    """Make a pass, inside the caller's `writing()`.

    Raises:
        PassRefused: it would open too much, or makes no sense.
    """
    plan = running_plan(session, site)
    wish = replace(wish, label=" ".join(wish.label.split()), doors=tuple(dict.fromkeys(wish.doors)))
    _check(wish, at)
    _check_doors(plan, wish)
    session.execute(delete(GuestPass).where(GuestPass.site == site.domain, GuestPass.ends_at < at - KEPT))
    living = session.execute(
        select(GuestPass.host, GuestPass.pin_length).where(
            GuestPass.site == site.domain, GuestPass.ends_at > at, GuestPass.state == "active"
        )
    ).all()
    if sum(row.host == wish.host for row in living) >= MOST_LIVING and wish.host:
        raise PassRefused("host", "There are too many passes already. Revoke one first.")
    length = pin_length(row.pin_length for row in living)
    if length is None:
        raise PassRefused("host", "The site has too many passes already.")
    made = Made(secrets.token_hex(8), secrets.token_urlsafe(16), _new_pin(length))
    first = plan.door(wish.doors[0])
    row = GuestPass(site=site.domain, ref=made.ref, label=wish.label, host=wish.host, doors=list(wish.doors))
    row.building = first.building if first is not None else ""
    row.starts_at, row.ends_at, row.uses = wish.start, wish.end, wish.uses
    row.pin, row.pin_length = pin_digest(site.domain, made.pin), length
    row.token, row.pin_sealed = token_digest(made.token), _box(made.token).encrypt(made.pin.encode()).decode()
    row.made_by, row.made_at, row.state = wish.made_by[:254], at, "active"
    row.seq = next_number(session, COUNTER)
    session.add(row)
    session.flush()
    if not wish.host:  # what a resident gives his guests is his own affair
        record(session, at, wish.made_by, "made a pass", wish.label, site.organisation_id)
    return made


def revoke(session: Session, site: Site, ref: str, at: datetime, *, host: str | None = None) -> bool:
    """Revoke a pass; with `host` only one of his. False when there is none.

    Its digests go, so that nothing that was written down opens anything again.
    """
    where = [GuestPass.site == site.domain, GuestPass.ref == ref]
    if host is not None:
        where.append(GuestPass.host == host)
    row = session.scalars(select(GuestPass).where(*where)).one_or_none()
    if row is None:
        return False
    end_pass(session, row)
    return True


def revoke_of(session: Session, site: Site, hosts: Iterable[str]) -> int:
    """Revoke every pass these people have given; how many that were."""
    rows = session.scalars(
        select(GuestPass).where(
            GuestPass.site == site.domain, GuestPass.host.in_(tuple(hosts)), GuestPass.state == "active"
        )
    ).all()
    for row in rows:
        end_pass(session, row)
    return len(rows)


def passes(
    session: Session,
    site: Site,
    *,
    at: datetime,
    host: str | None = None,
    used: Mapping[str, int] | None = None,
) -> list[PassView]:
    """A site's passes, newest first: all within reach, or one host's own.

    In a residential site nobody but a resident reads what he called his guests.
    """
    query = select(GuestPass).where(GuestPass.site == site.domain).order_by(GuestPass.id.desc())
    if host is not None:
        query = query.where(GuestPass.host == host)
    hidden = host is None and site.kind == "residential"
    return [_view(row, at, (used or {}).get(row.ref, 0), hidden) for row in session.scalars(query)]


def share_link(base: str, token: str) -> str:
    """The link a guest gets; `base` is what browsers call WebAdmin."""
    return f"{base.rstrip('/')}/g/{token}"


def qr_svg(link: str) -> str:
    """The link as a QR code: an SVG element."""
    return segno.make(link, error="m").svg_inline(scale=6, border=2, dark="#000", light="#fff")


def unseal_pin(row: GuestPass, token: str) -> str:
    """The PIN for whoever has the token; "" when it does not fit."""
    try:
        return _box(token).decrypt(row.pin_sealed.encode()).decode()
    except InvalidToken:
        return ""


def state_of(row: GuestPass, at: datetime, used: int) -> State:
    """What a pass is worth at `at`."""
    if row.state == "revoked":
        return "revoked"
    if at >= row.ends_at:
        return "over"
    if row.uses is not None and used >= row.uses:
        return "used_up"
    return "coming" if at < row.starts_at else "valid"


def as_pass(row: GuestPass) -> Pass:
    """The row as the rules see it."""
    return Pass(row.ref, row.host, tuple(row.doors), row.starts_at, row.ends_at, row.uses, row.pin, row.token)


def running_plan(session: Session, site: Site) -> DialPlan:
    """The plan the site has published last.

    Raises:
        PassRefused: none yet.
    """
    newest = select(PlanRevision.document).where(PlanRevision.site == site.domain)
    document = session.scalars(newest.order_by(PlanRevision.revision.desc()).limit(1)).first()
    if document is None:
        raise PassRefused("doors", "The site has nothing published yet.")
    return loads(document)


def doors_of(plan: DialPlan, host: str) -> Sequence[str]:
    """The doors a host may give: those he may open by code himself, now or at other times."""
    who = who_is(plan, Target("person", host))
    if who is None:
        return ()
    return [
        door.id
        for door in plan.directory.doors
        if any(
            "code" in rule.methods
            and (who.person in rule.people or who.unit in rule.units or who.building in rule.buildings)
            for rule in plan.rules_for(door.id)
        )
    ]


def _check(wish: Wish, at: datetime) -> None:
    if not 0 < len(wish.label) <= 120 or not wish.label.isprintable():
        raise PassRefused("label", "Say who it is for, in at most 120 characters.")
    if wish.end <= wish.start or wish.end <= at:
        raise PassRefused("window", "The pass ends before it begins, or has ended already.")
    if wish.end - max(wish.start, at) > LONGEST:
        raise PassRefused("window", "A pass lasts a year at most.")
    if wish.uses is not None and not 1 <= wish.uses <= MOST_USES:
        raise PassRefused("uses", "A pass is good for 1 to 100 openings.")
    if not 0 < len(wish.doors) <= MOST_DOORS:
        raise PassRefused("doors", "Choose at least one door.")


def _check_doors(plan: DialPlan, wish: Wish) -> None:
    if any(plan.door(door) is None for door in wish.doors):
        raise PassRefused("doors", "There is no such door.")
    if not wish.host:
        return
    if plan.person(wish.host) is None:
        raise PassRefused("host", "This person is not in the published plan yet.")
    own = doors_of(plan, wish.host)
    if any(door not in own for door in wish.doors):
        raise PassRefused("doors", "A pass opens only doors that its giver may open by code.")


def _new_pin(length: int) -> str:
    """Random digits, but none of those that people try first."""
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(length))
        steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
        if len(steps) > 1 and len(set(pin)) > 2:
            return pin


def _box(token: str) -> Fernet:
    key = hashlib.sha256(f"doorline-pass-pin\0{token}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _view(row: GuestPass, at: datetime, used: int, hidden: bool) -> PassView:
    label = "" if hidden and row.host else row.label
    return PassView(
        row.ref,
        label,
        row.host,
        tuple(row.doors),
        row.starts_at,
        row.ends_at,
        row.uses,
        used,
        state_of(row, at, used),
        row.made_by,
    )
