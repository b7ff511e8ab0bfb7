"""Where the PBX's HTTP side is, as the asking browser can reach it."""

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
