"""Papers for a door that may be cut off: its passes, signed with WebAdmin's Ed25519 key for a day at most.

The claims are listed in `intercom/papers.py`, which checks them. A paper holds digests of its codes, and only
for the doors that this very device drives. Count-limited passes get none: who counts must be asked.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from dialplan.access import Subject, who_is
from dialplan.directory import Door
from dialplan.groups import Rule
from dialplan.passes import Pass
from dialplan.plan import DialPlan
from dialplan.route import Target

TYPE = "doorline-pass+jwt"
VALID = timedelta(hours=24)
PRIVATE_NAME, PUBLIC_NAME = "pass_ed25519", "pass_ed25519.pub"


@dataclass(frozen=True, slots=True)
class Holder:
    """The device that holds papers."""

    device: str
    username: str


def papers(
    key: Ed25519PrivateKey, plan: DialPlan, holder: Holder, held: Iterable[Pass], at: datetime
) -> list[str]:
    """The papers of a device at `at` (aware): for passes that are good, or will be, within a day.

    Those of one hour are the same, so that a device that asks again has nothing new to fetch.
    """
    issued = at.replace(minute=0, second=0, microsecond=0)
    until = issued + VALID
    doors = {door.id: door for door in plan.directory.doors if _alone(door, holder.device)}
    made = []
    for each in sorted(held, key=lambda each: each.id):
        if each.uses is not None or each.start >= until or each.end <= at:
            continue
        openings = [
            {"door": door, "relay": doors[door].relay, "ms": doors[door].open_seconds * 1000, "spans": spans}
            for door in each.doors
            if door in doors and (spans := _spans(plan, each, door, issued, until)) != []
        ]
        if openings:
            claims = {
                "iss": plan.site,
                "aud": holder.username,
                "sub": each.id,
                "pin": each.pin,
                "token": each.token,
                "doors": openings,
                "nbf": each.start.timestamp(),
                "iat": issued.timestamp(),
                "exp": min(each.end, until).timestamp(),
            }
            made.append(jwt.encode(claims, key, algorithm="EdDSA", headers={"typ": TYPE}))
    return made


def load_or_make(directory: Path) -> Ed25519PrivateKey:
    """The key in `directory` (`var/keys`), made at first need, 0600; what devices pin lies beside it.

    Raises OSError or ValueError.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    private = directory / PRIVATE_NAME
    if not private.exists():
        content = Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        _place(private, content, 0o600)
    if private.stat().st_mode & 0o077:
        raise ValueError(f"{private} can be read by others: chmod 600 {private}")
    key = load_pem_private_key(private.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{private} is not an Ed25519 private key")
    public = directory / PUBLIC_NAME
    if not public.exists():
        pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        _place(public, pem, 0o644)
    return key


def _alone(door: Door, device: str) -> bool:
    """Whether the device can open this door without asking: nothing else need be known."""
    return door.controller == device and door.driver == "agent" and not door.interlock


def _spans(
    plan: DialPlan, held: Pass, door: str, start: datetime, end: datetime
) -> list[tuple[float, float]] | None:
    """When the giver of the pass may open the door by code: None is always, [] is never."""
    if not held.host:
        return None
    who = who_is(plan, Target("person", held.host))
    if who is None:
        return []
    rules = [each for each in plan.rules_for(door) if "code" in each.methods and _concerns(each, who)]
    if any(rule.window is None for rule in rules):
        return None
    windows = [rule.window for rule in rules if rule.window is not None]
    spans = [span for window in windows for span in window.spans(start, end)]
    return sorted((begin.timestamp(), over.timestamp()) for begin, over in spans)


def _concerns(rule: Rule, who: Subject) -> bool:
    return who.person in rule.people or who.unit in rule.units or who.building in rule.buildings


def _place(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all; whoever comes second leaves the first one's."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(unfinished, path)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
