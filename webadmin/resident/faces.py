"""Serves the three faces: `/app/` and `/station` are the resident app's build, `/kiosk/` the panel's.

Files with a hash in their name never change; everything else is asked for again each time. Scripts and styles
go out as the build has compressed them. The pages may use camera and microphone, talk to the PBX's HTTP side,
and nothing else outside.
"""

from __future__ import annotations

from mimetypes import guess_type
from pathlib import Path

from flask import Blueprint, Response, abort, redirect, request, send_from_directory
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from webadmin.talking import talking

pages = Blueprint("faces", __name__)

APP = Path(__file__).parent.parent / "static" / "app"
KIOSK = Path(__file__).parent.parent.parent / "intercom" / "kiosk" / "static"
FOREVER = "public, max-age=31536000, immutable"


@pages.get("/app")
def app_root() -> ResponseReturnValue:
    """The app lives under a slash, so that its files lie beside it."""
    return redirect("/app/", 308)


@pages.get("/app/")
@pages.get("/app/<path:name>")
def app_file(name: str = "index.html") -> ResponseReturnValue:
    """A file of the app; a page inside it is the app itself."""
    return _served(APP, name)


@pages.get("/station")
@pages.get("/station/")
def station() -> ResponseReturnValue:
    """The same app, which knows by its address that it hangs on a wall."""
    return _served(APP, "station.html" if (APP / "station.html").is_file() else "index.html")


@pages.get("/kiosk")
def kiosk_root() -> ResponseReturnValue:
    """The panel lives under a slash, too."""
    return redirect("/kiosk/", 308)


@pages.get("/kiosk/")
@pages.get("/kiosk/<path:name>")
def kiosk_file(name: str = "index.html") -> ResponseReturnValue:
    """A file of the panel's page."""
    return _served(KIOSK, name)


def _served(folder: Path, name: str) -> Response:
    if not (folder / "index.html").is_file():
        abort(404)
    if "." not in name.rpartition("/")[2]:
        name = "index.html"
    answer = _sent(folder, name)
    answer.headers["Cache-Control"] = FOREVER if "/assets/" in f"/{name}" else "no-cache"
    answer.headers.update(talking())
    return answer


def _sent(folder: Path, name: str) -> Response:
    """The file; compressed where the build has it so and the browser takes it (RFC 9110, 12.5.3)."""
    if request.accept_encodings.quality("gzip") > 0:
        try:
            answer = send_from_directory(folder, f"{name}.gz", mimetype=guess_type(name)[0])
        except NotFound:
            return send_from_directory(folder, name)
        answer.headers["Content-Encoding"] = "gzip"
        answer.vary.add("Accept-Encoding")
        return answer
    return send_from_directory(folder, name)
