"""The overview page."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from webadmin.db import db
from webadmin.overview.service import site_cards
from webadmin.pbx_link import PbxLink

pages = Blueprint("overview", __name__)


@pages.get("/")
def home() -> str:
    """Every site with what runs, what is published, and how much there is."""
    link: PbxLink = current_app.extensions["doorline.pbx"]
    running = link.running()
    cards = site_cards(db.session(), running)
    well = all(card.state == "current" for card in cards)
    return render_template("overview/home.html", cards=cards, well=well, reachable=running is not None)
