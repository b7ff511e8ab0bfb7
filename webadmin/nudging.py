"""Tells the PBX that something new is published when the answer is on its way, so that nobody waits."""

from __future__ import annotations

from contextlib import suppress

from flask import current_app, g
from flask.wrappers import Response

from webadmin.pbx_link import PbxAway, PbxLink


def nudge() -> None:
    """Tell the PBX when this request is over."""
    link: PbxLink = current_app.extensions["doorline.pbx"]

    def tell() -> None:
        with suppress(PbxAway):
            link.reload()

    g.setdefault("afterwards", []).append(tell)


def run_afterwards(response: Response) -> Response:
    """Give the response what was put off until it has left."""
    for each in g.pop("afterwards", []):
        response.call_on_close(each)
    return response
