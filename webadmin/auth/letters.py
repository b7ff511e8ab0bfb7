"""E-mails with a link in them."""

from __future__ import annotations

import logging

from flask import current_app, g, request

from webadmin.addresses import secure_address
from webadmin.auth.entering import Purpose
from webadmin.languages import translate
from webadmin.post import NotSent, Post

log = logging.getLogger("doorline.webadmin")

_TEXTS: dict[Purpose, tuple[str, str]] = {
    "invitation": (
        "You are invited to Doorline",
        "You are invited to Doorline. Choose a password here within 7 days; the link works once:",
    ),
    "password": (
        "A new password for Doorline",
        "Somebody asked for a new password for this address. The link works once, within an hour. "
        "If it was not you, do nothing:",
    ),
}


def send_account_link(to: str, code: str, purpose: Purpose) -> bool:
    """Send the link; False when the mail server did not take it. The code never reaches the log."""
    post: Post = current_app.extensions["doorline.post"]
    subject, text = (translate(g.language, phrase) for phrase in _TEXTS[purpose])
    try:
        post.send(to, subject, f"{text}\n\n{link_address(code)}\n")
    except NotSent as fault:
        log.error("an e-mail was not sent: %s", fault)
        return False
    return True


def link_address(code: str) -> str:
    """Where the link leads, by the name this server is known by."""
    settings = current_app.config["DOORLINE"]
    known = settings.webadmin.public_url or secure_address(settings)
    return f"{known or request.host_url.rstrip('/')}/choose-password/{code}"
