"""The second factor: time-based codes (RFC 6238) and recovery codes, each good once."""

from __future__ import annotations

import secrets
from datetime import datetime
from hmac import compare_digest

import pyotp
from sqlalchemy import delete
from sqlalchemy.orm import Session

from webadmin.auth.sessions import token_hash
from webadmin.models import Account, RecoveryCode
from webadmin.sealing import Sealer

STEP = 30
RECOVERY_CODES = 10


def new_secret() -> str:
    """A secret of 160 bits in base 32."""
    return pyotp.random_base32()


def address(secret: str, email: str) -> str:
    """The otpauth: address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Doorline")


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The time step a code belongs to: now, or one before or after; None when it is wrong."""
    digits = "".join(code.split())
    now = int(at.timestamp()) // STEP
    totp = pyotp.TOTP(secret)
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 6):
        return None
    near = (now, now - 1, now + 1)
    return next((step for step in near if compare_digest(totp.at(step * STEP), digits)), None)


def check(session: Session, sealer: Sealer, account: Account, code: str, at: datetime) -> bool:
    """Whether the code lets `account` in; it is used up then."""
    secret = sealer.open(account.totp_secret) if account.totp_secret else None
    step = step_of(secret, code, at) if secret else None
    if step is not None and step > account.totp_step:
        account.totp_step = step
        return True
    spent = delete(RecoveryCode).where(
        RecoveryCode.code_hash == token_hash(_plain(code)), RecoveryCode.account_id == account.id
    )
    return session.execute(spent.returning(RecoveryCode.code_hash)).first() is not None


def enrol(session: Session, sealer: Sealer, account: Account, secret: str, step: int) -> list[str]:
    """Give `account` this second factor; returns its new recovery codes, the only time they are known."""
    account.totp_secret = sealer.seal(secret)
    account.totp_step = step
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [f"{secrets.token_hex(4)}-{secrets.token_hex(4)}" for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(code_hash=token_hash(_plain(code)), account_id=account.id) for code in codes)
    return codes


def _plain(code: str) -> str:
    return "".join(character for character in code.lower() if character.isalnum())
