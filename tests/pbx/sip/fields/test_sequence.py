from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.errors import PeerError
from pbx.sip.fields import CSeq, RAck, parse_rseq
from tests.pbx.sip import strategies

sequences = st.builds(CSeq, st.integers(0, 2**31 - 1), strategies.tokens)


@given(sequences, st.integers(0, 2**32 - 1))
def test_printed_they_read_the_same(cseq: CSeq, rseq: int) -> None:
    assert CSeq.parse(str(cseq)) == cseq
    assert RAck.parse(str(RAck(rseq, cseq))) == (rseq, cseq)


@given(strategies.hostile_text)
def test_no_text_raises_anything_else(text: str) -> None:
    for read in (CSeq.parse, RAck.parse, parse_rseq):
        for candidate in (text, f"1 {text}", f"{text} INVITE"):
            try:
                read(candidate)
            except PeerError:
                continue


@pytest.mark.parametrize("text", ["7 INVITE", "007   INVITE", "7\tINVITE", "7 \t INVITE"])
def test_blanks_do_not_matter(text: str) -> None:
    assert CSeq.parse(text) == (7, "INVITE")


@pytest.mark.parametrize(
    "text",
    ["", "7", "INVITE", "7 IN VITE", "2147483648 INVITE", "-1 INVITE", "7 INVITE x", "7  "],
)
def test_bad_cseq(text: str) -> None:
    with pytest.raises(PeerError):
        CSeq.parse(text)


def test_rseq_starts_at_one() -> None:
    assert parse_rseq(" 1 ") == 1
    with pytest.raises(PeerError):
        parse_rseq("0")
