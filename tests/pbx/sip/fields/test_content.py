from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.errors import MisuseError, PeerError
from pbx.sip.fields import ContentType, Event, parse_date, print_date
from tests.pbx.sip import strategies

_types = st.tuples(strategies.tokens, strategies.tokens).map(lambda pair: "/".join(pair).lower())


@given(st.builds(ContentType, _types, strategies.params))
def test_a_printed_type_reads_the_same(value: ContentType) -> None:
    assert ContentType.parse(str(value)) == value


@given(st.builds(Event, strategies.tokens, strategies.params))
def test_a_printed_event_reads_the_same(value: Event) -> None:
    assert Event.parse(str(value)) == value


@given(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_printed_date_reads_the_same(at: datetime) -> None:
    assert parse_date(print_date(at)) == at.replace(microsecond=0)


@given(strategies.hostile_text)
def test_no_text_raises_anything_else(text: str) -> None:
    for read in (ContentType.parse, Event.parse, parse_date):
        for candidate in (text, f"a/b;{text}"):
            try:
                read(candidate)
            except PeerError:
                continue


def test_parameters_lose_their_quotes() -> None:
    value = ContentType.parse('Multipart/Mixed ; boundary="a b"')
    assert (value.type, value.param("boundary"), value.param("x")) == ("multipart/mixed", "a b", None)


@pytest.mark.parametrize("text", ["", "text", "text/", "/plain", "te xt/plain"])
def test_bad_types(text: str) -> None:
    with pytest.raises(PeerError):
        ContentType.parse(text)


def test_a_bad_event() -> None:
    with pytest.raises(PeerError):
        Event.parse("a b")


def test_dates_are_gmt() -> None:
    oslo = timezone(timedelta(hours=1))
    assert print_date(datetime(2010, 11, 14, 0, 29, tzinfo=oslo)) == "Sat, 13 Nov 2010 23:29:00 GMT"
    assert parse_date("Sat, 13 Nov 2010 23:29:60 GMT").second == 59
    for text in ("Fri, 01 Jan 2010 16:00:00 EST", "Mon, 31 Feb 2010 16:00:00 GMT", "2010-11-13"):
        with pytest.raises(PeerError):
            parse_date(text)
    with pytest.raises(MisuseError):
        print_date(datetime(2010, 1, 1))  # noqa: DTZ001
