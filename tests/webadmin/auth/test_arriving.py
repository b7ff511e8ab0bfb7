"""Coming in is noted, and the PBX is told when that made a button show."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, g
from sqlalchemy import select

from tests.webadmin.residents import HOUSE, make_resident
from webadmin.auth.arriving import come_in, hand_over
from webadmin.auth.reach import lifted
from webadmin.db import writing
from webadmin.models import Account, Person


def test_the_first_time_alone_is_told(published: Flask) -> None:
    make_resident("kari@x.example", "kari")
    at = datetime.now(UTC)
    with published.test_request_context("/"), lifted():
        for expected in (0, 1, 1):
            with writing() as session:
                account = session.scalars(select(Account)).one()
                come_in(session, account, at)
                kari = session.scalars(select(Person).where(Person.ref == "kari")).first()
                assert kari is not None and kari.arrived and account.last_in_at == at
                assert len(g.get("afterwards", ())) == expected
                kari.arrived = expected > 0
        with writing() as session:
            hand_over(session, HOUSE, "kari-app", "", at)
            hand_over(session, HOUSE, "entrance", "", at)
        assert len(g.afterwards) == 1
