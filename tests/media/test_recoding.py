"""What the worker is told to do with sound between two legs, from their descriptions."""

from __future__ import annotations

from media.audio.work import Plan
from media.description import read
from media.negotiate import Agreed, settle
from media.recoding import between, can_hear, target, tones_of
from tests.media import offers

OPUS = "m=audio {} RTP/AVP 96 {}\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\na=ptime:40"


def agreed(described: bytes) -> Agreed:
    """What a leg agreed to that took all of its own offer."""
    lines = read(described).streams.lines
    return settle(lines, lines, we_answered=True)["audio"][1]


def opus(events: bool = True) -> Agreed:
    numbers = "97 13" if events else ""
    text = OPUS.format(4000, numbers).strip()
    return agreed(offers.sdp(text, *(["a=rtpmap:97 telephone-event/48000"] if events else [])))


PCMA, BOTH = agreed(offers.phone(4000, codecs="8")), agreed(offers.phone(4000, codecs="0 8"))
SILENT_KEYS = agreed(offers.phone(4000, codecs="8", events=None))


def test_what_can_pass_needs_nothing() -> None:
    assert between(PCMA, BOTH, False, False) is None
    assert between(BOTH, BOTH, True, False) is None


def test_what_cannot_pass_is_turned_with_keys_and_noise() -> None:
    said = between(opus(), PCMA, False, False)
    assert said == {
        "sources": [[96, "opus", 48000]], "target": [8, "pcma", 8000, "", 20],
        "events": [[97, 48000, 101, 8000]], "comfort": [13, None], "clean": False,
    }
    back = between(PCMA, opus(), False, False)
    assert back is not None
    assert back["target"] == [96, "opus", 48000, "useinbandfec=1", 40]
    assert back["comfort"] == [None, 13]
    assert Plan.read(back).target is not None


def test_only_the_codec_that_is_not_shared_is_turned() -> None:
    said = between(BOTH, PCMA, False, False)
    assert said is not None
    assert said["sources"] == [[0, "pcmu", 8000]]
    assert said["target"][0] == 8


def test_keys_do_not_pass_where_a_panel_is() -> None:
    said = between(opus(), PCMA, True, False)
    assert said is not None
    assert said["events"] == []


def test_a_panel_s_sound_is_cleaned_in_every_codec() -> None:
    said = between(BOTH, BOTH, True, True)
    assert said == {"sources": [[0, "pcmu", 8000], [8, "pcma", 8000]], "clean": True}


def test_keys_are_heard_as_tones_where_there_is_no_other_way() -> None:
    assert tones_of(PCMA) == []
    assert tones_of(SILENT_KEYS) == [[8, "pcma", 8000]]
    assert tones_of(opus(events=False)) == [[96, "opus", 48000]]


def test_who_sends_nothing_or_takes_nothing_needs_nothing() -> None:
    deaf = agreed(offers.phone(4000, codecs="8") + b"a=inactive\r\n")
    assert between(deaf, opus(), False, False) is None
    assert between(opus(), deaf, False, False) is None
    assert tones_of(agreed(offers.phone(1, codecs="8", events=None) + b"a=inactive\r\n")) == []


def test_who_can_hear_whom() -> None:
    g729 = agreed(offers.phone(4000, codecs="18"))
    assert can_hear(PCMA, opus())
    assert can_hear(g729, g729)
    assert not can_hear(g729, PCMA)
    assert target(g729) is None
    assert between(PCMA, g729, False, False) is None
