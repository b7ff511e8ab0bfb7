"""What descriptions say of protection: read, judged, written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.keying import Crypto, Keying, profile_of, read_crypto, read_keying, set_apart, write_crypto

KEY = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"
SUITE = "AES_CM_128_HMAC_SHA1_80"


@pytest.mark.parametrize("rest", ["", "|2^20", " WSH=128", "|1048576"])
def test_keys_we_can_use(rest: str) -> None:
    key, _, parameters = rest.partition(" ")
    found = read_crypto(f"1 {SUITE} inline:{KEY}{key} {parameters}")
    assert found is not None and (found.tag, found.suite, len(found.key)) == (1, SUITE, 30)
    assert read_crypto(write_crypto(found).partition(":")[2]) == found
    assert KEY not in repr(found)


@pytest.mark.parametrize(
    "text",
    [
        "", "1", f"x {SUITE} inline:{KEY}", f"1 F8_128_HMAC_SHA1_80 inline:{KEY}", f"1 {SUITE} prompt:{KEY}",
        f"1 {SUITE} inline:{KEY[:-4]}", f"1 {SUITE} inline:", f"1 {SUITE} inline:æ{KEY}",
        f"1 {SUITE} inline:{KEY}|2^20|1:4", f"1 {SUITE} inline:{KEY} UNENCRYPTED_SRTCP",
        f"1 {SUITE} inline:{KEY} UNAUTHENTICATED_SRTP", f"1 {SUITE} inline:{KEY} KDR=1",
    ],
)
def test_keys_we_cannot(text: str) -> None:
    assert read_crypto(text) is None


@given(st.text(max_size=80))
def test_rubbish_never_raises(text: str) -> None:
    read_crypto(text)
    read_keying([f"a=fingerprint:{text}".encode()], [f"a=crypto:{text}".encode()])


def test_the_media_s_own_word_goes_first() -> None:
    session = [b"a=fingerprint:SHA-256 ab:cd", b"a=setup:actpass", b"a=ice-ufrag:none"]
    media = [b"a=fingerprint:sha-384 ef:01", b"a=ice-ufrag:mine", b"a=ice-pwd:" + b"x" * 22]
    found = read_keying(session, media)
    assert found == Keying((), "mine", "x" * 22, (("sha-384", "EF:01"),), "actpass")
    assert found.serves("webrtc") and not found.serves("sdes")
    assert not read_keying(session, []).serves("webrtc"), "no password"
    assert Keying((Crypto(1, SUITE, b""),)).serves("sdes")


def test_what_varies_is_set_apart() -> None:
    assert set_apart(b"a=rtpmap:0 PCMU/8000") == (b"a=rtpmap:0 PCMU/8000", None)
    assert set_apart(b"a=candidate:1 1 udp") == (b"", None)
    line = f"a=crypto:1 {SUITE} inline:{KEY}".encode()
    assert set_apart(line) == (f"a=crypto:1 {SUITE}".encode(), line)
    assert set_apart(b"a=ice-pwd:secret") == (b"a=ice-pwd", b"a=ice-pwd:secret")


def test_profiles() -> None:
    assert [profile_of(name) for name in ("RTP/AVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "udptl")] == [
        "plain", "sdes", "webrtc", "plain",
    ]
