"""The model of a description: what comes in goes out, whatever it is, or SdpError."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import sdp
from media.errors import SdpError
from tests.media.offers import NAMES, offer


@pytest.mark.parametrize("name", NAMES)
def test_an_untouched_description_is_printed_as_it_came(name: str) -> None:
    assert sdp.parse(offer(name)).to_bytes() == offer(name)


@pytest.mark.parametrize("name", NAMES)
def test_bare_line_feeds_are_kept(name: str) -> None:
    data = offer(name).replace(b"\r\n", b"\n")
    assert sdp.parse(data).to_bytes() == data


def test_sections_and_attributes() -> None:
    found = sdp.parse(offer("baresip_offer"))
    assert found.session.first("c") == "IN IP4 192.168.1.30"
    assert [media.kind for media in found.media] == ["audio", "video"]
    audio, video = found.media
    assert (audio.port, audio.protocol, audio.formats) == (10310, "RTP/AVP", ("96", "8", "0", "101"))
    assert audio.attribute("ptime") == "20"
    assert audio.attribute("rtcp-rsize") == ""
    assert audio.attribute("crypto") is None
    assert video.every("b") == ["AS:512"]


def test_a_port_count_is_read() -> None:
    media = sdp.parse(b"v=0\nm=audio 4000/2 RTP/AVP 0\n").media[0]
    assert (media.port, media.count) == (4000, 2)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 400),
        (b"\r\n", 400),
        (b"v=1\r\n", 400),
        (b"hello", 400),
        (b"v=0\r\nm=audio\r\n", 400),
        (b"v=0\r\nm=audio x RTP/AVP 0\r\n", 400),
        (b"v=0\r\nm=audio 65536 RTP/AVP 0\r\n", 400),
        (b"v=0\r\ns=a\rm=audio 1 RTP/AVP 0\r\n", 400),
        (b"v=0\r\ns=\0\r\n", 400),
        (b"v=0\r\n" + b"a=x\r\n" * sdp.MAX_LINES, 413),
        (b"v=0\r\na=" + b"x" * sdp.MAX_LINE + b"\r\n", 413),
        (b"v=0\r\n" + b"m=audio 0 RTP/AVP 0\r\n" * (sdp.MAX_MEDIA + 1), 413),
        (b"v=0\r\n" + bytes(sdp.MAX_BYTES), 413),
    ],
)
def test_what_is_refused(data: bytes, status: int) -> None:
    with pytest.raises(SdpError) as caught:
        sdp.parse(data)
    assert caught.value.status == status


def test_blank_and_unknown_lines_are_suffered_and_kept() -> None:
    data = b"v=0\r\n\r\nnonsense\r\nz= 0\r\nm=audio 1 RTP/AVP 0\r\n\r\n"
    assert sdp.parse(data).to_bytes() == data


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    for candidate in (data, b"v=0\r\n" + data, b"v=0\nm=" + data):
        try:
            found = sdp.parse(candidate)
        except SdpError:
            continue
        assert found.to_bytes() == candidate


_LINE = st.text(alphabet=st.characters(exclude_characters="\r\n\0"), max_size=40)


@given(st.lists(st.tuples(_LINE, st.sampled_from(["\r\n", "\n"])), max_size=20))
def test_any_lines_come_back(written: list[tuple[str, str]]) -> None:
    data = ("v=0\r\n" + "".join(text + end for text, end in written)).encode("utf-8", "surrogatepass")
    try:
        found = sdp.parse(data)
    except SdpError:
        return
    assert found.to_bytes() == data
