"""Codes for pairing: once, ten minutes, the right kind, few tries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webadmin.conftest import AT
from tests.webadmin.residents import HOUSE
from webadmin.db import writing
from webadmin.models import Attempt, Credential, Device, Pairing, PairingCode
from webadmin.pairing.service import LENGTH, LETTERS, Paired, PairingRefused, make_code, pair, shown


def panel(session: Session, ref: str = "entrance") -> Device:
    return session.scalars(select(Device).where(Device.ref == ref)).one()


def test_a_code_works_once_and_gives_a_new_secret(published: Flask) -> None:
    with writing() as session:
        before = session.scalars(select(Credential).where(Credential.device == "entrance")).one()
        ha1, seq = before.ha1, before.seq
        code = make_code(session, panel(session), "admin@x.example", AT)
        assert len(code) == LENGTH and set(code) <= set(LETTERS)
        assert session.scalars(select(PairingCode)).one().code_hash != code
        done = pair(session, shown(code).lower(), "panel", "KEY", "192.0.2.1", AT)
        assert isinstance(done, Paired)
        assert (done.log_in.site, done.log_in.device) == (HOUSE, "entrance")
        session.refresh(before)
        assert before.ha1 != ha1 and before.seq > seq
        assert session.scalars(select(Pairing)).one().public_key == "KEY"
        again = pair(session, code, "panel", "", "192.0.2.1", AT)
        assert isinstance(again, PairingRefused) and not again.wait


def test_late_other_kind_and_older_codes_are_no_good(published: Flask) -> None:
    with writing() as session:
        first = make_code(session, panel(session), "a", AT)
        code = make_code(session, panel(session), "a", AT)
        for given, kind, at in (
            (first, "panel", AT),
            (code, "controller", AT),
            (code, "panel", AT + timedelta(minutes=10)),
            ("A" * 8, "panel", AT),
        ):
            assert isinstance(pair(session, given, kind, "", "192.0.2.1", at), PairingRefused)  # type: ignore[arg-type]
        assert isinstance(pair(session, code, "agent", "", "192.0.2.1", AT), Paired)


def test_what_is_not_paired(published: Flask) -> None:
    with writing() as session, pytest.raises(ValueError, match="app"):
        make_code(session, panel(session, "kari-app"), "a", AT)


def test_ten_tries_from_one_place_then_a_pause(published: Flask) -> None:
    with writing() as session:
        code = make_code(session, panel(session), "a", AT)
        for _ in range(10):
            refused = pair(session, "BBBBBBBB", "panel", "", "192.0.2.1", AT)
            assert isinstance(refused, PairingRefused) and not refused.wait
        waits = pair(session, code, "panel", "", "192.0.2.1", AT)
        assert isinstance(waits, PairingRefused) and waits.wait
        assert isinstance(pair(session, code, "panel", "", "192.0.2.2", AT), Paired)
        assert len(session.scalars(select(Attempt)).all()) >= 10


def test_many_sources_do_not_help(published: Flask) -> None:
    with writing() as session:
        outcomes = [pair(session, "BBBBBBBB", "panel", "", f"192.0.2.{n}", AT) for n in range(101)]
        waits = [isinstance(each, PairingRefused) and each.wait for each in outcomes]
        assert not any(waits[:100]) and waits[100]
