from __future__ import annotations

from pbx.ami.answering import Asked, channel_of, endpoint_named
from pbx.ami.wire import Action
from tests.support.ami import HOUSE, OFFICE, PANEL, parse
from tests.support.ami_desk import Desk


def asked(desk: Desk, **fields: str) -> Asked:
    account = desk.conversation.account
    assert account is not None
    return Asked(Action([("Action", "X"), ("ActionID", "7"), *fields.items()]), desk.conversation, account)


def test_a_channel_of_another_site_is_not_there() -> None:
    desk = Desk(frozenset({OFFICE}))
    desk.call(HOUSE)
    assert channel_of(desk.book, asked(desk, Channel="PJSIP/private-00000001")) is None
    (answer,) = parse(desk.conversation.outbox().decode())
    assert (answer["Message"], answer["ActionID"]) == (["No such channel"], ["7"])


def test_an_endpoint_by_name_in_sites_the_account_sees() -> None:
    desk = Desk(frozenset({OFFICE}))
    assert endpoint_named(desk.control, asked(desk), "panel-1") is PANEL
    assert endpoint_named(desk.control, asked(desk), "ola-phone") is None
    desk.control.devices.append(PANEL)
    assert endpoint_named(desk.control, asked(desk), "panel-1") is None
