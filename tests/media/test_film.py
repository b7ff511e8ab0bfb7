"""One source shown to several receivers: joining, loss, wishes and reports, without a socket."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from media import rtcp, video
from media.film import PATIENCE_SECONDS, Film, FilmPlan, Wish
from media.rewriter import Rewriter
from media.rtp import Packet
from tests.media.pictures import PPS, SPS, Camera, taken_apart


class Screen:
    """A stream of the worker, as far as a film knows it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.got: list[bytes] = []
        self.reports: list[bytes] = []
        self.full = False
        self.ready = True

    def outlet(self) -> Callable[[bytes], int]:
        if self.full:
            raise BlockingIOError
        return self._take

    def _take(self, data: bytes) -> int:
        self.got.append(data)
        return len(data)

    def send_report(self, data: bytes) -> None:
        self.reports.append(data)

    @property
    def shown(self) -> list[Packet]:
        return taken_apart(self.got)

    def numbers(self) -> list[int]:
        return [packet.sequence for packet in self.shown]

    def told(self, kind: int) -> list[rtcp.Report]:
        return [report for data in self.reports for report in rtcp.parse(data) if report.type == kind]


class Hall:
    """A film with its source and receivers."""

    def __init__(self, wish: Wish = "pli", sets: tuple[bytes, ...] = (), codec: str = "h264") -> None:
        self.now = 100.0
        self.camera = Camera()
        self.source = Screen(1)
        self.asked: list[int] = []
        plan = FilmPlan({97: codec}, sets, wish, "film@test")
        self.film = Film(self.source, plan, 55, self.asked.append)

    def play(self, data: list[bytes]) -> None:
        for packet in taken_apart(data):
            self.film.take(packet, self.now)

    def join(self, number: int = 2) -> Screen:
        screen = Screen(number)
        self.film.show_to(screen, {97: 103}, lambda: Rewriter(900 + number, 10, 20), self.now)
        return screen

    def wishes(self) -> int:
        return len(self.source.told(rtcp.PAYLOAD_FEEDBACK))

    def pass_time(self, seconds: float) -> None:
        self.now += seconds


def hear(hall: Hall, screen: Screen, data: bytes) -> None:
    hall.film.heard(screen.number, data, hall.now)


def nack(*sequences: int) -> bytes:
    items = b"".join(one.to_bytes(2, "big") + b"\0\0" for one in sequences)
    return rtcp.build(rtcp.TRANSPORT_FEEDBACK, rtcp.GENERIC_NACK, bytes(8) + items)


def test_who_joins_late_gets_everything_since_the_key_picture_at_once() -> None:
    hall = Hall()
    hall.play(hall.camera.key() + hall.camera.frame() + hall.camera.frame())
    screen = hall.join()   # the panel never answers a wish: there is a picture all the same
    assert len(screen.shown) == 5
    assert video.look_h264(screen.shown[0].payload).key
    assert screen.numbers() == [11, 12, 13, 14, 15]
    hall.play(hall.camera.frame())
    assert screen.numbers()[-1] == 16
    assert {(one.ssrc, one.payload_type) for one in screen.shown} == {(902, 103)}


def test_who_cannot_be_sent_to_yet_gets_everything_once_it_can() -> None:
    hall = Hall()
    hall.play(hall.camera.key() + hall.camera.frame())
    screen = Screen(2)
    screen.ready = False
    hall.film.show_to(screen, {97: 103}, lambda: Rewriter(902, 10, 20), hall.now)
    hall.play(hall.camera.frame())
    assert screen.got == []
    screen.ready = True   # its handshake is over
    hall.play(hall.camera.frame())
    hall.play(hall.camera.frame())
    assert screen.numbers() == list(range(11, 18))


def test_who_can_be_sent_to_just_as_a_key_picture_begins_gets_it_once() -> None:
    hall = Hall(sets=(SPS, PPS))
    screen = Screen(2)
    screen.ready = False
    hall.film.show_to(screen, {97: 103}, lambda: Rewriter(902, 10, 20), hall.now)
    screen.ready = True
    hall.play(hall.camera.key())
    assert screen.numbers() == [11, 12, 13, 14]


def test_each_receiver_has_numbers_of_its_own() -> None:
    hall = Hall()
    one = hall.join(2)
    hall.play(hall.camera.key())
    other = hall.join(3)
    hall.play(hall.camera.frame())
    assert one.numbers() == other.numbers() == [11, 12, 13, 14]
    hall.film.hide_from(2)
    hall.play(hall.camera.frame())
    assert (len(one.got), len(other.got)) == (4, 5)


def test_nothing_is_shown_before_a_key_picture_unless_none_comes() -> None:
    hall = Hall()
    screen = hall.join()
    hall.play(hall.camera.frame())
    assert screen.got == []
    hall.pass_time(PATIENCE_SECONDS)
    hall.play(hall.camera.frame())
    assert len(screen.got) == 1


