from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pbx.alarms.sides import alarm_delivery, machine
from pbx.alarms.webhook import NotAllowed
from pbx.certificates import load_or_make
from pbx.settings import Alarms

AT = datetime(2026, 11, 22, tzinfo=UTC)


def test_what_the_machine_says(tmp_path: Path) -> None:
    made = load_or_make(tmp_path / "tls", ["127.0.0.1"])
    seen = machine(made.certificate, tmp_path, AT)
    assert seen.certificate_ends is not None
    assert 0.0 <= seen.disk_free <= 1.0
    assert machine(tmp_path / "nothing", tmp_path, AT).certificate_ends is None


async def test_a_webhook_that_is_not_allowed_stops_the_start() -> None:
    with pytest.raises(NotAllowed):
        alarm_delivery(Alarms(webhook_url="https://x.example/", webhook_secret="s" * 20))
    delivery = alarm_delivery(Alarms())
    assert delivery.waiting == 0
