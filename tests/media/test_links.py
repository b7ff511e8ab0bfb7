"""Both ways to a relay are a Link."""

from __future__ import annotations

from media.links import Link
from media.local import LocalLink
from media.process import ProcessLink


def test_both_are_links() -> None:
    links: list[Link] = [LocalLink(), ProcessLink()]
    assert [link.pid for link in links] == [None, None]
    for link in links:
        link.send([["bind", 1]])  # before it is open there is nobody to hear it
        link.kill()
