"""A ringing panel's picture: who may see it, and only until the ring is over (decision 11).

Every ringing device that can, gets the picture without sound: a SIP station that answers 183 with a
description sees it on its own leg; whoever holds a leg's token (header `Doorline-Preview` of its INVITE) may
open one receive-only session, and fetch pictures. Nothing is kept: the last JPEG lives half a second, in
memory.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from media.errors import NoCapacity, SdpError

if TYPE_CHECKING:
    from media.engine import MediaSession

HEADER = "Doorline-Preview"
"""Carries the path under which the PBX's HTTP side shows the picture: `/preview/TOKEN`."""

PATH = "/preview/"
FRESH_SECONDS = 0.5
"""A JPEG so young is given out once more instead of another being made."""

MOST_TICKETS = 4_096
MOST_WAITING = 16
OnPicture = Callable[[bytes | None], None]


class PreviewGone(Exception):
    """No such token or place: never was, already used, or its ring is over. Which, is nobody's business."""


class Keys:
    """Things under unguessable words, found without telling by time how much of a word was right.

    A word is an id to look up and a secret to compare, both random. At most `most` are kept; the oldest goes.
    """

    def __init__(self, most: int = MOST_TICKETS) -> None:
        self._most = most
        self._kept: dict[str, tuple[str, Ticket]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, ticket: Ticket, id: str, secret: str) -> str:
        """Keep a ticket; returns its word."""
        while len(self._kept) >= self._most:
            del self._kept[next(iter(self._kept))]
        self._kept[id] = (secret, ticket)
        return f"{id}-{secret}"

    def find(self, word: str) -> Ticket:
        """The ticket of that word. Raises PreviewGone."""
        id, _, given = word.partition("-")
        secret, ticket = self._kept.get(id, ("", None))
        if not hmac.compare_digest(secret.encode(), given.encode("utf-8", "replace")) or ticket is None:
            raise PreviewGone
        return ticket

    def forget(self, word: str) -> None:
        """That word is worth nothing any more."""
        self._kept.pop(word.partition("-")[0], None)


@dataclass(slots=True, eq=False)
class Ticket:
    """What one ringing leg's token is good for. `viewer`: the media leg of its session, once it has one."""

    preview: Preview
    leg: str
    token: str = ""
    place: str = ""
    viewer: str = ""
    used: bool = False


class PreviewDesk:
    """All tokens and sessions of this node; the HTTP side asks here. Without a ring it is empty."""

    def __init__(self, most: int = MOST_TICKETS) -> None:
        self._tokens, self._places = Keys(most), Keys(most)
        self.shown = self.pictures = self.refused = 0

    def stats(self) -> dict[str, int]:
        """Counts for metrics and leak tests."""
        counts = {"tokens": len(self._tokens), "sessions": len(self._places)}
        return {**counts, "shown": self.shown, "pictures": self.pictures, "refused": self.refused}

    def issue(self, preview: Preview, leg: str, id: str, secret: str) -> Ticket:
        """A ticket for a leg that is about to ring."""
        ticket = Ticket(preview, leg)
        ticket.token = self._tokens.keep(ticket, id, secret)
        return ticket

    def watch(self, token: str, offer: bytes, source: str | None) -> tuple[bytes, str]:
        """Open the one session of a token: our answer, and the place by which it is left again.

        Raises PreviewGone, SdpError (the offer is no good; the token stays), NoCapacity.
        """
        ticket = self._found(self._tokens, token)
        if ticket.used:
            self.refused += 1
            raise PreviewGone
        answer = ticket.preview.admit(ticket, offer, source)
        ticket.used = True
        token_of = ticket.preview.token
        ticket.place = self._places.keep(ticket, token_of(), token_of())
        self.shown += 1
        return answer, ticket.place

    def leave(self, place: str) -> None:
        """End a session. Raises PreviewGone."""
        ticket = self._found(self._places, place)
        self._places.forget(place)
        ticket.preview.dismiss(ticket)

    def picture(self, token: str, now: float, done: OnPicture) -> None:
        """Hand the newest picture to `done`, as a JPEG, or None. Raises PreviewGone."""
        self._found(self._tokens, token).preview.picture(now, done)
        self.pictures += 1

    def _found(self, keys: Keys, word: str) -> Ticket:
        try:
            return keys.find(word)
        except PreviewGone:
            self.refused += 1
            raise

    def withdraw(self, ticket: Ticket) -> None:
        """The leg rings no more: its token and its session end."""
        self._tokens.forget(ticket.token)
        if ticket.place:
            self._places.forget(ticket.place)
        ticket.preview.dismiss(ticket)


