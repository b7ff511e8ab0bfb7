"""Codes by time and recovery codes, each good once."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from flask import Flask

from tests.webadmin.conftest import AT
from webadmin.auth import second_factor
from webadmin.auth.entering import make_account
from webadmin.db import writing
from webadmin.sealing import Sealer


@pytest.mark.parametrize("seconds, good", [(0, True), (-30, True), (30, True), (-90, False), (90, False)])
def test_a_code_is_good_a_step_around_its_time(seconds: int, good: bool) -> None:
    secret = second_factor.new_secret()
    code = pyotp.TOTP(secret).at(AT + timedelta(seconds=seconds))
    assert (second_factor.step_of(secret, f"{code[:3]} {code[3:]}", AT) is not None) is good


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_what_is_no_code(code: str) -> None:
    assert second_factor.step_of(second_factor.new_secret(), code, AT) is None


def test_each_code_works_once(app: Flask) -> None:
    sealer, secret = Sealer("x"), second_factor.new_secret()
    code = pyotp.TOTP(secret).at(AT)
    with writing() as session:
        account = make_account(session, "Kari", "kari@x.example", AT)
        codes = second_factor.enrol(session, sealer, account, secret, 0)
        assert account.totp_secret is not None and secret not in account.totp_secret
        assert second_factor.check(session, sealer, account, code, AT)
        assert not second_factor.check(session, sealer, account, code, AT)
        assert second_factor.check(session, sealer, account, codes[3].upper(), AT)
        assert not second_factor.check(session, sealer, account, codes[3], AT)
        other = make_account(session, "Ola", "ola@x.example", AT)
        assert not second_factor.check(session, sealer, other, codes[4], AT)


def test_the_address_names_us_and_the_account() -> None:
    address = second_factor.address(second_factor.new_secret(), "kari@x.example")
    assert address.startswith("otpauth://totp/Doorline:kari") and "issuer=Doorline" in address
