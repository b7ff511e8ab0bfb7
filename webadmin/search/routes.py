"""The search page."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request

from webadmin.search.service import find

pages = Blueprint("search", __name__)


@pages.get("/search")
def everything() -> str:
    """People, units, buttons, groups, doors and buildings whose name has these words."""
    words = request.args.get("q", "")[:80].strip()
    found = [hit for hit in find(words) if hit.endpoint in current_app.view_functions]
    return render_template("search/everything.html", words=words, found=found)
