"""What each known peer's offer is answered with, alone and beside a panel: codecs, protection, pictures."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from media import sdp
from media.errors import SdpError
from media.keying import profile_of
from media.session import Session
from tests.media import offers
from tests.media.test_session import session

PANEL = "akuvox_offer"

SOUND = {
    "akuvox_offer": "PCMU",
    "asterisk_offer": "PCMA",
    "baresip_offer": "opus",
    "chromium_offer": "opus",
    "deskphone_hold": "G722",
    "grandstream_offer": "PCMU",
    "linphone_offer": "opus",
    "panel_offer": "PCMU",
    "pjsip_offer": "speex",
    "recorded_baresip": "opus",
    "recorded_baresip_dtls": "opus",
    "recorded_baresip_sdes": "opus",
    "recorded_chromium": "opus",
    "recorded_firefox": "opus",
    "recorded_jssip_chromium": "opus",
    "recorded_jssip_firefox": "opus",
    "recorded_pjsip": "speex",
    "recorded_pjsip_sdes": "speex",
    "recorded_pjsip_srtp_optional": "speex",
    "recorded_sipjs_chromium": "opus",
    "recorded_sipjs_firefox": "opus",
    "sipp_lf_offer": "PCMU",
    "snom_offer": "G722",
    "srtp_optional_offer": "PCMA",
    "twon_offer": "PCMU",
    "yealink_offer": "G722",
}
VIEWERS = {"recorded_chromium_viewer": True, "recorded_firefox_viewer": False}
"""Whether H.264 is in it: a Firefox without its plug-in gets stills."""

REFUSED = {"recorded_baresip_dtls_without_mux": "DTLS needs a=rtcp-mux here: one port carries all"}
PROTECTED = {
    "chromium_offer": "webrtc",
    "snom_offer": "sdes",
    "srtp_optional_offer": "sdes",
    **dict.fromkeys(("recorded_baresip_sdes", "recorded_pjsip_sdes"), "sdes"),
    **{name: "webrtc" for name in SOUND if any(word in name for word in ("chromium", "firefox", "dtls"))},
}
NO_H264 = {"recorded_firefox", "recorded_jssip_firefox", "recorded_sipjs_firefox"}


@dataclass(frozen=True, slots=True)
class Line:
    """One m= line of ours."""

    kind: str
    open: bool
    profile: str
    codecs: tuple[str, ...]
    direction: str


def lines(description: bytes) -> list[Line]:
    found = []
    for media in sdp.parse(description).media:
        maps = [value for name, value in media.attributes() if name == "rtpmap"]
        codecs = tuple(text.split()[1].partition("/")[0] for text in maps)
        ways = ("recvonly", "sendonly", "inactive")
        direction = next((way for way in ways if media.attribute(way) is not None), "sendrecv")
        profile = profile_of(media.protocol) if media.port else ""
        found.append(Line(media.kind, media.port != 0, profile, codecs, direction))
    return found


def of(kind: str, description: bytes) -> Line | None:
    return next((line for line in lines(description) if line.kind == kind and line.open), None)


def panel_rings() -> Session:
    one, _ = session(pairs=30)
    one.receive_offer("a", offers.offer(PANEL), source="127.0.0.1", role="panel")
    one.answer("a")
    return one


def test_every_peer_is_known_here() -> None:
    assert {*SOUND, *VIEWERS, *REFUSED} == set(offers.NAMES)


@pytest.mark.parametrize("name", sorted(SOUND))
def test_each_offer_alone_is_answered_line_for_line(name: str) -> None:
    offered = offers.offer(name)
    one, _ = session(pairs=30)
    one.receive_offer("a", offered, source="127.0.0.1", role="app")
    answer = one.answer("a")
    assert [line.kind for line in lines(answer)] == [line.kind for line in lines(offered)]
    sound = of("audio", answer)
    assert sound is not None and sound.codecs[0] == SOUND[name]
    for line in lines(answer):
        assert not line.open or line.profile == PROTECTED.get(name, "plain"), "never less than was offered"


@pytest.mark.parametrize("name", sorted(SOUND))
def test_each_as_a_resident_who_answers_a_panel(name: str) -> None:
    """The answer is the peer's offer turned round: what it can, and a camera that nobody asked for."""
    one = panel_rings()
    profile = PROTECTED.get(name, "plain")
    asked = one.offer("b", like="a", role="app", toward="127.0.0.1", profile=profile)   # type: ignore[arg-type]
    picture = of("video", asked)
    assert picture is not None and picture.direction == "sendonly" and picture.profile == profile
    sound = of("audio", asked)
    assert sound is not None and {"PCMU", "PCMA", "G722", "opus", "telephone-event"} <= set(sound.codecs)
    towards = one.answer("a")
    shown = of("video", towards)
    assert shown is not None and shown.direction in ("recvonly", "inactive")


@pytest.mark.parametrize("name", sorted(SOUND))
def test_each_as_a_caller_whom_a_panel_answers(name: str) -> None:
    """Called by a resident, a panel hears of no picture but its own."""
    one, _ = session(pairs=30)
    one.receive_offer("a", offers.offer(name), source="127.0.0.1", role="app")
    asked = one.offer("b", like="a", role="panel", toward="127.0.0.1")
    for line in lines(asked):
        assert line.kind != "video" or not line.open or line.direction in ("recvonly", "inactive")
    wanted = of("audio", asked)
    assert wanted is not None and wanted.profile == "plain"


@pytest.mark.parametrize("name", sorted(VIEWERS))
def test_each_viewer(name: str) -> None:
    one = panel_rings()
    one.receive_offer("v", offers.offer(name), source="127.0.0.1", role="viewer")
    if not VIEWERS[name]:
        with pytest.raises(SdpError) as caught:
            one.answer("v", like="a")
        assert caught.value.status == 488
        return
    picture = of("video", one.answer("v", like="a"))
    assert picture is not None and picture.direction == "sendonly" and set(picture.codecs) == {"H264"}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_refused(name: str) -> None:
    one, _ = session(pairs=30)
    with pytest.raises(SdpError) as caught:
        one.receive_offer("a", offers.offer(name), source="127.0.0.1")
    assert caught.value.status == 488


@pytest.mark.parametrize("name", sorted(NO_H264))
def test_a_browser_without_h264_keeps_the_call_with_sound(name: str) -> None:
    """As a panel's caller: the panel has H.264 only, so the picture is refused and the sound is not."""
    one, _ = session(pairs=30)
    one.receive_offer("a", offers.offer(name), source="127.0.0.1", role="app")
    asked = one.offer("b", like="a", role="panel", toward="127.0.0.1")
    one.receive_answer("b", offers.phone(4000), source="127.0.0.1")
    answer = one.answer("a", like="b")
    assert of("audio", answer) is not None and of("video", answer) is None
    assert of("audio", asked) is not None
