from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from pbx.trace import Ring, Seen, ladder, masked

INVITE = (
    b"INVITE sip:kari@office.example SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 192.0.2.1\r\n"
    b'From: "Front door" <sip:panel@office.example>;tag=1\r\n'
    b"i: abc@192.0.2.1\r\n"
    b"CSeq: 7 INVITE\r\n"
    b'Authorization: Digest username="panel", nonce="N0NCE", response="c0ffee"\r\n'
    b"Content-Type: application/sdp\r\n\r\n"
    b"v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEYKEY\r\na=ice-pwd:PWDPWD\r\na=sendrecv\r\n"
)
RINGING = b"SIP/2.0 180 Kari rings\r\nCall-ID: abc@192.0.2.1\r\nCSeq: 7 INVITE\r\n\r\n"


@dataclass
class Flow:
    transport: str = "udp"
    remote: tuple[str, int] = ("192.0.2.1", 5060)


def ring_of(*messages: bytes) -> Ring:
    ring = Ring()
    for index, data in enumerate(messages):
        ring.tap("in" if index % 2 == 0 else "out", Flow(), data, index * 0.5)
    return ring


def test_a_ladder_has_one_line_a_message() -> None:
    ring = ring_of(INVITE, RINGING, b"OPTIONS sip:x SIP/2.0\r\nCall-ID: other\r\n\r\n")
    peer = "A udp 192.0.2.1:5060"
    assert ladder(ring.of(["abc@192.0.2.1"]), private=False) == [
        f"    0.000  {peer} -> doorline  INVITE sip:kari@office.example  cseq 7  application/sdp",
        f"    0.500  {peer} <- doorline  180 Kari rings (INVITE)  cseq 7",
    ]


def test_a_private_ladder_names_nobody() -> None:
    messages = ring_of(INVITE, RINGING).of(["abc@192.0.2.1"])
    lines = ladder(messages, private=True, full=True)
    assert lines == [
        "    0.000  A -> doorline  INVITE  cseq 7  application/sdp",
        "    0.500  A <- doorline  180 (INVITE)  cseq 7",
    ]


def test_secrets_are_masked_in_a_full_ladder() -> None:
    text = "\n".join(ladder(ring_of(INVITE).of(["abc@192.0.2.1"]), private=False, full=True))
    for secret in ("N0NCE", "c0ffee", "KEYKEY", "PWDPWD"):
        assert secret not in text
    assert "| Authorization: ***" in text
    assert "| a=sendrecv" in text


@pytest.mark.parametrize(
    ("kind", "body", "shown"),
    [
        ("application/dtmf-relay", "Signal=5\r\nDuration=160", "Signal=*\nDuration=160"),
        ("application/dtmf-relay", " signal = 5", " signal = *"),
        ("application/dtmf", "5", "[1 characters of application/dtmf]"),
        ("application/x+jwt", "eyJ.x.y", "[7 characters of application/x+jwt]"),
        ("text/plain", "the key is under the mat", "[24 characters of text/plain]"),
    ],
)
def test_bodies_that_open_doors_are_masked(kind: str, body: str, shown: str) -> None:
    text = masked(f"INFO sip:x SIP/2.0\r\nContent-Type: {kind}\r\n\r\n{body}")
    assert text == f"INFO sip:x SIP/2.0\nContent-Type: {kind}\n\n{shown}"


def test_a_terminal_is_not_steered() -> None:
    hostile = b"INVITE sip:\x1b[2Jx SIP/2.0\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\nSubject: \x9b31m\r\n\r\n"
    text = "\n".join(ladder(ring_of(hostile).of(["a"]), private=False, full=True))
    assert "\x1b" not in text
    assert "\x9b" not in text


def test_the_ring_is_bounded_by_number_bytes_and_age() -> None:
    ring = Ring(messages=3, size=100, seconds=10.0)
    for now in range(5):
        ring.tap("in", Flow(), b"x" * 10, float(now))
    assert len(ring) == 3
    ring.tap("in", Flow(), b"x" * 85, 5.0)
    assert len(ring) == 2
    ring.tap("in", Flow(), b"x", 15.5)
    assert len(ring) == 1
    ring.tap("in", Flow(), b"x" * 101, 16.0)
    assert len(ring) == 0
    ring.tap("in", Flow(), b"x", 17.0)
    assert len(ring) == 1


def test_hostile_text_takes_no_time() -> None:
    for data in (b"i:" + b" " * 65_000, b"\n" * 65_000, b"c:" * 32_000, b"cseq:" + b"\t" * 65_000):
        began = time.perf_counter()
        seen = Seen(0.0, "in", "udp", ("192.0.2.1", 5060), data)
        ring_of(data).of(["a"])
        ladder([seen], private=False, full=True)
        assert time.perf_counter() - began < 0.25