def test_a_codec_nobody_can_look_into_is_shown_at_once() -> None:
    hall = Hall(codec="h265")
    screen = hall.join()
    hall.play(hall.camera.frame())
    assert len(screen.got) == 1


def test_parameter_sets_are_put_before_each_key_picture_that_brings_none() -> None:
    hall = Hall(sets=(SPS, PPS))
    early = hall.join()
    hall.play(hall.camera.key() + hall.camera.frame() + hall.camera.key())
    late = hall.join(3)
    sets = video.aggregate((SPS, PPS))
    assert [one.payload == sets for one in early.shown] == [True, *[False] * 4, True, *[False] * 3]
    assert [one.payload == sets for one in late.shown] == [True, False, False, False]
    assert early.numbers() == list(range(11, 20))
    assert early.shown[0].timestamp == early.shown[1].timestamp


def test_a_camera_that_sends_its_parameter_sets_needs_none_of_ours() -> None:
    hall = Hall(sets=(b"\x67old", b"\x68old"))
    hall.camera.sets = True
    screen = hall.join()
    hall.play(hall.camera.key())
    assert [one.payload for one in screen.shown][:2] == [SPS, PPS]
    assert len(screen.shown) == 5


def test_after_too_long_a_group_a_joiner_gets_a_still_and_then_the_next_key_picture() -> None:
    hall = Hall()
    hall.play(hall.camera.key())
    for _ in range(40):
        hall.pass_time(1 / 15)
        hall.play(hall.camera.frame())
    assert hall.wishes() == 1   # the panel is asked for a new one
    screen = hall.join()
    assert len(screen.shown) == 3
    hall.play(hall.camera.frame())
    assert len(screen.shown) == 3
    hall.play(hall.camera.key())
    assert screen.numbers() == list(range(11, 17))


def test_loss_and_order_are_the_receiver_s_to_see() -> None:
    hall = Hall()
    screen = hall.join()
    hall.play(hall.camera.key())
    lost, late, first = hall.camera.frame(), hall.camera.frame(), hall.camera.frame()
    assert lost
    hall.play(first + late)
    assert screen.numbers() == [11, 12, 13, 16, 15]


def test_another_source_is_the_same_stream_to_the_receiver() -> None:
    hall = Hall()
    screen = hall.join()
    hall.play(hall.camera.key())
    hall.pass_time(0.2)
    hall.play(Camera(ssrc=8, sequence=3).key())
    assert screen.numbers() == list(range(11, 17))
    assert {one.ssrc for one in screen.shown} == {902}


def test_missed_packets_come_again_from_the_last_512() -> None:
    hall = Hall()
    screen = hall.join()
    hall.play(hall.camera.key())
    for _ in range(600):
        hall.play(hall.camera.frame())
    sent = dict(zip(screen.numbers(), screen.got, strict=True))
    screen.got.clear()
    hear(hall, screen, nack(11, 613, 400))
    assert screen.got == [sent[613], sent[400]]
    assert hall.film.projections[2].resent == 2
    hear(hall, screen, nack(*range(200, 600)))
    assert len(screen.got) == 2 + 64   # one report asks for no more


def test_wishes_of_many_become_few_and_an_early_one_is_owed() -> None:
    hall = Hall()
    hall.play(hall.camera.key())
    screens = [hall.join(number) for number in range(2, 12)]
    assert hall.wishes() == 1
    for _ in range(10):
        for screen in screens:
            hear(hall, screen, rtcp.picture_loss(1, 2))
        hall.pass_time(0.01)
    assert hall.wishes() == 1
    hall.pass_time(0.5)
    hall.play(hall.camera.frame())
    assert hall.wishes() == 2
    hear(hall, screens[0], rtcp.full_intra(1, 2, 3))
    hall.play(hall.camera.key())   # it came by itself
    hall.pass_time(1.0)
    hall.play(hall.camera.frame())
    assert hall.wishes() == 2


def test_who_asks_in_vain_gets_the_kept_pictures_once_more() -> None:
    hall = Hall()
    screen = hall.join()
    hall.play(hall.camera.key() + hall.camera.frame())
    hear(hall, screen, rtcp.picture_loss(1, 2))
    hall.pass_time(0.2)
    hear(hall, screen, rtcp.picture_loss(1, 2))
    assert len(screen.got) == 4
    hall.pass_time(0.4)
    hear(hall, screen, rtcp.picture_loss(1, 2))
    hear(hall, screen, rtcp.picture_loss(1, 2))
    hall.play(hall.camera.frame())
    assert screen.numbers() == list(range(11, 20))
    assert [one.payload for one in screen.shown[4:8]] == [one.payload for one in screen.shown[:4]]
    hall.pass_time(2.0)
    hall.play(hall.camera.key())
    hear(hall, screen, rtcp.picture_loss(1, 2))
    assert len(screen.got) == 12   # the panel has answered


