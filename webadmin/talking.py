"""Where the PBX's HTTP side is, as the asking browser can reach it, and what pages may do that talk to it."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, request


def addresses() -> dict[str, str]:
    """Base, WebSocket and preview: as configured, else the same host on the PBX's own port."""
    http = current_app.config["DOORLINE"].http
    base: str = http.public_url
    if not base:
        name = urlsplit(request.host_url).hostname or "localhost"
        name = f"[{name}]" if ":" in name else name
        base = f"https://{name}:{http.tls_port}" if request.is_secure else f"http://{name}:{http.port}"
    return {"wss": "ws" + base.removeprefix("http") + "/ws", "preview": base, "pbx": base}


def talking() -> dict[str, str]:
    """The headers of a page that uses camera and microphone and talks to the PBX, and to nobody else."""
    where = addresses()
    pbx, socket = where["pbx"], where["wss"].removesuffix("/ws")
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; manifest-src 'self'; "
        f"worker-src 'self'; img-src 'self' data: blob: {pbx}; media-src 'self' blob: data:; "
        f"connect-src 'self' {pbx} {socket}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Permissions-Policy": "camera=(self), microphone=(self), screen-wake-lock=(self), geolocation=()",
    }
