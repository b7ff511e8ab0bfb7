"""The page of the guide."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue

from webadmin.manual.render import render

pages = Blueprint("manual", __name__)
TEXTS = Path(__file__).parent


@pages.get("/guide")
def index() -> ResponseReturnValue:
    """The guide in the language of the page."""
    text = render(_text(g.language), lambda name: url_for("static", filename=f"manual/{name}"))
    return render_template("manual/guide.html", text=text)


@cache
def _text(language: str) -> str:
    return (TEXTS / f"guide.{language}.md").read_text(encoding="utf-8")
