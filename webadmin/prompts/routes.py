"""Pages about the spoken prompts: hear them, let one's own recording speak, and go back to ours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webadmin import audit
from webadmin.auth.reach import lifted
from webadmin.auth.wall import system_owner_only
from webadmin.db import writing
from webadmin.prompts import service
from webadmin.settings import Settings
from webadmin.shell import note

pages = Blueprint("prompts", __name__)


@pages.url_value_preprocessor
def take_more(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """A recording is larger than any other form; before anything reads the form."""
    if endpoint == "prompts.replace":
        request.max_content_length = service.MOST + 64 * 1024


@pages.get("/prompts")
@system_owner_only
def index() -> ResponseReturnValue:
    """Every prompt, by language."""
    return _page()


@pages.get("/prompts/<language>/<name>/sound")
@system_owner_only
def sound(language: str, name: str) -> ResponseReturnValue:
    """The recording that speaks now."""
    found = service.sound(_settings(), language, name)
    if found is None:
        abort(404)
    try:
        data = found[0].read_bytes()
    except OSError:
        abort(404)
    answer = Response(data, mimetype=found[1])
    return answer.make_conditional(request, accept_ranges=True, complete_length=len(data))


@pages.post("/prompts/<language>/<name>")
@system_owner_only
def replace(language: str, name: str) -> ResponseReturnValue:
    """Let a recording of one's own speak."""
    _needs(language, name)
    file = request.files.get("file")
    data = file.read(service.MOST + 1) if file is not None else b""
    try:
        service.replace(_settings(), language, name, data)
    except service.PromptRefused as fault:
        return _page(f"{language}/{name}", str(fault)), 422
    _tell("replaced a prompt", f"{language}/{name}")
    note("Your recording is heard from the next call on.")
    return redirect(url_for("prompts.index"), 303)


@pages.post("/prompts/<language>/<name>/ours")
@system_owner_only
def go_back(language: str, name: str) -> ResponseReturnValue:
    """Let ours speak again."""
    _needs(language, name)
    try:
        service.go_back(_settings(), language, name)
    except service.PromptRefused as fault:
        return _page(f"{language}/{name}", str(fault)), 422
    _tell("went back to our prompt", f"{language}/{name}")
    note("Our recording is heard again from the next call on.")
    return redirect(url_for("prompts.index"), 303)


def _page(wrong: str = "", fault: str = "") -> str:
    found = service.prompts(_settings())
    return render_template("prompts/index.html", prompts=found, wrong=wrong, fault=fault)


def _needs(language: str, name: str) -> None:
    if service.sound(_settings(), language, name) is None:
        abort(404)


def _tell(action: str, subject: str) -> None:
    who = g.account.email
    with lifted(), writing() as session:
        audit.record(session, datetime.now(UTC), who, action, subject)


def _settings() -> Settings:
    found: Settings = current_app.config["DOORLINE"]
    return found
