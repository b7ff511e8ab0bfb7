"""What calls see of the engine holds for the one that is built."""

from __future__ import annotations

from itertools import count

import pytest

from media.engine import Dtmf, MediaSession, MediaSettings
from media.session import Session
from tests.media.test_session import Notebook


def test_the_session_is_what_the_interface_says() -> None:
    session: MediaSession = Session("c", Notebook(), count().__next__)
    assert session.call == "c"


def test_events_and_settings_are_values() -> None:
    event = Dtmf("c", "b", "5", 1.0)
    assert event == Dtmf("c", "b", "5", 1.0)
    with pytest.raises(AttributeError):
        event.digit = "7"  # type: ignore[misc]
    assert MediaSettings().port_low == 20_000
