"""What browsers are called in lists."""

from __future__ import annotations

import pytest

from webadmin.browsers import browser_name

KHTML = "AppleWebKit/537.36 (KHTML)"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {KHTML} Chrome/140.0 Mobile Safari/537", "Chrome on Android"),
        (f"Mozilla/5.0 (Windows NT 10.0) {KHTML} Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {KHTML} Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140 Safari/604.1", "Chrome on iPhone"),
        (f"Mozilla/5.0 (X11; CrOS x86_64) {KHTML} Chrome/140.0 Safari/537.36", "Chrome on Chromebook"),
        ("curl/8.5", "curl/8.5"),
        ("", ""),
    ],
)
def test_a_browser_has_a_name_that_its_owner_knows(agent: str, name: str) -> None:
    assert browser_name("en", agent) == name
    assert browser_name("nb", agent) == name.replace(" on ", " på ")