@dataclass(slots=True, eq=False)
class Preview:
    """One call's preview: `source` is the panel's leg of `media`, `token` makes random words."""

    media: MediaSession
    source: str
    desk: PreviewDesk
    token: Callable[[], str]
    over: bool = False
    described: set[str] = field(default_factory=set)
    """Legs that have described themselves while they rang."""
    _tickets: dict[str, Ticket] = field(default_factory=dict)
    _jpeg: bytes = b""
    _made_at: float = float("-inf")
    _waiting: list[OnPicture] = field(default_factory=list)

    def header(self, leg: str) -> tuple[str, str]:
        """The line for the INVITE of a leg that is about to ring."""
        ticket = self._tickets[leg] = self.desk.issue(self, leg, self.token(), self.token())
        return HEADER, PATH + ticket.token

    def early_media(self, leg: str, body: bytes, source: str) -> bool:
        """A ringing leg described itself: show it the picture. False when its description is no good."""
        if self.over:
            return False
        try:
            self.media.receive_answer(leg, body, source=source)
        except SdpError:
            return False   # it rings all the same; its 200 may say more
        self.described.add(leg)
        self.media.view(self.source, leg)
        return True

    def admit(self, ticket: Ticket, offer: bytes, source: str | None) -> bytes:
        """Our answer to the offer of a receive-only session. Raises SdpError, NoCapacity, PreviewGone."""
        if self.over:
            raise PreviewGone
        viewer = self.token()
        try:
            self.media.receive_offer(viewer, offer, source=source, role="viewer")
            answer = self.media.answer(viewer, like=self.source)
        except (SdpError, NoCapacity):
            self.media.drop(viewer)
            raise
        ticket.viewer = viewer
        self.media.view(self.source, viewer)
        return answer

    def dismiss(self, ticket: Ticket) -> None:
        """End the session of a ticket, if it has one."""
        viewer, ticket.viewer = ticket.viewer, ""
        if viewer:
            self.media.drop(viewer)

    def leg_gone(self, leg: str) -> None:
        """A leg rings no more."""
        ticket = self._tickets.pop(leg, None)
        if ticket is not None:
            self.desk.withdraw(ticket)

    def picture(self, now: float, done: OnPicture) -> None:
        """The newest picture as a JPEG; askers at the same time get the same one."""
        if now - self._made_at < FRESH_SECONDS and self._jpeg:
            done(self._jpeg)
        elif self.over or len(self._waiting) >= MOST_WAITING:
            done(None)
        else:
            self._waiting.append(done)
            if len(self._waiting) == 1:
                self.media.snapshot(self.source, lambda jpeg: self._developed(jpeg, now))

    def _developed(self, jpeg: bytes | None, asked_at: float) -> None:
        waiting, self._waiting = self._waiting, []
        if jpeg is not None and not self.over:
            self._jpeg, self._made_at = jpeg, asked_at
        for done in waiting:
            done(None if self.over else jpeg)

    def end(self) -> None:
        """The ring is over: nobody but who answered sees anything any more, and no picture is left."""
        self.over, self._jpeg = True, b""
        for leg in list(self._tickets):
            self.leg_gone(leg)
