"""What we report of a source, read back as its sender would."""

from __future__ import annotations

from media import rtcp
from media.reception import Reception
from media.rtp import Packet


def take(one: Reception, *sequences: int, ssrc: int = 7, now: float = 0.0) -> None:
    for sequence in sequences:
        one.take(Packet(97, False, sequence & 0xFFFF, round(now * 90_000), ssrc, b"x"), now)


def block(one: Reception, now: float = 0.0) -> dict[str, int]:
    (report,) = rtcp.parse(one.report(5, now))
    assert (report.type, report.count, report.body[:4]) == (rtcp.RECEIVER_REPORT, 1, b"\0\0\0\5")
    rest = report.body[4:]
    number = int.from_bytes
    return {
        "ssrc": number(rest[:4], "big"), "share": rest[4], "lost": number(rest[5:8], "big", signed=True),
        "highest": number(rest[8:12], "big"), "jitter": number(rest[12:16], "big"),
        "last": number(rest[16:20], "big"), "since": number(rest[20:24], "big"),
    }


def test_without_a_source_the_report_is_empty() -> None:
    (report,) = rtcp.parse(Reception().report(5, 0.0))
    assert (report.count, report.body) == (0, b"\0\0\0\5")


def test_loss_is_counted_since_the_beginning_and_since_the_last_report() -> None:
    one = Reception()
    take(one, *range(65_530, 65_540))
    assert block(one) == {
        "ssrc": 7, "share": 0, "lost": 0, "highest": 65_539, "jitter": 0, "last": 0, "since": 0
    }
    take(one, *range(65_544, 65_550, 2))
    told = block(one)   # 9 expected, 3 came
    assert (told["share"], told["lost"], block(one)["share"]) == (170, 6, 0)


def test_order_and_repeats_do_no_harm() -> None:
    one = Reception()
    take(one, 10, 12, 11, 11, 13)
    assert (block(one)["lost"], block(one)["share"]) == (-1, 0)


def test_a_source_begun_anew_is_counted_anew() -> None:
    one = Reception()
    take(one, 1, 2, 30_000)
    assert (block(one)["highest"], block(one)["lost"]) == (30_000, 0)
    take(one, 5, ssrc=8)
    assert (block(one)["ssrc"], block(one)["highest"]) == (8, 5)


def test_its_own_report_is_named_with_the_time_since() -> None:
    one = Reception()
    take(one, 1)
    one.reported(rtcp.SenderInfo(9, 1 << 40, 0), 1.0)
    assert block(one)["last"] == 0
    one.reported(rtcp.SenderInfo(7, 0x0123_4567_89AB_CDEF, 0), 1.0)
    assert (block(one, 3.0)["last"], block(one, 3.0)["since"]) == (0x4567_89AB, 131_072)


def test_jitter_grows_with_uneven_arrival() -> None:
    one = Reception()
    for number in range(100):
        late = 0.01 * (number % 2)
        one.take(Packet(97, False, number, 3_000 * number, 7, b""), number / 30 + late)
    assert 700 < block(one)["jitter"] <= 900
