"""The Flask application: `gunicorn 'webadmin.app:create_app()'`, or `python -m webadmin serve`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Response, abort, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, SecurityError

from webadmin import addresses, db, languages, shell
from webadmin.accounts import routes as account_routes
from webadmin.alarms import routes as alarm_routes
from webadmin.auth import routes as auth_routes
from webadmin.auth import wall
from webadmin.auth.sessions import DatabaseSessions
from webadmin.buildings import routes as building_routes
from webadmin.buttons import routes as button_routes
from webadmin.delegation import invitations as delegation_routes
from webadmin.devices import routes as device_routes
from webadmin.dial_groups import routes as dial_group_routes
from webadmin.doors import changing as door_changes
from webadmin.doors import routes as door_routes
from webadmin.guests import routes as guest_routes
from webadmin.guests import visit as guest_visits
from webadmin.history import routes as history_routes
from webadmin.live import routes as live_routes
from webadmin.lockdown import routes as lockdown_routes
from webadmin.machine import routes as machine_routes
from webadmin.manual import routes as manual_routes
from webadmin.models import Site
from webadmin.nudging import run_afterwards
from webadmin.overview import routes as overview_routes
from webadmin.pairing import routes as pairing_routes
from webadmin.panels import routes as panel_routes
from webadmin.papers import routes as paper_routes
from webadmin.papers.signing import load_or_make as pass_key
from webadmin.pbx_link import PbxLink
from webadmin.people import routes as people_routes
from webadmin.post import Post
from webadmin.privacy import routes as privacy_routes
from webadmin.prompts import routes as prompt_routes
from webadmin.proxy import behind_proxy
from webadmin.resident import faces
from webadmin.resident import routes as resident_routes
from webadmin.resident.answers import as_json, of_status
from webadmin.rules import routes as rule_routes
from webadmin.schedules import routes as schedule_routes
from webadmin.sealing import Sealer
from webadmin.search import routes as search_routes
from webadmin.secret_key import secret_key
from webadmin.service_mode import routes as service_routes
from webadmin.settings import Settings, load
from webadmin.setup import routes as setup_routes
from webadmin.trunks import limits as limit_routes
from webadmin.trunks import routes as trunk_routes
from webadmin.units import routes as unit_routes

log = logging.getLogger("doorline.webadmin")

BODY_LIMIT = 1024 * 1024
ROOMS: tuple[Any, ...] = (
    *(auth_routes, overview_routes, account_routes, search_routes, people_routes, unit_routes),
    *(dial_group_routes, button_routes, door_routes, door_changes, history_routes, delegation_routes),
    *(paper_routes, guest_visits),
    *(panel_routes, service_routes, device_routes, lockdown_routes, rule_routes, schedule_routes),
    *(building_routes, guest_routes),
    *(resident_routes, pairing_routes, faces, setup_routes, live_routes, alarm_routes),
    *(privacy_routes, manual_routes, prompt_routes, trunk_routes, limit_routes, machine_routes),
)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; media-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with none at all, browsers hide the Origin of a form too
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def create_app(settings: Settings | None = None) -> Flask:
    """WebAdmin with these settings, by default those of the configuration.

    Raises:
        webadmin.settings.SettingsError: the configuration is wrong.
    """
    settings = settings if settings is not None else load()
    app = Flask(__name__)
    secure = settings.webadmin.public_url.startswith("https://")
    app.config.update(
        DOORLINE=settings,
        SECRET_KEY=secret_key(settings.paths.var / "webadmin.secret"),
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,  # a long list of people comes back as text
        TRUSTED_HOSTS=addresses.hosts(settings),
        PREFERRED_URL_SCHEME="https" if secure else "http",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session it belongs to
        WTF_CSRF_SSL_STRICT=False,  # the wall looks at Origin, and cookies are strict
    )
    db.bind(app, settings.database.admin_url)
    app.session_interface = DatabaseSessions(
        timedelta(hours=settings.webadmin.session_hours), lambda: datetime.now(UTC)
    )
    app.extensions["doorline.pbx"] = PbxLink(
        settings.ami.host,
        settings.ami.port,
        settings.webadmin.ami_user,
        settings.paths.var / "webadmin-ami.secret",
    )
    var = settings.paths.var
    app.extensions["doorline.post"] = Post(settings.mail, var / "outbox")
    app.extensions["doorline.pass_key"] = pass_key(var / "keys")
    app.extensions["doorline.sealer"] = Sealer(secret_key(var / "secret.key"))
    if secure:
        app.wsgi_app = behind_proxy(app.wsgi_app)  # type: ignore[method-assign,assignment]
    _speak(app)
    wall.build(app)
    shell.build(app)
    app.add_url_rule("/health", "health", health)
    app.add_url_rule("/doorline-ca.pem", "authority", authority)
    for room in ROOMS:
        app.register_blueprint(room.pages)
    _answer_errors(app)
    app.after_request(run_afterwards)
    app.after_request(_add_headers(secure))
    return app


def health() -> ResponseReturnValue:
    """Whether WebAdmin can work. Nothing personal, so that a monitor needs no log-in."""
    try:
        db.db.session.execute(select(Site.id).limit(1)).first()
    except SQLAlchemyError:
        return {"status": "degraded", "database": "away"}, 503
    return {"status": "ok", "database": "ok"}


def authority() -> ResponseReturnValue:
    """The local authority's certificate, for phones and browsers that shall trust this machine."""
    file = current_app.config["DOORLINE"].paths.var / "tls" / "ca.pem"
    try:
        text = file.read_bytes()
    except OSError:
        abort(404)
    return Response(text, mimetype="application/x-x509-ca-cert")


