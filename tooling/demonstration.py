"""What `make run` runs: the programs of one machine, prepared with two demonstration sites."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pbx.ami.accounts import write_secret
from pbx.settings import Settings, SettingsError, load
from tooling.supervise import Program

ROOT = Path(__file__).parent.parent
SITES = ("config/sites/fjordgata.toml", "config/sites/kontor.toml")
HOUSE, OFFICE = "fjordgata.example", "kontor.example"
SHOWN = ((HOUSE, "kari-phone"), (HOUSE, "per-phone"), (OFFICE, "kari-phone"), (OFFICE, "ola-app"))


class PreparationError(Exception):
    """The demonstration cannot be set up; `str()` says what failed, fit for a terminal."""


@dataclass(frozen=True, slots=True)
class LogIn:
    """A line of the file of demonstration log-ins."""

    site: str
    device: str
    username: str
    secret: str


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent of the demonstration: a panel with a push button that calls, or a controller with relays."""

    site: str
    device: str
    name: str
    relays: tuple[str, ...] = ()
    calls: str = ""


AGENTS = (
    Agent(HOUSE, "house-controller", "Dørstyring", relays=("front", "back")),
    Agent(HOUSE, "entrance", "Hoveddøra", calls="1"),
    Agent(OFFICE, "office-controller", "Dørstyring", relays=("glass",)),
    Agent(OFFICE, "street", "Gata", calls="1"),
)


def prepare() -> tuple[list[Program], str]:
    """Bring the databases and the demonstration sites up to date.

    Returns the programs to run and the text that tells how to use them.

    Raises:
        PreparationError: a step failed.
    """
    os.chdir(ROOT)
    try:
        settings = load()
    except SettingsError as fault:
        raise PreparationError(f"doorline: {fault}") from None
    var = settings.paths.var
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    secrets = var / "demo-credentials.txt"
    step("migrations", "upgrade")
    step("webadmin", "publish", *SITES, "--secrets", str(secrets), "--author", "make run")
    step(
        *("pbx.console", "ami-account", "add", "webadmin", "--read", "user", "--write", "system,config,call"),
        *("--secret-file", str(var / "webadmin-ami.secret")),
    )
    log_ins = {(each.site, each.device): each for each in read_log_ins(secrets)}
    known = [agent for agent in AGENTS if (agent.site, agent.device) in log_ins]
    agents = [agent_program(agent, log_ins, settings) for agent in known]
    programs = [Program("pbx", [sys.executable, "-m", "pbx"])]
    programs += [Program("webadmin", [sys.executable, "-m", "webadmin", "serve"]), *agents]
    return programs, guide(settings, log_ins, step("webadmin", "link").strip(), secrets)


def step(module: str, *arguments: str) -> str:
    """Run one preparation, silent unless it fails; returns what it printed."""
    done = subprocess.run([sys.executable, "-m", module, *arguments], capture_output=True, text=True)
    if done.returncode:
        words = " ".join((module, *arguments))
        raise PreparationError(f"python -m {words} failed:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


def read_log_ins(path: Path) -> Iterator[LogIn]:
    """The log-ins that publishing wrote down: domain, device, user name, secret a line; the last counts."""
    if not path.is_file():
        return
    for line in path.read_text().splitlines():
        words = line.split()
        if len(words) == 4 and not line.startswith("#"):
            yield LogIn(*words)


def agent_program(agent: Agent, log_ins: dict[tuple[str, str], LogIn], settings: Settings) -> Program:
    """Write an agent's settings and secret; the program waits for the PBX's order key."""
    var = settings.paths.var
    directory = var / "intercom" / agent.device
    log_in = log_ins[agent.site, agent.device]
    write_secret(directory / "secret", log_in.secret + "\n")
    key = var / "keys" / "order_ed25519.pub"
    lines = [
        f'state_directory = "{directory}"',
        "[server]",
        f'site = "{agent.site}"',
        f'address = "127.0.0.1:{settings.sip.udp_port}"',
        "[account]",
        f'username = "{log_in.username}"',
        f'secret_file = "{directory / "secret"}"',
        f'name = "{agent.name}"',
        "[guard]",
        'pins = "mock"',
    ]
    if agent.relays:
        lines += ["[orders]", f'key_file = "{key}"']
    for pin, relay in enumerate(agent.relays, 17):
        lines += [f"[relays.{relay}]", f"pin = {pin}"]
    if agent.calls:
        lines += ["[buttons.first]", "pin = 5", f'calls = "{agent.calls}"', "[audio]", 'source = "tone"']
    file = directory / "intercom.toml"
    file.write_text("\n".join(lines) + "\n")
    command = [sys.executable, "-m", "intercom", "--config", str(file)]
    return Program(agent.device, command, after=key)


def guide(settings: Settings, log_ins: dict[tuple[str, str], LogIn], link: str, secrets: Path) -> str:
    """Where everything is, and how to connect a softphone."""
    sip, http, ami = settings.sip, settings.http, settings.ami
    phones = [log_ins[name] for name in SHOWN if name in log_ins]
    ring = ".venv/bin/python -m intercom --config"
    width = max((len(each.username) for each in phones), default=0)
    panel = settings.paths.var / "intercom" / "entrance" / "intercom.toml"
    office = settings.paths.var / "intercom" / "street" / "intercom.toml"
    return "\n".join(
        [
            "",
            "Doorline is starting. Ctrl-C ends it.",
            "",
            f"  WebAdmin    {link}   (this way in is good once, for 15 minutes)",
            f"  SIP         port {sip.udp_port} UDP, {sip.tcp_port} TCP, {sip.tls_port} TLS",
            f"  HTTP        ws://{http.host}:{http.port}/ws, /health, /metrics; wss port {http.tls_port}",
            f"  AMI         {ami.host}:{ami.port}   (accounts: python -m pbx.console ami-account add NAME)",
            "",
            "  Connect a softphone: user name, secret and domain as below, this machine as outbound proxy.",
            *(f"    {each.username:<{width}}   {each.secret}   {each.site}" for each in phones),
            f"    all of them: {secrets}",
            "",
            "  Then ring, in another terminal; answer, and press 5: the door opens.",
            f"    {ring} {panel} --call 1     # Kari and Ola at once",
            f"    {ring} {panel} --call 91    # Per, then Ingrid, then Lars",
            f"    {ring} {office} --call 1      # the reception; after hours Ola",
            "",
        ]
    )
