"""Packet lengths as descriptions ask for them."""

from __future__ import annotations

import pytest

from media.audio.names import ptime_of


@pytest.mark.parametrize(
    ("attributes", "name", "expected"),
    [
        ((), "pcma", 20),
        (("ptime:30",), "pcma", 30),
        (("ptime:30",), "opus", 20),
        (("ptime:60", "maxptime:40"), "pcma", 40),
        (("ptime:5",), "pcma", 10),
        (("ptime:200",), "opus", 60),
        (("ptime:x",), "pcma", 20),
        (("ptime:20.0",), "pcma", 20),
        (("ptime",), "g722", 20),
        (("maxptime:10",), "g722", 10),
    ],
)
def test_length(attributes: tuple[str, ...], name: str, expected: int) -> None:
    assert ptime_of(attributes, name) == expected
