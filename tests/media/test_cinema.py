"""Films in the worker over real sockets: fan-out, late joiners, RTCP ended, P3, and giving back."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from media import rtcp, rtp, video
from tests.media.loopback import Exchange, Phone, exchange
from tests.media.pictures import Camera, taken_apart


def plan(**other: Any) -> dict[str, Any]:
    return {"codecs": [[97, "h264"]], "sets": [], "wish": "pli", "name": "n@doorline", **other}


class House:
    """A panel that is filmed, and its camera."""

    def __init__(self, made: Exchange, **about: Any) -> None:
        self.made, self.camera = made, Camera()
        self.panel = made.phone()
        self.at_panel = made.serve(self.panel, made.ports.pop(), kind="video", panel=True, events=[])
        made.relay.obey(["film", self.at_panel, plan(**about)])

    def shoot(self, *pictures: list[bytes]) -> None:
        for picture in pictures:
            for packet in picture:
                self.panel.send(self.at_panel, packet)
        self.made.run()

    def viewer(self, **other: Any) -> tuple[Phone, int]:
        phone = self.made.phone()
        port = self.made.serve(phone, self.made.ports.pop(), kind="video", events=[], **other)
        self.made.relay.obey(["view", self.at_panel, port, [[97, 103]], None])
        return phone, port


def test_many_see_one_panel_each_as_a_stream_of_its_own() -> None:
    with exchange() as made:
        house = House(made)
        early, _ = house.viewer()
        house.shoot(house.camera.key(), house.camera.frame())
        late, _ = house.viewer()   # this panel answers no wish
        house.shoot(house.camera.frame())
        one, other = taken_apart(early.received()), taken_apart(late.received())
        assert [p.payload for p in one] == [p.payload for p in other]
        assert len(one) == 5
        assert one[0].ssrc != other[0].ssrc
        assert {p.payload_type for p in one + other} == {103}


def test_a_chosen_name_is_kept() -> None:
    with exchange() as made:
        house = House(made)
        phone, port = house.viewer()
        made.relay.obey(["unview", port])
        made.relay.obey(["view", house.at_panel, port, [[97, 103]], 4711])
        house.shoot(house.camera.key())
        assert {p.ssrc for p in taken_apart(phone.received())} == {4711}


def test_no_picture_leaves_towards_a_panel_whatever_is_asked() -> None:
    with exchange() as made:
        house = House(made)
        other, at_other = house.viewer(panel=True)
        made.relay.obey(["replay", house.at_panel, at_other, [[97, 97]]])
        made.relay.obey(["view", house.at_panel, house.at_panel, [[97, 97]], None])
        house.shoot(house.camera.key(), house.camera.frame())
        made.relay.obey(["replay", house.at_panel, at_other, [[97, 97]]])
        made.relay.obey(["replay", house.at_panel, house.at_panel, [[97, 97]]])
        assert other.received() == house.panel.received() == []


def test_sound_is_not_filmed_and_unknown_ports_do_nothing() -> None:
    with exchange() as made:
        phone = made.phone()
        port = made.serve(phone, made.ports.pop())
        for number in (port, 9):
            made.relay.obey(["film", number, plan()])
            made.relay.obey(["view", number, number, [], None])
            made.relay.obey(["replay", number, number, []])
            made.relay.obey(["unview", number])
            made.relay.obey(["unfilm", number])
        made.relay.obey(["snap", port, 5])
        assert made.events("snapped") == [["snapped", 5, "", ""]]


def test_reports_end_here_on_both_sides() -> None:
    with exchange() as made:
        house = House(made)
        phone, port = house.viewer()
        house.shoot(house.camera.key())
        sent = taken_apart(phone.received())
        missing = rtcp.build(
            rtcp.TRANSPORT_FEEDBACK, 1, bytes(8) + sent[1].sequence.to_bytes(2, "big") + bytes(2)
        )
        phone.rtcp.sendto(missing + rtcp.picture_loss(1, 2), ("127.0.0.1", port + 1))
        theirs = rtcp.sender_report(rtcp.SenderInfo(7, 5 << 32, sent[0].timestamp), 1, 1)
        house.panel.rtcp.sendto(theirs + rtcp.build(rtcp.BYE, 1, bytes(4)), ("127.0.0.1", house.at_panel + 1))
        made.run()
        assert taken_apart(phone.received()) == [sent[1]]
        types = [report.type for data in phone.reports() for report in rtcp.parse(data)]
        assert types == [rtcp.SENDER_REPORT, rtcp.SOURCE_DESCRIPTION]
        wishes = [report for data in house.panel.reports() for report in rtcp.parse(data)]
        assert rtcp.PAYLOAD_FEEDBACK in [one.type for one in wishes]
        assert rtcp.TRANSPORT_FEEDBACK not in [one.type for one in wishes]


def test_a_panel_without_feedback_is_asked_by_the_control_side() -> None:
    with exchange() as made:
        house = House(made, wish="info")
        house.shoot(house.camera.frame())
        house.viewer()
        assert made.events("wanted") == [["wanted", house.at_panel]]


def test_every_five_seconds_the_panel_hears_how_it_arrives() -> None:
    with exchange() as made:
        house = House(made)
        house.shoot(house.camera.key())
        for _ in range(7):
            made.relay.handle_timeout(made.relay.next_deadline())
        (data,) = house.panel.reports()
        assert [report.type for report in rtcp.parse(data)] == [rtcp.RECEIVER_REPORT, rtcp.SOURCE_DESCRIPTION]
        assert made.events("alive")[-1][1]["films"] == 1


def test_the_newest_key_picture_is_handed_out() -> None:
    with exchange() as made:
        house = House(made)
        key = house.camera.key()
        house.shoot(key, house.camera.frame())
        made.relay.obey(["snap", house.at_panel, 3])
        ((_, number, codec, picture),) = made.events("snapped")
        assert (number, codec) == (3, "h264")
        assert b64decode(picture) == video.stream_of("h264", taken_apart(key))


def test_who_will_get_the_panel_s_own_packets_gets_the_kept_ones_first() -> None:
    with exchange() as made:
        house = House(made)
        key, frame = house.camera.key(), house.camera.frame()
        house.shoot(key)
        phone = made.phone()
        port = made.serve(phone, made.ports.pop(), kind="video", events=[])
        made.relay.obey(["replay", house.at_panel, port, [[97, 97]]])
        made.relay.obey(["unfilm", house.at_panel])
        made.relay.obey(["join", house.at_panel, port, [[97, 97]]])
        made.relay.obey(["join", port, house.at_panel, []])
        house.shoot(frame)
        assert phone.received() == key + frame
        phone.rtcp.sendto(rtcp.picture_loss(1, 2), ("127.0.0.1", port + 1))
        made.run()
        assert house.panel.reports()[-1] == rtcp.picture_loss(1, 2)   # passes as it is, as ever


def test_ports_given_back_take_their_films_and_viewers_with_them() -> None:
    with exchange() as made:
        house = House(made)
        phone, port = house.viewer()
        house.shoot(house.camera.key())
        made.counted(port)
        house.shoot(house.camera.frame())
        assert len(phone.received()) == 3
        second, at_second = house.viewer()
        made.counted(house.at_panel)
        house.shoot(house.camera.key())
        assert len(second.received()) == 4
        made.serve(second, at_second, kind="video", events=[])
        made.relay.handle_timeout(made.relay.next_deadline())
        totals = made.events("alive")[-1][1]
        assert (totals["films"], totals["viewers"]) == (0, 0)


def test_a_changed_mind_about_whom_to_watch() -> None:
    with exchange() as made:
        house, other = House(made), House(made)
        other.camera.ssrc = 8
        phone, port = house.viewer()
        house.shoot(house.camera.key())
        made.relay.obey(["view", other.at_panel, port, [[97, 103]], None])
        other.shoot(other.camera.key())
        house.shoot(house.camera.frame())
        assert len(phone.received()) == 6


def test_junk_is_filmed_by_nobody() -> None:
    with exchange() as made:
        house = House(made)
        phone, _ = house.viewer()
        for junk in (b"\x80\x61" + bytes(10), b"\xbf\x61" + bytes(10), b"\xb0\xe1" + b"\xff" * 30):
            house.panel.send(house.at_panel, junk)
        made.run()
        assert made.relay.poller.errors == 0
        assert all(rtp.plausible(data) for data in phone.received())
