"""Limits are one frozen value."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from pbx.sip.limits import Limits


def test_limits_cannot_change_under_an_engine() -> None:
    limits = Limits()
    assert limits.sessions < limits.transactions
    with pytest.raises(FrozenInstanceError):
        limits.sessions = 1  # type: ignore[misc]
