"""Sessions kept in the database: the cookie holds a random token, the table its hash (security decision 1).

Visitors without a session cost no row: one is made at log-in only, with a token of its own.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, has_request_context, request
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.datastructures import CallbackDict

from webadmin.db import db, writing
from webadmin.models import WebSession

log = logging.getLogger("doorline.webadmin")


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """Flask's session; `token` is the cookie's value, None as long as nobody is logged in; `unknown`: the
    database is away, so nobody can tell.
    """

    def __init__(self, content: dict[str, Any] | None = None, token: str | None = None) -> None:
        def changed(session: object) -> None:
            self.modified = True

        super().__init__(content, changed)
        self.token = token
        self.begun = self.ended = self.unknown = False
        self.modified = False

    def begin(self, **content: str) -> None:
        """Log in: whatever was here before goes, and the token is a new one (fixation)."""
        self.clear()
        self.update(content)
        self.begun = True
        self.ended = False

    def end(self) -> None:
        """Log out."""
        self.clear()
        self.ended = True


class DatabaseSessions(SessionInterface):
    """Reads and writes `ServerSession`s.

    Args:
        lifetime: from log-in to the next one.
        at: the time now, aware.
    """

    def __init__(self, lifetime: timedelta, at: Callable[[], datetime]) -> None:
        self._lifetime = lifetime
        self._at = at

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """The session of the request's cookie; an empty one when there is none or it is over."""
        token = request.cookies.get(cookie_name(request), "")
        if not 20 <= len(token) <= 100 or request.path.startswith(("/health", "/static/")):
            return ServerSession()
        try:
            row = db.session.get(WebSession, token_hash(token))
        except SQLAlchemyError:
            session = ServerSession()
            session.unknown = True
            return session
        if row is None or row.expires_at <= self._at():
            return ServerSession()
        return ServerSession(dict(row.content), token)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what changed; a session that only just began gets its token and row here."""
        assert isinstance(session, ServerSession)
        if session.ended:
            self._delete(session.token)
            secure = request.is_secure
            response.delete_cookie(cookie_name(request), secure=secure, httponly=True, samesite="Strict")
        elif session.begun:
            self._begin(session, response, _browser())
        elif session.modified and session.token is not None:
            self._keep(session, session.token)

    def _keep(self, session: ServerSession, token: str) -> None:
        """A note or a chosen site is not worth the page: what was asked for is done by now."""
        try:
            with writing() as database:
                row = database.get(WebSession, token_hash(token))
                if row is not None:
                    row.content = dict(session)
        except OperationalError as fault:
            log.warning("what a session should remember was not written: %s", fault.orig)

    def _begin(self, session: ServerSession, response: Response, browser: str) -> None:
        token = secrets.token_urlsafe(32)
        account = session.get("account")
        with writing() as database:
            database.execute(delete(WebSession).where(WebSession.expires_at <= self._at()))
            expires_at = self._at() + self._lifetime
            if session.token is not None:  # it was on the way in, and has arrived
                database.execute(delete(WebSession).where(WebSession.token_hash == token_hash(session.token)))
            database.add(
                WebSession(
                    token_hash=token_hash(token),
                    content=dict(session),
                    expires_at=expires_at,
                    account_id=int(account) if account else None,
                    begun_at=self._at(),
                    browser=browser,
                )
            )
        response.set_cookie(
            cookie_name(request),
            token,
            max_age=self._lifetime,
            secure=request.is_secure,
            httponly=True,
            samesite="Strict",
        )

    def _delete(self, token: str | None) -> None:
        if token is not None:
            with writing() as database:
                database.execute(delete(WebSession).where(WebSession.token_hash == token_hash(token)))


def _browser() -> str:
    """The browser of this request, by its own account of itself."""
    return request.user_agent.string[:200] if has_request_context() else ""


def cookie_name(request: Request) -> str:
    """By https a cookie of its own, which no page without TLS can set or read."""
    return "__Host-doorline" if request.is_secure else "doorline"


def token_hash(token: str) -> str:
    """What the table keeps of a token or code: enough to know it again, not enough to use it."""
    return hashlib.sha256(token.encode()).hexdigest()
