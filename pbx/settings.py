"""Typed configuration of the PBX: defaults, then a TOML file, then the environment.

Where values come from and which wins: `config/layers.py`.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from config.layers import Layered, SettingsError, read

Port = Annotated[int, Field(ge=0, le=65535)]
"""A port number; 0 lets the system choose one (tests)."""

Network = IPv4Network | IPv6Network


class Section(BaseModel):
    """A section of the file: unknown keys are mistakes, not wishes."""

    model_config = ConfigDict(extra="forbid")


class Sip(Section):
    """Where SIP is spoken. An empty host switches that transport off."""

    udp_host: str = "0.0.0.0"
    udp_port: Port = 5060
    tcp_host: str = "0.0.0.0"
    tcp_port: Port = 5060
    tls_host: str = "0.0.0.0"
    tls_port: Port = 5061
    trusted_sources: list[Network] = []
    messages_per_second: Annotated[int, Field(ge=1, le=100_000)] = 50
    message_burst: Annotated[int, Field(ge=1, le=100_000)] = 200
    connections: Annotated[int, Field(ge=1, le=200_000)] = 10_000
    connections_per_source: Annotated[int, Field(ge=1, le=10_000)] = 100
    nonce_seconds: Annotated[int, Field(ge=30, le=3600)] = 300
    session_interval: Annotated[int, Field(ge=90, le=86_400)] = 1800


class Http(Section):
    """The small HTTP side: WebSocket, health, metrics, panels' directories.

    `public_url`: what browsers call it where a proxy stands in front; WebAdmin tells them. A proxy on this
    machine is then believed when it says who asks.
    """

    host: str = "127.0.0.1"
    port: Port = 8088
    tls_host: str = "0.0.0.0"
    tls_port: Port = 8089
    public_origins: list[str] = []
    public_url: str = ""
    native_websocket_clients: bool = False
    metrics_token: str = ""


class Media(Section):
    """Where RTP flows. `advertised_addresses`: what peers are told, the first fits most.

    `webrtc_port` is UDP and TCP, of a second worker the next one, and so on; 0: any that is free.
    `websocket_profile`: what is offered to devices on WebSockets; "plain" suits programs, no browser.
    `tls_profile`: what is offered to devices on SIP over TLS; with "sdes" SRTP or nothing (RFC 4568).
    """

    bind_address: str = "0.0.0.0"
    advertised_addresses: list[str] = []
    port_first: Port = 20000
    port_last: Port = 29999
    webrtc_port: Annotated[int, Field(ge=0, le=65_535)] = 8189
    websocket_profile: Literal["webrtc", "plain"] = "webrtc"
    tls_profile: Literal["plain", "sdes"] = "plain"
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    silence_seconds: Annotated[int, Field(ge=5, le=600)] = 30
    prompts: Path = Path("config/prompts")
    prompt_language: Annotated[str, Field(pattern="^[a-z][a-z_]{1,7}$")] = "nb"


class Calls(Section):
    """Bounds on calls."""

    total: Annotated[int, Field(ge=1, le=100_000)] = 2000
    per_device: Annotated[int, Field(ge=1, le=1000)] = 4
    drain_seconds: Annotated[int, Field(ge=0, le=3600)] = 30


class Ami(Section):
    """The Asterisk Manager Interface for operators; accounts are made by `pbx.console`."""

    host: str = "127.0.0.1"
    port: Port = 5038
    tls_host: str = ""
    tls_port: Port = 5039
    sessions: Annotated[int, Field(ge=1, le=1000)] = 50
    sessions_per_source: Annotated[int, Field(ge=1, le=1000)] = 10


class Database(Section):
    """SQLAlchemy URLs: WebAdmin's database (read) and the PBX's own (written)."""

    admin_url: str = "sqlite:///var/admin.db"
    pbx_url: str = "sqlite:///var/pbx.db"


class Paths(Section):
    """Where state and secrets lie; secrets are made with mode 0600."""

    var: Path = Path("var")
    tls_certificate: Path | None = None
    tls_key: Path | None = None


class HttpRelay(Section):
    """A host that doors with driver "http" may be opened by; `secret_file` has mode 0600."""

    host: str
    port: Port | None = None
    login: Literal["none", "basic", "digest", "bearer"] = "none"
    user: str = ""
    secret_file: Path | None = None

    def secret(self) -> str:
        """Read now, kept nowhere else."""
        return secret_in(self.secret_file)


class Doors(Section):
    """Relays on the network; no other host is ever asked, whatever a plan says."""

    http_hosts: list[HttpRelay] = []


class Mqtt(Section):
    """The broker for doors with driver "mqtt" and for Home Assistant; an empty host switches it off."""

    host: str = ""
    port: Port = 1883
    tls: bool = False
    ca_file: Path | None = None
    user: str = ""
    secret_file: Path | None = None
    prefix: str = "doorline"
    discovery: str = "homeassistant"

    def secret(self) -> str:
        """Read now, kept nowhere else."""
        return secret_in(self.secret_file)


class Push(Section):
    """How closed apps are woken. `hosts`: push services that are asked, and no others; `name:port` for one of
    one's own, which may be inside and whose certificate is in `ca_file`. `contact`: whom they may write to.
    """

    enabled: bool = True
    hosts: list[str] = [
        *("fcm.googleapis.com", "updates.push.services.mozilla.com"),
        *("web.push.apple.com", "*.notify.windows.com"),
    ]
    ca_file: Path | None = None
    contact: Annotated[str, Field(pattern="^(mailto:|https://).+")] = "mailto:doorline@localhost"


class Alarms(Section):
    """Who is told of alarms; nobody while these are empty. Any host of a webhook must be listed."""

    mail_to: list[str] = []
    mail_from: str = ""
    smtp_host: str = ""
    smtp_port: Port = 587
    smtp_starttls: bool = True
    smtp_user: str = ""
    smtp_password: str = ""
    webhook_url: str = ""
    webhook_secret: str = ""
    webhook_hosts: list[str] = []


class Visits(Section):
    """For how many days the log of visits to a commercial site is kept; a residential one has none."""

    keep_days: Annotated[int, Field(ge=1, le=90)] = 14


class Log(Section):
    """What is logged, and whether each line is a JSON object."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    json_lines: bool = False


class Settings(Layered):
    """Every setting of the PBX process; attributes are the sections of the file."""

    sip: Sip = Sip()
    http: Http = Http()
    media: Media = Media()
    calls: Calls = Calls()
    ami: Ami = Ami()
    doors: Doors = Doors()
    mqtt: Mqtt = Mqtt()
    database: Database = Database()
    paths: Paths = Paths()
    push: Push = Push()
    alarms: Alarms = Alarms()
    visits: Visits = Visits()
    log: Log = Log()


def secret_in(path: Path | None) -> str:
    """The secret that stands alone in a file; "" without one.

    Raises:
        SettingsError: it cannot be read, or others can read it too.
    """
    if path is None:
        return ""
    try:
        if path.stat().st_mode & 0o077:
            raise SettingsError(f"{path} can be read by others: chmod 600 {path}")
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{path} cannot be read") from None


def load() -> Settings:
    """Read the configuration.

    Raises:
        SettingsError: a file cannot be read, or a value is wrong or unknown.
    """
    return read(Settings)
