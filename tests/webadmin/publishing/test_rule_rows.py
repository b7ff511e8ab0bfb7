"""Groups, schedules and rules as rows, in the admin's order."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select, update

from webadmin.db import db, writing
from webadmin.models import DialGroup, DialGroupMember, Site
from webadmin.publishing.parts import refs
from webadmin.publishing.rule_rows import calendar_rows, group_rows, in_order, rule_rows, schedule_rows


def office() -> Site:
    return db.session.scalars(select(Site).where(Site.domain == "kontor.example")).one()


def test_a_new_order_of_members_is_a_new_order_of_rows(published: Flask) -> None:
    with writing() as session:
        group = session.scalars(select(DialGroup).where(DialGroup.ref == "reception")).one()
        mine = DialGroupMember.group_id == group.id
        session.execute(update(DialGroupMember).where(mine).values(position=DialGroupMember.position + 10))
        session.execute(update(DialGroupMember).where(mine).values(position=13 - DialGroupMember.position))
    site = office()
    rows = group_rows(db.session(), site, refs(db.session(), site))
    reception = next(row for row in rows if row.id == "reception")
    assert [member.id for member in reception.members] == ["ola", "per", "nora", "kari"]


def test_the_rest_of_the_office(published: Flask) -> None:
    site = office()
    of = refs(db.session(), site)
    assert [row.id for row in schedule_rows(db.session(), site)] == ["office-hours"]
    assert [(row.id, row.norwegian) for row in calendar_rows(db.session(), site)] == [("holidays", True)]
    assert [(row.id, row.doors, row.buildings) for row in rule_rows(db.session(), site, of)] == [
        ("staff", ("glass",), ("office",))
    ]
    assert [row.ref for row in in_order(db.session(), site, DialGroup)] == ["reception", "everybody", "staff"]
