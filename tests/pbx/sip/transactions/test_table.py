"""What a lost flow does to the table, and what the unheard hear."""

from __future__ import annotations

from pbx.sip.events import RequestFailed, RequestReceived
from pbx.sip.flow import Flow
from pbx.sip.message import Request, Response
from pbx.sip.transactions.client import ClientTransaction
from pbx.sip.transactions.table import UNHEARD, Table
from tests.support.lone import LOCAL, Lone


def test_only_the_lost_flow_is_dropped() -> None:
    lone = Lone("tcp")
    other = Flow("tcp", LOCAL, ("203.0.113.9", 5060))
    lone.ask("OPTIONS")
    lone.take(RequestReceived)
    request = lone.engine.build_request("OPTIONS", "sip:x", from_="<sip:a@b>", to="<sip:c@d>")
    lone.engine.send_request(request, other, lone.now)
    lone.engine.flow_lost(other, lone.now)
    assert lone.take(RequestFailed).status == 503
    stats = lone.engine.stats()
    assert (stats["client_transactions"], stats["server_transactions"]) == (0, 1)


def test_terminating_twice_is_harmless() -> None:
    table = Table()
    request = Request("OPTIONS", "sip:x")
    transaction = ClientTransaction(table, request, Flow("udp", LOCAL, LOCAL), UNHEARD, "b")
    transaction.start(0.0)
    transaction.terminate()
    transaction.terminate()
    assert (table.clients, len(table.wheel)) == ({}, 0)


def test_nothing_follows_for_the_unheard() -> None:
    table = Table()
    transaction = ClientTransaction(
        table, Request("CANCEL", "sip:x"), Flow("udp", LOCAL, LOCAL), UNHEARD, "b"
    )
    UNHEARD.responded(transaction, Response(200), 0.0)
    UNHEARD.failed(transaction, 408, 0.0)
    assert table.outbox == []
