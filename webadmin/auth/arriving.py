"""Somebody has come in, by whatever way: when, and that the button shows from the first time on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from webadmin.models import Account
from webadmin.nudging import nudge
from webadmin.publishing.arrivals import account_arrived, device_arrived


def come_in(session: Session, account: Account, at: datetime) -> None:
    """The account is in, in this transaction; the PBX is told when it is over."""
    account.last_in_at = at
    if account_arrived(session, account.id, account.email, at):
        nudge()


def hand_over(session: Session, domain: str, device: str, who: str, at: datetime) -> None:
    """The log-in of a device was given to its owner, in this transaction: as good as a first log-in."""
    if device_arrived(session, domain, device, who, at):
        nudge()
