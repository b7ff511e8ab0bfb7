"""The lite side of ICE: it answers checks and never makes one (RFC 8445 sections 2.5, 7.3, 8.2; RFC 7675)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from media import stun

CONSENT_SECONDS = 30.0
_REQUIRED_BELOW = 0x8000   # an attribute below must be understood
_UNDERSTOOD = frozenset({
    stun.MAPPED_ADDRESS, stun.USERNAME, stun.MESSAGE_INTEGRITY, stun.XOR_MAPPED_ADDRESS, stun.PRIORITY,
    stun.USE_CANDIDATE, stun.ERROR_CODE, stun.UNKNOWN_ATTRIBUTES,
})


class Credentials(NamedTuple):
    """A user fragment and its password, ours."""

    ufrag: str
    password: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to: the `reply` to send back to where it came from, None for silence.

    `valid`: its integrity holds, so its source address may be believed. `nominated`: the peer wants this
    pair of addresses used.
    """

    reply: bytes | None = None
    valid: bool = False
    nominated: bool = False


_SILENCE = Checked()


def local_ufrag(message: stun.Message) -> str | None:
    """Our user fragment as a check names it: before the colon of USERNAME (RFC 8445 section 7.2.2)."""
    name = message.get(stun.USERNAME)
    if message.type != stun.BINDING_REQUEST or name is None or len(name) > 513:
        return None
    local, colon, _ = name.partition(b":")
    return local.decode("ascii", "replace") if colon else None


class Checks:
    """The checks of one transport: what is valid with our credentials, and since when consent lasts.

    After an ICE restart the old credentials hold until the first check by the new ones.
    """

    __slots__ = ("_current", "_old", "_remote", "consent")

    def __init__(self, current: Credentials) -> None:
        self._current = current
        self._old: Credentials | None = None
        self._remote: str | None = None
        self.consent: float | None = None

    @property
    def ufrags(self) -> tuple[str, ...]:
        """Every user fragment of ours that a check may name now."""
        return (self._current.ufrag, *([self._old.ufrag] if self._old is not None else []))

    def restart(self, current: Credentials) -> None:
        """New credentials of ours (RFC 8445 section 9)."""
        if current != self._current:
            self._old, self._current = self._current, current

    def expect(self, remote_ufrag: str) -> None:
        """The peer's description came: from now on checks must name its user fragment too."""
        self._remote = remote_ufrag

    def receive(self, message: stun.Message, source: tuple[str, int], now: float) -> Checked:
        """Judge a check that names one of our fragments."""
        if message.type != stun.BINDING_REQUEST:
            return _SILENCE
        ours = next((one for one in (self._current, self._old) if one and self._names(message, one)), None)
        key = ours.password.encode() if ours is not None else b""
        if ours is None or not stun.authentic(message, key):
            return Checked(_error(message, 401, b"Unauthenticated", None))
        attributes = stun.covered(message)
        kinds = {kind for kind, _ in attributes}
        if unknown := sorted(kind for kind in kinds if kind < _REQUIRED_BELOW and kind not in _UNDERSTOOD):
            listed = b"".join(kind.to_bytes(2, "big") for kind in unknown)
            more = (stun.UNKNOWN_ATTRIBUTES, listed)
            return Checked(_error(message, 420, b"Unknown Attribute", key, more))
        if stun.ICE_CONTROLLED in kinds:   # we are lite: the peer controls (RFC 8445 section 6.1.1)
            return Checked(_error(message, 487, b"Role Conflict", key))
        if ours is self._current:
            self._old = None
        self.consent = now
        mapped = (stun.XOR_MAPPED_ADDRESS, stun.xor_address(source))
        reply = stun.build(stun.Message(stun.BINDING_SUCCESS, message.transaction, (mapped,)), key)
        return Checked(reply, valid=True, nominated=stun.USE_CANDIDATE in kinds)

    def lapsed(self, now: float) -> bool:
        """Whether a peer once heard has not renewed its consent for too long (RFC 7675 section 5.1)."""
        return self.consent is not None and now - self.consent >= CONSENT_SECONDS

    def _names(self, message: stun.Message, ours: Credentials) -> bool:
        local, _, remote = (message.get(stun.USERNAME) or b"").partition(b":")
        if local != ours.ufrag.encode():
            return False
        return self._remote is None or ours is self._old or remote == self._remote.encode()


def _error(
    message: stun.Message, code: int, reason: bytes, key: bytes | None, *more: tuple[int, bytes]
) -> bytes:
    value = bytes((0, 0, code // 100, code % 100)) + reason
    reply = stun.Message(stun.BINDING_ERROR, message.transaction, ((stun.ERROR_CODE, value), *more))
    return stun.build(reply, key)
