"""Settings of network relays, and their secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.layers import SettingsError
from pbx.doors.drivers.http import RelayHost
from pbx.doors.drivers.network import broker_of, relay_hosts
from pbx.settings import Doors, HttpRelay, Mqtt, Settings


def secret(directory: Path, mode: int = 0o600) -> Path:
    path = directory / "secret"
    path.write_text("s3\n")
    path.chmod(mode)
    return path


def test_hosts_with_their_log_ins(tmp_path: Path) -> None:
    relay = HttpRelay(host="relay.example", port=81, login="basic", user="u", secret_file=secret(tmp_path))
    settings = Settings(doors=Doors(http_hosts=[relay, HttpRelay(host="open.example")]))
    assert relay_hosts(settings) == [
        RelayHost("relay.example", 81, "basic", "u", "s3"),
        RelayHost("open.example"),
    ]


def test_a_secret_that_others_can_read_is_none(tmp_path: Path) -> None:
    for path in (secret(tmp_path, 0o644), tmp_path / "missing"):
        with pytest.raises(SettingsError):
            relay_hosts(Settings(doors=Doors(http_hosts=[HttpRelay(host="h", secret_file=path)])))


def test_the_broker(tmp_path: Path) -> None:
    mqtt = Mqtt(host="mqtt.example", port=8883, tls=True, user="u", secret_file=secret(tmp_path), prefix="p")
    broker = broker_of(Settings(mqtt=mqtt))
    assert (broker.host, broker.port, broker.user, broker.password) == ("mqtt.example", 8883, "u", "s3")
    assert broker.tls is not None and broker.topics.status == "p/status"
    assert broker_of(Settings(mqtt=Mqtt(host="h"))).tls is None
