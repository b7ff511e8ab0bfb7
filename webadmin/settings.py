"""Typed configuration of WebAdmin, from the same files and variables as the PBX's.

Where values come from and which wins: `config/layers.py`.
"""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from config.layers import Layered, read

Role = Literal["system_owner", "organisation_admin", "building_admin", "unit_owner", "resident", "guest"]
Port = Annotated[int, Field(ge=0, le=65535)]


class Section(BaseModel):
    """A section that is WebAdmin's own: unknown keys are mistakes, not wishes."""

    model_config = ConfigDict(extra="forbid")


class Shared(BaseModel):
    """A section that other processes read too: their keys are not ours to judge."""

    model_config = ConfigDict(extra="ignore")


class Web(Section):
    """Where WebAdmin listens, and how long a log-in lasts.

    Attributes:
        host: of the machine itself only.
        tls_host: where HTTPS is spoken for other machines; "" where a proxy with TLS stands in front.
        public_url: what browsers call it when a proxy stands in front, such as "https://doorline.example".
        workers: processes of gunicorn.
        session_hours: after which one logs in again.
        ami_user: WebAdmin's own account at the PBX.
        second_factor: roles that must have one.
    """

    host: str = "127.0.0.1"
    port: Port = 8080
    tls_host: str = "0.0.0.0"
    tls_port: Port = 8443
    public_url: str = ""
    workers: Annotated[int, Field(ge=1, le=32)] = 2
    session_hours: Annotated[int, Field(ge=1, le=720)] = 12
    ami_user: str = "webadmin"
    second_factor: tuple[Role, ...] = ("system_owner", "organisation_admin")

    @field_validator("host")
    @classmethod
    def _loopback(cls, value: str) -> str:
        try:
            inside = value == "localhost" or IPv4Address(value).is_loopback
        except ValueError:
            inside = False
        if not inside:
            raise ValueError("must be an address of this machine itself, such as 127.0.0.1")
        return value

    @field_validator("tls_host")
    @classmethod
    def _address(cls, value: str) -> str:
        try:
            return str(IPv4Address(value)) if value else value
        except ValueError:
            raise ValueError("must be an IPv4 address such as 0.0.0.0, or empty") from None

    @field_validator("public_url")
    @classmethod
    def _https(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("must begin with https://")
        return value.rstrip("/")


class Ami(Shared):
    """Where the PBX's AMI is found."""

    host: str = "127.0.0.1"
    port: Port = 5038


class Http(Shared):
    """Where the PBX's HTTP side is. `public_url`: what browsers call it, where a proxy stands in front."""

    host: str = "127.0.0.1"
    port: Port = 8088
    tls_port: Port = 8089
    public_url: str = ""

    @field_validator("public_url")
    @classmethod
    def _web(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("must begin with https://")
        return value.rstrip("/")


class Sip(Shared):
    """Where telephones register; a host of "" is a transport switched off."""

    udp_port: Port = 5060
    tcp_port: Port = 5060
    tls_host: str = "0.0.0.0"
    tls_port: Port = 5061


class Media(Shared):
    """What is said: a folder of recordings for each language."""

    prompts: Path = Path("config/prompts")


class Push(Shared):
    """Push services that are asked; see the PBX's settings."""

    hosts: tuple[str, ...] = ()


class Database(Shared):
    """SQLAlchemy URLs; PostgreSQL keeps both in one database, in the schemas `admin` and `pbx`."""

    admin_url: str = "sqlite:///var/admin.db"
    pbx_url: str = "sqlite:///var/pbx.db"

    @field_validator("admin_url", "pbx_url")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            url = make_url(value)
        except ArgumentError:
            raise ValueError("is no database URL such as sqlite:///var/admin.db") from None
        if url.get_backend_name() not in ("sqlite", "postgresql"):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        if url.get_backend_name() == "sqlite" and not url.database:
            raise ValueError("must name a file")
        return value


class Mail(Section):
    """How e-mails leave. Without a `host` they are put into the directory `outbox` of `var`.

    Attributes:
        starttls: whether the connection must become encrypted before anything is said.
        password: of `user`; better set by DOORLINE_MAIL__PASSWORD than in a file.
    """

    host: str = ""
    port: Port = 587
    starttls: bool = True
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = "doorline@localhost"


class Visits(Shared):
    """For how many days the PBX keeps the log of visits to a commercial site."""

    keep_days: Annotated[int, Field(ge=1, le=90)] = 14


class Paths(Shared):
    """Where state and secrets lie."""

    var: Path = Path("var")
    tls_certificate: Path | None = None
    tls_key: Path | None = None


class Log(Shared):
    """What is logged."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Settings(Layered):
    """Every setting of WebAdmin; attributes are the sections of the file."""

    webadmin: Web = Web()
    ami: Ami = Ami()
    sip: Sip = Sip()
    http: Http = Http()
    media: Media = Media()
    push: Push = Push()
    database: Database = Database()
    mail: Mail = Mail()
    visits: Visits = Visits()
    paths: Paths = Paths()
    log: Log = Log()


def load() -> Settings:
    """Read the configuration.

    Raises:
        SettingsError: a file cannot be read, or a value is wrong or unknown.
    """
    return read(Settings)
