"""A browser as its owner knows it, from what it says of itself: "Firefox on Linux".

Most browsers call themselves by the names of others too, so that the order of the marks decides. What
carries none of them stays as it says.
"""

from __future__ import annotations

from webadmin.languages import translate

_BROWSERS = (
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("Edg", "Edge"), ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"),
    ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def browser_name(language: str, agent: str) -> str:
    """What to call the browser with this `User-Agent`."""
    browser, system = (
        next((name for mark, name in marks if mark in agent), "") for marks in (_BROWSERS, _SYSTEMS)
    )
    if browser and system:
        return translate(language, "{0} on {1}", browser, system)
    return browser or system or agent
