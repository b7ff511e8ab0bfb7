"""`python -m intercom pair CODE --server URL`: trades a code of WebAdmin for a log-in, and pins both keys.

Everything is written into the state directory, readable by its owner only: the secret, the PBX's key of
orders, WebAdmin's key of passes, and `paired.toml`, whose values count where the settings say nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from intercom import order
from intercom.places import fit
from intercom.settings import PAIRED_NAME, SettingsError, state_of

LARGEST_ANSWER = 64 * 1024
SECONDS = 20.0
TRANSPORTS = ("udp", "tcp", "tls")
NEW_FILE = "# The agent at this door; config/intercom.toml explains every setting.\n[kiosk]\nport = 8090\n"


class PairingFailed(Exception):
    """It did not work; the text says why in one line."""


def main(arguments: list[str]) -> int:
    """0: paired; 1: refused or not reachable; 2: wrong settings."""
    parser = argparse.ArgumentParser(prog="python -m intercom pair", description="Pair this door.")
    parser.add_argument("code", help="the code that WebAdmin shows for this panel or controller")
    parser.add_argument("--server", required=True, metavar="URL", help="what browsers call WebAdmin")
    parser.add_argument("--config", type=Path, default=Path("config/intercom.toml"), help="settings (TOML)")
    parser.add_argument("--ca-file", type=Path, help="authority of both servers' certificates (PEM)")
    parser.add_argument(
        "--sip", metavar="TRANSPORT:HOST:PORT", help="where the PBX speaks SIP (tls, its host, 5061)"
    )
    parsed = parser.parse_args(arguments)
    try:
        if not parsed.config.exists():
            _write(parsed.config, NEW_FILE)
        state = state_of(parsed.config)
        answer = ask(parsed.server, parsed.code, parsed.ca_file)
        keep(state, answer, parsed.server, parsed.ca_file, parsed.sip)
    except SettingsError as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    except (PairingFailed, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    sys.stdout.write(f"paired as {answer['username']} of {answer['site']}\n")
    return 0


def ask(server: str, code: str, ca_file: Path | None) -> dict[str, Any]:
    """Use the code up.

    Raises PairingFailed.
    """
    if not fit(server):
        raise PairingFailed(f"{server}: must begin with https://, or be on this machine")
    context = ssl.create_default_context(cafile=ca_file)
    body = json.dumps({"code": code, "kind": "agent"}).encode()
    request = urllib.request.Request(
        f"{server.rstrip('/')}/api/v1/pair", body, {"Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS, context=context) as answer:
            found = json.loads(answer.read(LARGEST_ANSWER))
    except urllib.error.HTTPError as fault:
        with fault:
            raise PairingFailed(_reason(fault)) from None
    except (OSError, ValueError) as fault:
        raise PairingFailed(f"{server} does not answer: {getattr(fault, 'reason', fault)}") from None
    if not isinstance(found, dict):
        raise PairingFailed(f"{server} is no WebAdmin")
    return found


def keep(
    state: Path, answer: Mapping[str, Any], server: str, ca_file: Path | None = None, sip: str | None = None
) -> None:
    """Write down what the answer says, the settings last.

    Raises PairingFailed when something is missing or makes no sense; then nothing was written.
    """
    site, username, secret = (_word(answer, name) for name in ("site", "username", "secret"))
    keys = {"order": _word(answer, "pbx_key"), "pass": _word(answer, "admin_key")}
    for name, key in keys.items():
        try:
            order.read_key(key.encode())
        except ValueError:
            raise PairingFailed(f"the server's key of {name}s is none") from None
    transport, address = _sip(sip, _word(answer, "pbx"))
    passes = f"{server.rstrip('/')}/api/v1/panel/passes"
    directory = _word(answer, "directory")
    if not fit(directory):
        raise PairingFailed(f"{directory}: must begin with https://, or be on this machine")
    where = state.absolute()
    tables: dict[str, dict[str, str]] = {
        "server": {"site": site, "address": address, "transport": transport},
        "account": {
            "username": username,
            "secret_file": str(where / "paired.secret"),
            "name": _line(str(answer.get("name", ""))) or username,
        },
        "orders": {"key_file": str(where / "paired-order.pub")},
        "documents": {
            "directory": directory,
            "passes": passes,
            "pass_key_file": str(where / "paired-pass.pub"),
            "device": _word(answer, "device"),
        },
        "kiosk": {"wss": _word(answer, "wss")},
    }
    if ca_file is not None:
        tables["documents"]["ca_file"] = str(ca_file.absolute())
        if transport == "tls":
            tables["server"]["ca_file"] = str(ca_file.absolute())
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(state / "paired.secret", secret)
    for name, key in keys.items():
        _write(state / f"paired-{name}.pub", key)
    _write(state / PAIRED_NAME, "\n".join(_table(name, values) for name, values in tables.items()))


def _sip(said: str | None, pbx: str) -> tuple[str, str]:
    if said is None:
        host = urlsplit(pbx).hostname or ""
        return "tls", f"[{host}]:5061" if ":" in host else f"{host}:5061"
    transport, _, address = said.partition(":")
    if transport not in TRANSPORTS or ":" not in address:
        raise PairingFailed(f"--sip {said}: must be like tls:doors.example:5061")
    return transport, address


def _word(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value.replace("\n", "").isprintable() or not 0 < len(value) <= 4096:
        raise PairingFailed(f"the server's answer has no {name}")
    return value


def _line(text: str) -> str:
    """What somebody called a panel, as one line that can be written down."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


def _reason(fault: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(fault.read(LARGEST_ANSWER))["message"])
    except (OSError, ValueError, KeyError, TypeError):
        return f"the server refuses: {fault.code}"


def _table(name: str, values: Mapping[str, str]) -> str:
    # A JSON string of printable letters is a TOML string, too (TOML 1.0, "basic strings"), but not with the
    # pairs of escapes that JSON has for what lies beyond 16 bits.
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())
    return "\n".join([f"[{name}]", *lines]) + "\n"


def _write(path: Path, content: str) -> None:
    """Whole or not at all, for its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
