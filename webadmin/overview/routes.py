"""The overview page."""

from __future__ import annotations

from flask import Blueprint, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webadmin.auth.wall import EVERYBODY, open_to
from webadmin.db import db
from webadmin.overview.service import site_cards
from webadmin.pbx_link import PbxLink

pages = Blueprint("overview", __name__)


@pages.get("/")
@open_to(*EVERYBODY)
def home() -> ResponseReturnValue:
    """Every site with what runs, what is published, and how much there is; residents go to their own page."""
    if not g.reach.admin:
        return redirect(_home_of_residents(), 303)
    link: PbxLink = current_app.extensions["doorline.pbx"]
    running = link.running()
    cards = site_cards(db.session(), running)
    well = all(card.state == "current" for card in cards)
    return render_template("overview/home.html", cards=cards, well=well, reachable=running is not None)


def _home_of_residents() -> str:
    if "faces" in current_app.blueprints:
        return "/app/"
    if g.reach.people:
        return url_for("people.show", key=g.reach.people[0])
    return url_for("people.index" if g.reach.units else "accounts.me")
