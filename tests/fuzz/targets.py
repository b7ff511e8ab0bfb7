"""The registry: which parsers are fuzzed, by which function, from which seeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
FINDINGS = Path(__file__).parent / "findings"

Feed = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Target:
    """A parser under test. ``feed`` is ``file:function`` in this folder, ``seeds`` globs from the root."""

    name: str
    feed: str
    seeds: tuple[str, ...] = ()

    def load(self) -> Feed:
        """The function; imports the room it tests."""
        file, _, function = self.feed.partition(":")
        loaded: Feed = getattr(import_module(f"tests.fuzz.{file}"), function)
        return loaded

    def samples(self) -> list[bytes]:
        """What mutation starts from: sample files, what the feed's file makes, and past findings."""
        paths = [path for pattern in self.seeds for path in sorted(ROOT.glob(pattern))]
        made = getattr(import_module(f"tests.fuzz.{self.feed.partition(':')[0]}"), "SAMPLES", {})
        samples = [path.read_bytes() for path in [*paths, *self.findings()]] + list(made.get(self.name, ()))
        return samples or [b""]

    def findings(self) -> list[Path]:
        """Inputs that once went wrong."""
        return sorted(path for path in (FINDINGS / self.name).glob("*") if path.is_file())


_TORTURE = "tests/data/sip/torture/*.dat"

TARGETS = (
    Target("sip", "feed_sip:message", (_TORTURE,)),
    Target("framing", "feed_sip:stream", (_TORTURE,)),
    Target("uri", "feed_sip:uri"),
    Target("digest", "feed_sip:digest"),
    Target("fields", "feed_sip:fields"),
    Target("engine", "feed_engine:engine", (_TORTURE,)),
    Target("register", "feed_registrar:register"),
    Target("stun", "feed_media:stun"),
    Target("sdp", "feed_media:sdp", ("tests/data/sdp/*",)),
    Target("rtp", "feed_media:rtp"),
    Target("rtcp", "feed_media:rtp_control"),
    Target("dtmf_info", "feed_media:dtmf_info"),
    Target("ice", "feed_web:ice"),
    Target("dtls", "feed_web:dtls"),
    Target("framing", "feed_web:framing"),
    Target("web_offer", "feed_web:web_offer", ("tests/data/sdp/*",)),
    Target("sound", "feed_sound:sound"),
    Target("prompt", "feed_sound:prompt"),
    Target("ami", "feed_files:ami"),
    Target("order", "feed_files:order"),
    Target("document", "feed_files:document", ("tests/data/plans/*.json",)),
    Target("site_file", "feed_files:site_file", ("config/sites/*.toml",)),
    Target("settings", "feed_files:settings", ("config/doorline.toml",)),
    Target("agent_settings", "feed_files:agent_settings", ("config/intercom.toml",)),
)


def chosen(names: list[str]) -> list[Target]:
    """The targets of these names, all if none is named; ``KeyError`` for an unknown name."""
    known = {target.name: target for target in TARGETS}
    return [known[name] for name in names] if names else list(TARGETS)
