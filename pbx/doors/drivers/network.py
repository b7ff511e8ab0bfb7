"""What the settings say of relays on the network, with the secrets their files hold."""

from __future__ import annotations

import ssl

from pbx.doors.drivers.http import RelayHost
from pbx.doors.drivers.mqtt import Broker
from pbx.doors.home_assistant import Topics
from pbx.settings import Settings


def relay_hosts(settings: Settings) -> list[RelayHost]:
    """The allow-list of HTTP relays. Raises SettingsError for a secret that cannot be used."""
    return [
        RelayHost(each.host, each.port, each.login, each.user, each.secret())
        for each in settings.doors.http_hosts
    ]


def broker_of(settings: Settings) -> Broker:
    """The MQTT broker. Raises SettingsError for a secret, OSError for an authority that cannot be used."""
    mqtt = settings.mqtt
    tls = ssl.create_default_context(cafile=mqtt.ca_file) if mqtt.tls else None
    topics = Topics(mqtt.prefix, mqtt.discovery)
    return Broker(mqtt.host, mqtt.port, mqtt.user or None, mqtt.secret() or None, tls, topics)
