"""What surrounds every page: navigation, the site one works on, notes after saving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Flask, abort, current_app, flash, g, request, session
from sqlalchemy import select

from webadmin.auth.wall import may_use
from webadmin.db import db
from webadmin.forms import told
from webadmin.models import Site

NAVIGATION = (
    ("", (("overview.home", "Overview"),)),
    (
        "Who lives here",
        (
            ("buildings.index", "Buildings"),
            ("units.index", "Units"),
            ("people.index", "People"),
            ("delegation.index", "Unit owners"),
        ),
    ),
    (
        "What rings",
        (
            ("buttons.index", "Buttons"),
            ("dial_groups.index", "Dial groups"),
            ("panels.index", "Panels"),
            ("devices.index", "Devices"),
            ("telephones.index", "Telephones"),
            ("prompts.index", "Prompts"),
        ),
    ),
    (
        "What opens",
        (("doors.index", "Doors"), ("rules.index", "Access rules"), ("guests.index", "Guests")),
    ),
    (
        "What happens",
        (("live.index", "Live"), ("alarms.index", "Alarms"), ("history.index", "History")),
    ),
    (
        "Administration",
        (
            ("accounts.index", "Accounts"),
            ("privacy.index", "Privacy"),
            ("settings.index", "Settings"),
            ("manual.index", "Guide"),
        ),
    ),
)
"""Rooms under the question they answer; the first stands alone."""


class Entry(NamedTuple):
    """A line of the navigation."""

    endpoint: str
    label: str
    here: bool


class Part(NamedTuple):
    """A heading of the navigation and its lines."""

    title: str
    entries: list[Entry]


def build(app: Flask) -> None:
    """Give every template the shell."""
    app.jinja_env.globals["told"] = told

    @app.context_processor
    def shell() -> dict[str, Any]:
        if getattr(g, "account", None) is None:
            return {"navigation": (), "sites": (), "site": None, "account": None, "may": lambda name: False}
        return {
            "navigation": _navigation(),
            "sites": sites(),
            "site": current_site(),
            "account": g.account,
            "may": lambda name: may_use(current_app.view_functions.get(name), g.reach),
        }


def sites() -> Sequence[Site]:
    """Every site within reach, by name; asked once a request."""
    if "sites" not in g:
        g.sites = db.session.scalars(select(Site).order_by(Site.name, Site.domain)).all()
    found: Sequence[Site] = g.sites
    return found


def current_site() -> Site | None:
    """The site one works on: the page's own, the one just chosen, the last one, or the first."""
    if "site" in g:
        own: Site = g.site
        return own
    wanted = request.args.get("site") or session.get("site") or ""
    site = next((each for each in sites() if str(each.id) == wanted), None) or next(iter(sites()), None)
    if site is not None and session.get("site") != str(site.id):
        session["site"] = str(site.id)
    return site


def needed_site() -> Site:
    """The current site, for pages that are nothing without one."""
    site = current_site()
    if site is None:
        abort(404)
    return site


def here(site_id: int) -> Site:
    """This page is about something of this site."""
    site = next((each for each in sites() if each.id == site_id), None)
    if site is None:
        abort(404)
    g.site = site
    if session.get("site") != str(site.id):
        session["site"] = str(site.id)
    return site


def note(phrase: str, *values: object, undo: int | None = None) -> None:
    """A quiet note on the next page. `undo`: the change that its button takes back."""
    flash({"phrase": phrase, "values": [str(value) for value in values], "undo": undo})  # type: ignore[arg-type]


def _navigation() -> list[Part]:
    room = (request.endpoint or "").partition(".")[0]
    parts = []
    for title, lines in NAVIGATION:
        entries = []
        for endpoint, label in lines:
            view: Any = current_app.view_functions.get(endpoint)
            if view is not None and may_use(view, g.reach):
                entries.append(Entry(endpoint, label, endpoint.partition(".")[0] == room))
        if entries:
            parts.append(Part(title, entries))
    return parts
