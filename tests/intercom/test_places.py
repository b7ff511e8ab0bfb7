"""A token goes by HTTPS, or stays on this machine."""

from __future__ import annotations

import pytest

from intercom.places import fit


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://doors.example/x", True),
        ("http://127.0.0.1:8080/x", True),
        ("http://localhost/x", True),
        ("http://doors.example/x", False),
        ("http://127.0.0.1.evil.example/x", False),
        ("ftp://127.0.0.1/x", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_where_a_token_may_go(url: str, good: bool) -> None:
    assert fit(url) is good
