"""Which modules are sans-IO, and where their tests are: read by the tests beside this file."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("config", "dialplan", "media", "pbx", "webadmin", "intercom", "tooling")

SANS_IO = (
    "dialplan",
    "pbx/sip",
    "pbx/auth",
    "pbx/facts.py",
    "pbx/registrar",
    "pbx/doors/door.py",
    "pbx/calls/call.py",
    "pbx/calls/leg.py",
    "pbx/calls/ringing.py",
    "pbx/calls/effects.py",
    "pbx/trunks/causes.py",
    "pbx/trunks/finding.py",
    "pbx/trunks/guard.py",
    "pbx/trunks/line.py",
    "pbx/trunks/numbers.py",
    "pbx/trunks/trunk.py",
    "pbx/ami/wire.py",
    "pbx/ami/conversation.py",
    "media/sdp.py",
    "media/negotiate.py",
    "media/rtp.py",
    "media/rtcp.py",
    "media/dtmf.py",
    "intercom/panel.py",
    "intercom/controller.py",
)


def sources() -> list[Path]:
    """Every Python file of the product, relative to the root."""
    found = [path.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return sorted(path for path in found if "node_modules" not in path.parts)


def sans_io() -> list[Path]:
    """The files of the sans-IO rooms, relative to the root."""
    return [path for path in sources() if any(path.is_relative_to(place) for place in SANS_IO)]


def mirror_of(source: Path) -> Path:
    """Where the test of `source` stands."""
    return Path("tests", *source.parts[:-1], f"test_{source.stem.strip('_')}.py")
