"""The protection of a leg on the control side: what is offered, agreed, refused, kept."""

from __future__ import annotations

from itertools import count

import pytest

from media.cover import Station
from media.description import read
from media.errors import SdpError
from media.keying import read_crypto
from media.leg import Leg
from tests.media import offers

PORTS = count(20_000, 2)
NUMBERS = count(1)


def leg(name: str = "b") -> Leg:
    made = Leg(name, 1)
    made.address = "192.0.2.1"
    made.station = lambda: Station(8189, 8189, ("sha-256", "AB:CD"), ("192.0.2.1",), NUMBERS.__next__)
    made.take_shared = lambda _: 70_000 + next(NUMBERS)
    return made


def place(_: str) -> int:
    return next(PORTS)


def chromium(**other: str) -> bytes:
    """Chromium's offer with some values replaced."""
    text = offers.offer("chromium_offer").decode()
    for old, new in other.items():
        text = text.replace({"ufrag": "4ZcD", "print": "19:E2:1C", "setup": "actpass"}[old], new)
    return text.encode()


def answer(one: Leg, data: bytes) -> str:
    one.receive_offer(data)
    return one.answer(None, place).decode()


def values(sdp: str, name: str) -> list[str]:
    return [line.partition(":")[2] for line in sdp.splitlines() if line.startswith(f"a={name}:")]


def test_a_browser_s_offer_is_answered_on_one_transport() -> None:
    one = leg()
    written = answer(one, chromium())
    assert values(written, "group") == ["BUNDLE 0 1"]
    assert values(written, "mid") == ["0", "1", "2"]
    assert len(set(values(written, "ice-ufrag"))) == 1 and values(written, "setup") == ["passive"] * 2
    assert "m=application 0 UDP/DTLS/SCTP webrtc-datachannel" in written
    assert "a=ice-lite" in written and written.count("a=rtcp-mux") == 2
    assert one.cover.gates["audio"] is one.cover.gates["video"]
    (order,) = one.cover.news()
    assert order[0] == "gate" and order[4] == "4ZcD"
    assert one.cover.news() == []
    assert one.cover.shut() == [["shut", order[1]]]


def test_a_renewed_offer_keeps_the_transport_and_a_restart_renews_its_names() -> None:
    one = leg()
    first = answer(one, chromium())
    held = answer(one, chromium().replace(b"a=sendrecv", b"a=sendonly"))
    assert values(held, "ice-pwd") == values(first, "ice-pwd") and "a=recvonly" in held
    number = one.cover.gates["audio"].number
    again = answer(one, chromium(ufrag="Zz9x"))
    assert values(again, "ice-ufrag") != values(first, "ice-ufrag")
    assert one.cover.gates["audio"].number == number
    assert values(again, "ssrc") == values(first, "ssrc")


def test_lines_that_are_not_bundled_have_their_own_transports() -> None:
    one = leg()
    written = answer(one, chromium().replace(b"a=group:BUNDLE 0 1 2", b"a=x"))
    assert len(set(values(written, "ice-ufrag"))) == 2 and values(written, "group") == []


@pytest.mark.parametrize("setup", ["passive", "holdconn"])
def test_a_peer_that_wants_to_be_the_server_is_refused(setup: str) -> None:
    with pytest.raises(SdpError) as caught:
        answer(leg(), chromium(setup=setup))
    assert caught.value.status == 488


def offered(profile: str) -> tuple[Leg, str]:
    panel, one = leg("a"), leg()
    panel.receive_offer(offers.video_phone(4000, 4002))
    panel.role = "panel"
    one.profile = profile  # type: ignore[assignment]
    return one, one.offer(panel, place).decode()


def browser_answer(sdp: str, *, group: bool = True, setup: str = "active") -> bytes:
    """As a browser would answer: its own names, the same mids."""
    ours = {"ice-ufrag": "abcd", "ice-pwd": "p" * 22, "fingerprint": "sha-256 12:34", "setup": setup}
    lines = []
    for line in sdp.splitlines():
        name = line[2:].partition(":")[0]
        if name in ours:
            line = f"a={name}:{ours[name]}"
        elif line == "a=sendonly":
            line = "a=recvonly"
        if name != "ice-lite" and (group or name != "group"):
            lines.append(line)
    return ("\r\n".join(lines) + "\r\n").encode()


def test_our_offer_to_a_browser() -> None:
    one, written = offered("webrtc")
    assert values(written, "group") == ["BUNDLE 0 1"] and values(written, "setup") == ["actpass"] * 2
    assert "m=audio 8189 UDP/TLS/RTP/SAVPF" in written and "a=sendonly" in written
    assert len(one.cover.news()) == 2, "each line its own until they are bundled"
    one.receive_answer(browser_answer(written))
    assert one.cover.gates["audio"] is one.cover.gates["video"]
    assert [order[0] for order in one.cover.news()] == ["shut", "gate"]


def test_an_answer_that_does_not_bundle() -> None:
    one, written = offered("webrtc")
    one.receive_answer(browser_answer(written, group=False))
    assert one.cover.gates["audio"] is not one.cover.gates["video"]


def test_an_answer_must_leave_us_the_server() -> None:
    one, written = offered("webrtc")
    with pytest.raises(SdpError):
        one.receive_answer(browser_answer(written, setup="passive"))


@pytest.mark.parametrize("profile", ["webrtc", "sdes"])
def test_an_answer_without_protection_is_refused(profile: str) -> None:
    one, _ = offered(profile)
    with pytest.raises(SdpError):
        one.receive_answer(offers.video_phone(5000, 5002))
    assert one.agreed == {}


def test_sdes_offered_and_answered() -> None:
    one, written = offered("sdes")
    assert "m=audio 20" in written and "RTP/SAVP " in written
    cryptos = [read_crypto(value) for value in values(written, "crypto")]
    assert [found.suite for found in cryptos if found] == ["AEAD_AES_128_GCM", "AES_CM_128_HMAC_SHA1_80"] * 2
    assert len({found.key for found in cryptos if found}) == 4
    other = leg("c")
    back = answer(other, written.encode())
    chosen = [read_crypto(value) for value in values(back, "crypto")]
    assert [(found.tag, found.suite) for found in chosen if found] == [(1, "AEAD_AES_128_GCM")] * 2
    one.receive_answer(back.encode())
    for kind in ("audio", "video"):
        here, there = one.cover.sealed[kind], other.cover.sealed[kind]
        assert (here.ours, here.theirs) == (there.theirs, there.ours)
    renewed = answer(other, written.encode())
    assert values(renewed, "crypto") == values(back, "crypto")


def test_our_key_is_not_answered_with_a_suite_we_did_not_choose() -> None:
    one = leg()
    written = answer(one, offers.offer("srtp_optional_offer"))
    assert "m=audio" in written and "AES_CM_128_HMAC_SHA1_80" in written and "GCM" not in written
    assert read(written.encode()).streams.lines[0].protocol == "RTP/SAVP"