def _speak(app: Flask) -> None:
    @app.before_request
    def choose() -> None:
        if isinstance(request.routing_exception, SecurityError):
            raise request.routing_exception  # no page can be built for a name that is not ours
        g.language = languages.choose(request)

    @app.after_request
    def remember(response: Response) -> Response:
        if request.args.get("lang") in languages.LANGUAGES:
            response.set_cookie(
                languages.COOKIE,
                g.language,
                max_age=31_536_000,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure,
            )
        return response

    @app.context_processor
    def words() -> dict[str, object]:
        language = getattr(g, "language", "nb")
        return {
            "language": language,
            "languages": languages.LANGUAGES,
            "in_language": lambda tag: languages.query_in(request, tag),
            "t": lambda phrase, *values: languages.translate(language, phrase, *values),
            "moment": lambda at, zone: languages.moment(language, at, zone),
        }


_ERRORS = {
    403: ("This is not yours to change", "Ask an admin of the organisation. Nothing was changed."),
    404: ("There is no such page", "It may have moved. Nothing was changed."),
    413: ("This is too large", "Nothing was saved. Go back and choose a smaller file."),
    500: ("Something went wrong here", "It is in the log. Nothing was changed."),
    503: ("The database is busy or away", "Nothing was saved and nothing is lost. Try again in a minute."),
}
_REFUSED = (
    "That did not work",
    "The request was not understood. Nothing was changed. Go back and try again.",
)


def _answer_errors(app: Flask) -> None:
    def answer(status: int) -> ResponseReturnValue:
        if request.path.startswith("/api/"):
            return as_json(of_status(status))
        title, text = _ERRORS.get(status, _REFUSED)
        return render_template("error.html", title=title, text=text), status

    @app.errorhandler(SecurityError)
    def foreign_name(error: SecurityError) -> ResponseReturnValue:
        return Response("This server goes by another name.\n", 400, mimetype="text/plain")

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> ResponseReturnValue:
        return answer(error.code or 500)

    @app.errorhandler(SQLAlchemyError)
    def database_away(error: SQLAlchemyError) -> ResponseReturnValue:
        log.error("database: %s", getattr(error, "orig", None) or type(error).__name__)
        return answer(503)


def _add_headers(secure: bool) -> Callable[[Response], Response]:
    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint != "static" and request.blueprint != "faces":
            response.headers["Cache-Control"] = "no-store"
        if secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response

    return add