def test_a_source_without_a_key_picture_is_asked_for_one() -> None:
    hall = Hall()
    hall.film.wish(hall.now)
    assert hall.wishes() == 0   # it has not begun
    hall.play(hall.camera.frame())
    assert hall.wishes() == 1


@pytest.mark.parametrize(("wish", "count"), [("pli", rtcp.PICTURE_LOSS), ("fir", rtcp.FULL_INTRA)])
def test_the_wish_names_the_panel_s_stream(wish: Wish, count: int) -> None:
    hall = Hall(wish)
    hall.play(hall.camera.key())
    hall.join()
    (report,) = hall.source.told(rtcp.PAYLOAD_FEEDBACK)
    assert (report.count, report.body[:4]) == (count, (55).to_bytes(4, "big"))
    assert (7).to_bytes(4, "big") in report.body[4:]
    assert hall.source.told(rtcp.RECEIVER_REPORT)
    assert hall.asked == []


def test_without_feedback_the_control_side_asks() -> None:
    hall = Hall("info")
    hall.play(hall.camera.key())
    screen = hall.join()
    hear(hall, screen, rtcp.picture_loss(1, 2))
    assert (hall.asked, hall.source.reports) == ([1], [])


def test_the_panel_s_clock_is_told_on_in_our_name() -> None:
    hall = Hall()
    screen = hall.join()
    hall.play(hall.camera.key())
    theirs = rtcp.SenderInfo(7, 0x1234_5678_9ABC_DEF0, hall.camera.time + 900)
    hall.film.reported(rtcp.sender_report(theirs, 1, 2) + rtcp.description(7, "panel"), hall.now)
    (report,) = screen.told(rtcp.SENDER_REPORT)
    ours = rtcp.sender_info(report)
    assert ours is not None
    assert (ours.ssrc, ours.ntp) == (902, theirs.ntp)
    assert (ours.timestamp - screen.shown[-1].timestamp) & 0xFFFFFFFF == 900
    assert report.body[16:24] == (3).to_bytes(4, "big") + (159).to_bytes(4, "big")
    (description,) = screen.told(rtcp.SOURCE_DESCRIPTION)
    assert b"film@test" in description.body


def test_farewells_and_unknown_reports_end_here() -> None:
    hall = Hall()
    screen = hall.join()
    hall.play(hall.camera.key())
    hall.source.reports.clear()
    for kind in (rtcp.BYE, rtcp.APPLICATION, 207, rtcp.SENDER_REPORT):
        data = rtcp.build(kind, 1, (7).to_bytes(4, "big"))
        hall.film.reported(data, hall.now)
        hear(hall, screen, data)
    hall.film.heard(99, rtcp.picture_loss(1, 2), hall.now)
    assert screen.reports == hall.source.reports == []


def test_the_panel_hears_how_it_arrives() -> None:
    hall = Hall()
    hall.play(hall.camera.key())
    hall.film.report(hall.now)
    (report,) = hall.source.told(rtcp.RECEIVER_REPORT)
    assert report.body[:8] == (55).to_bytes(4, "big") + (7).to_bytes(4, "big")


def test_a_receiver_whose_buffer_is_full_harms_nobody() -> None:
    hall = Hall()
    one, other = hall.join(2), hall.join(3)
    one.full = True
    hall.play(hall.camera.key())
    assert (len(one.got), len(other.got)) == (0, 3)
    assert hall.film.projections[2].unsent == 3


def test_the_cache_goes_as_it_came_to_who_will_get_the_source_itself() -> None:
    hall = Hall(sets=(SPS, PPS))
    key = hall.camera.key()
    hall.play(key)
    screen = Screen(9)
    hall.film.replay(screen.outlet(), {97: 97}, hall.now)
    assert screen.got[1:] == key
    (sets,) = taken_apart(screen.got[:1])
    assert (sets.sequence, sets.payload) == (65_529, video.aggregate((SPS, PPS)))
    hall.film.replay(lambda _: 1 // 0, {}, hall.now)


def test_a_new_description_changes_the_numbers_and_keeps_the_stream() -> None:
    hall = Hall()
    screen = hall.join()
    hall.play(hall.camera.key())
    hall.film.renew(FilmPlan({98: "h264"}, (), "pli"))
    hall.film.show_to(screen, {98: 104}, lambda: Rewriter(1, 1, 1), hall.now)
    hall.camera.payload_type = 98
    hall.play(hall.camera.key())
    assert screen.numbers() == list(range(11, 17))
    assert {one.ssrc for one in screen.shown} == {902}
    hall.camera.payload_type = 97
    hall.play(hall.camera.key())
    assert len(screen.got) == 6
