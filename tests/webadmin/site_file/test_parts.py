"""Parts go with the thing they belong to, and with no other's."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from webadmin.db import Row, db, writing
from webadmin.models import DialGroupMember, Site
from webadmin.site_file.parts import OWNERS, delete_parts


def test_only_the_parts_of_one_site_are_deleted(published: Flask) -> None:
    def members() -> int:
        return db.session.execute(select(func.count()).select_from(DialGroupMember)).scalar_one()

    before = members()
    with writing() as session:
        house = session.scalars(select(Site).where(Site.domain == "fjordgata.example")).one()
        delete_parts(session, house.id)
    assert 0 < members() < before


def test_no_table_of_parts_was_forgotten() -> None:
    known = {column.class_.__tablename__ for column, _ in OWNERS}
    things = {table.name for table in Row.metadata.sorted_tables if "site_id" in table.columns}
    apart = {"organisation", "site", "counter", "credential", "plan_revision", "web_session", "setup_link"}
    apart |= {"account", "membership", "recovery_code", "account_link", "attempt", "audit_entry"}
    apart |= {"delegation", "guest_pass", "trunk", "provisioning_link", "pairing", "pairing_code"}
    assert {table.name for table in Row.metadata.sorted_tables} - things - apart == known
