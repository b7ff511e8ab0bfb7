"""Only a proxy on this machine is believed."""

from __future__ import annotations

import pytest

from webadmin.proxy import behind_proxy

SAYS = {"HTTP_X_FORWARDED_FOR": "192.0.2.1", "wsgi.url_scheme": "http", "HTTP_HOST": "x"}


@pytest.mark.parametrize(
    ("peer", "more", "address", "scheme"),
    [
        ("127.0.0.1", {}, "192.0.2.1", "https"),
        ("127.0.0.1", {"HTTP_X_FORWARDED_PROTO": "http"}, "192.0.2.1", "http"),
        ("198.51.100.9", {"HTTP_X_FORWARDED_PROTO": "https"}, "198.51.100.9", "http"),
        ("", {}, "", "http"),
    ],
)
def test_who_asks(peer: str, more: dict[str, str], address: str, scheme: str) -> None:
    seen: dict[str, str] = {}

    def app(environ: dict[str, str], start: object) -> list[bytes]:
        seen.update(environ)
        return []

    behind_proxy(app)({**SAYS, **more, "REMOTE_ADDR": peer}, None)
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == (address, scheme)
