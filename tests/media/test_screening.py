"""Which orders a call's films cause, and that no order comes for what nobody may see."""

from __future__ import annotations

import pytest

from media.errors import MediaMisuse, SdpError
from media.session import Session
from tests.media import offers
from tests.media.test_session import Notebook, session

FEEDBACK = b"a=rtcp-fb:97 nack pli\r\na=rtcp-fb:* ccm fir\r\n"


def ringing(feedback: bytes = FEEDBACK, sets: str = "") -> tuple[Session, Notebook]:
    """A panel that was given its early answer, and is filmed."""
    one, worker = session(pairs=12)
    offer = offers.video_phone(4000, 4002)
    if sets:
        offer = offer.replace(b"profile-level-id=42e01f", b"profile-level-id=42e01f;" + sets.encode())
    one.receive_offer("a", offer + feedback, source="127.0.0.1", role="panel")
    one.answer("a")
    one.film("a")
    return one, worker


def viewer(one: Session, name: str = "v", video: int = 6002) -> bytes:
    offer = offers.video_phone(6000, video, direction="recvonly")
    one.receive_offer(name, offer, source="127.0.0.1", role="viewer")
    answer = one.answer(name, like="a")
    one.view("a", name)
    return answer


@pytest.mark.parametrize(
    ("feedback", "wish"),
    [
        (FEEDBACK, "pli"),
        (b"a=rtcp-fb:97 ccm fir\r\n", "fir"),
        (b"", "info"),
        (b"a=rtcp-fb:97 nack\r\n", "info"),
    ],
)
def test_a_panel_that_rings_is_filmed_by_what_it_said(feedback: bytes, wish: str) -> None:
    one, worker = ringing(feedback, "sprop-parameter-sets=Z0LAHtkB4A==,aMuDyyA=")
    assert one.sends_video("a")
    ((_, port, about),) = worker.said("film")
    assert (port, about["codecs"], about["wish"]) == (20002, [(97, "h264")], wish)
    assert about["sets"] == ["Z0LAHtkB4A==", "aMuDyyA="]


def test_the_early_answer_takes_a_picture_and_sends_none() -> None:
    one, _ = session()
    one.receive_offer("a", offers.video_phone(4000, 4002) + FEEDBACK, role="panel")
    answer = one.answer("a")
    picture = answer.decode().partition("m=video ")[2]
    assert "a=recvonly" in picture
    assert "nack pli" in picture
    assert one.answer("a", like=None) == answer


def test_a_viewer_gets_the_picture_without_sound_and_sends_nothing() -> None:
    one, worker = ringing()
    answer = viewer(one).decode()
    assert "m=audio 0 " in answer
    assert "a=sendonly" in answer.partition("m=video ")[2]
    assert worker.said("view") == [["view", 20002, 20004, ((97, 97),), None]]
    one.unview("v")
    assert worker.said("unview") == [["unview", 20004]]


def test_a_viewer_that_only_wants_sound_is_refused() -> None:
    one, _ = ringing()
    one.receive_offer("v", offers.phone(6000), role="viewer")
    with pytest.raises(SdpError):
        one.answer("v", like="a")
    with pytest.raises(SdpError):
        one.answer("v")


def test_an_offer_to_a_viewer_has_the_picture_alone() -> None:
    one, _ = ringing()
    assert [line for line in offers.lines(one.offer("v", like="a", role="viewer")) if line[:2] == "m="] == [
        "m=video 20004 RTP/AVP 97"
    ]


def test_a_leg_may_be_shown_before_it_has_agreed() -> None:
    one, worker = ringing()
    one.offer("b", like="a", toward="127.0.0.1")
    one.view("a", "b")
    assert worker.said("view") == []
    one.receive_answer("b", offers.video_phone(5000, 5002))
    assert len(worker.said("view")) == 1


def test_a_station_that_saw_the_ring_goes_on_with_the_same_stream() -> None:
    one, worker = ringing()
    one.offer("b", like="a", toward="127.0.0.1")
    one.receive_answer("b", offers.video_phone(5000, 5002))
    one.view("a", "b")
    one.receive_answer("b", offers.video_phone(5000, 5002))
    one.connect("a", "b")
    joined = [order for order in worker.said("join") if order[2] is not None]
    assert ["join", 20002, 20006, ((97, 97),)] not in joined
    assert worker.said("replay") == worker.said("unfilm") == []
    assert {order[2] for order in worker.said("view")} == {20006}


def test_who_did_not_see_the_ring_gets_the_kept_pictures_and_then_the_plain_stream() -> None:
    one, worker = ringing()
    one.offer("b", like="a", toward="127.0.0.1")
    one.receive_answer("b", offers.video_phone(5000, 5002))
    one.connect("a", "b")
    picture = [order for order in worker.orders if order[1] == 20002]
    assert [order for order in picture if order[0] in ("replay", "unfilm", "join")] == [
        ["replay", 20002, 20006, ((97, 97),)], ["unfilm", 20002], ["join", 20002, 20006, ((97, 97),)]
    ]
    one.connect("a", "b")
    assert len(worker.said("replay")) == 1


def test_a_leg_that_needs_a_stream_of_ours_is_shown_the_film_when_connected() -> None:
    one, worker = ringing()
    one.offer("b", like="a", toward="127.0.0.1")
    one._legs["b"].rewritten = True
    one.receive_answer("b", offers.video_phone(5000, 5002))
    one.connect("a", "b")
    assert worker.said("view") == [["view", 20002, 20006, ((97, 97),), None]]


def test_filming_ends_with_the_last_who_needs_it() -> None:
    one, worker = ringing()
    viewer(one)
    one.offer("b", like="a", toward="127.0.0.1")
    one.receive_answer("b", offers.video_phone(5000, 5002))
    one.connect("a", "b")
    assert worker.said("unfilm") == []
    one.drop("v")
    assert worker.said("unfilm") == [["unfilm", 20002]]


def test_no_picture_is_ordered_towards_a_panel() -> None:
    one, worker = ringing()
    one.receive_offer("p", offers.video_phone(7000, 7002), role="panel")
    one.answer("p")
    one.view("a", "p")
    one.view("p", "a")
    one.connect("a", "p")
    assert worker.said("view") == worker.said("replay") == []


def test_a_renewal_of_the_panel_tells_the_film() -> None:
    one, worker = ringing()
    viewer(one)
    one.receive_offer("a", offers.video_phone(4000, 4002).replace(b"97", b"99"))
    one.answer("a")
    assert worker.said("film")[-1][2]["codecs"] == [(99, "h264")]
    assert worker.said("view")[-1][3] == ((99, 97),)


def test_snapshots_need_a_film() -> None:
    one, worker = session()
    one.receive_offer("a", offers.video_phone(4000, 4002), role="panel")
    got: list[bytes | None] = []
    one.snapshot("a", got.append)
    one.answer("a")
    one.film("a")
    one.snapshot("a", got.append)
    assert (got, worker.snaps) == ([None], [20002])
    one.lose()
    one.snapshot("a", got.append)
    assert got == [None, None]


def test_a_phone_without_a_picture_is_not_filmed() -> None:
    one, worker = session()
    one.receive_offer("a", offers.phone(4000), role="panel")
    one.answer("a")
    assert not one.sends_video("a")
    one.film("a")
    one.snapshot("a", lambda data: None)
    with pytest.raises(MediaMisuse):
        one.view("a", "nobody")
    assert worker.said("film") == []


def test_nothing_is_left_when_a_leg_goes() -> None:
    one, worker = ringing()
    viewer(one)
    one.drop("a")
    assert worker.said("unview") == [["unview", 20004]]
    one.close()
