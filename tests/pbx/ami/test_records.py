from __future__ import annotations

from pbx.ami.channels import ChannelBook
from pbx.ami.records import Records
from pbx.facts import CallEnded, CallStarted, EndReason, Fact, LegPlaced, LegsConnected
from tests.support.ami import AT, HOUSE, OFFICE, FakeControl


def record(site: str, *facts: Fact) -> dict[str, str] | None:
    book = ChannelBook(FakeControl(), lambda: AT)
    records = Records(book, lambda: AT)
    for fact in facts:
        records.note(fact)
        if isinstance(fact, CallStarted):
            book.begin(fact)
        elif isinstance(fact, LegPlaced):
            book.place(fact)
        if (found := records.of(fact)) is not None:
            assert found.site == site
            return dict(found.fields)
    return None


def visit(site: str, caller: str, callee: str, *, answered: bool = True) -> list[Fact]:
    facts: list[Fact] = [
        CallStarted(site, "c1", "l0", caller, "201", "Nordmann", caller),
        LegPlaced(site, "c1", "l1", callee),
    ]
    if answered:
        facts.append(LegsConnected(site, "c1", "l0", "l1"))
    reason = EndReason.NORMAL if answered else EndReason.NO_ANSWER
    return [*facts, CallEnded(site, "c1", caller, reason, 1.0, 2.0)]


def test_an_office_has_a_record() -> None:
    found = record(OFFICE, *visit(OFFICE, "d-panel", "d-kari"))
    assert found is not None
    assert (found["Source"], found["Destination"], found["Disposition"]) == ("100", "201", "ANSWERED")
    assert found["DestinationChannel"] == "PJSIP/kari-phone-00000002"
    assert found["AnswerTime"] == "2026-11-22 12:00:00"


def test_a_call_nobody_took() -> None:
    found = record(OFFICE, *visit(OFFICE, "d-panel", "d-kari", answered=False))
    assert found is not None
    assert (found["Disposition"], found["AnswerTime"], found["BillableSeconds"]) == ("NO ANSWER", "", "0")


def test_a_house_has_none() -> None:
    assert record(HOUSE, *visit(HOUSE, "h-panel", "h-ola")) is None
