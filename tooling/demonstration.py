"""What `make run` runs: the programs of one machine, prepared with two demonstration sites."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.layers import SettingsError
from pbx.ami.accounts import write_secret
from pbx.certificates import load_or_make, local_names
from pbx.settings import Settings, load
from tooling.supervise import Program
from webadmin.addresses import certified_names
from webadmin.settings import Settings as WebSettings
from webadmin.settings import load as load_webadmin

ROOT = Path(__file__).parent.parent
SITES = ("config/sites/fjordgata.toml", "config/sites/kontor.toml")
HOUSE, OFFICE = "fjordgata.example", "kontor.example"
RESIDENT, EMAIL, TABLET = "kari", "kari@fjordgata.example", "tablet"
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
    if settings.paths.tls_certificate is None:
        load_or_make(var / "tls", local_names())  # before the first link, which says where HTTPS is
    step("migrations", "upgrade")
    step("webadmin", "publish", "--new", *SITES, "--secrets", str(secrets), "--author", "make run")
    residents = var / "demo-residents.txt"
    step("webadmin", "resident", HOUSE, RESIDENT, EMAIL, "--owner", "--secrets", str(residents))
    code = step("webadmin", "pair", HOUSE, TABLET, "--like", "entrance", "--name", "Nettbrett").strip()
    step(
        *("pbx.console", "ami-account", "add", "webadmin", "--read", "user"),
        *("--write", "system,config,call,originate"),
        *("--secret-file", str(var / "webadmin-ami.secret")),
    )
    log_ins = {(each.site, each.device): each for each in read_log_ins(secrets)}
    known = [agent for agent in AGENTS if (agent.site, agent.device) in log_ins]
    agents = [agent_program(agent, log_ins, settings) for agent in known]
    programs = [Program("pbx", [sys.executable, "-m", "pbx"], origins(settings, load_webadmin()))]
    programs += [Program("webadmin", [sys.executable, "-m", "webadmin", "serve"]), *agents]
    links = step("webadmin", "link", "--qr").splitlines()
    return programs, guide(settings, log_ins, links, secrets, faces(links, residents, code))


def origins(settings: Settings, webadmin: WebSettings) -> dict[str, str]:
    """What lets the app's pages, served by WebAdmin, speak to the PBX."""
    if settings.http.public_origins:
        return {}
    web = webadmin.webadmin
    names = [f"http://{name}:{web.port}" for name in ("127.0.0.1", "localhost")]
    names += [f"https://{name}:{web.tls_port}" for name in certified_names(webadmin)]
    return {"DOORLINE_HTTP__PUBLIC_ORIGINS": json.dumps(names)}


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
        lines += ["[video]", 'source = "pattern"']
    file = directory / "intercom.toml"
    file.write_text("\n".join(lines) + "\n")
    command = [sys.executable, "-m", "intercom", "--config", str(file)]
    return Program(agent.device, command, after=key)


def faces(links: list[str], residents: Path, code: str) -> list[str]:
    """How to be a visitor and a resident in two windows of a browser."""
    bases = ["/".join(line.split("/")[:3]) for line in links if line.startswith("http")]
    lines = residents.read_text().splitlines() if residents.is_file() else []
    password = next((line.split()[1] for line in lines if line.startswith(f"{EMAIL} ")), "as you chose it")
    anew = f"python -m webadmin pair {HOUSE} {TABLET}"
    return [
        f"  App         {bases[0]}/app/   e-mail {EMAIL}, password {password}",
        *(f"              {base}/app/" for base in bases[1:]),
        f"  Panel       {bases[0]}/kiosk/   code {code}   (ten minutes; another: {anew})",
        *(f"              {base}/kiosk/" for base in bases[1:]),
    ]


def guide(
    settings: Settings,
    log_ins: dict[tuple[str, str], LogIn],
    links: list[str],
    secrets: Path,
    browsers: list[str],
) -> str:
    """Where everything is, and how to connect a softphone."""
    sip, http, ami = settings.sip, settings.http, settings.ami
    phones = [log_ins[name] for name in SHOWN if name in log_ins]
    ring = ".venv/bin/python -m intercom --config"
    width = max((len(each.username) for each in phones), default=0)
    panel = settings.paths.var / "intercom" / "entrance" / "intercom.toml"
    ways = [line for line in links if line.startswith("http")]
    picture = [f"  {line}" for line in links if line not in ways]
    office = settings.paths.var / "intercom" / "street" / "intercom.toml"
    return "\n".join(
        [
            "",
            "Doorline is starting. Ctrl-C ends it.",
            "",
            f"  WebAdmin    {ways[0]}   (this way in is good once, for 15 minutes)",
            *(f"              {way}   (for other machines and phones)" for way in ways[1:]),
            *picture,
            "              (a phone trusts this machine once it has its /doorline-ca.pem)",
            *browsers,
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
