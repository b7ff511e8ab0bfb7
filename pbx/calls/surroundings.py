"""What calls stand on, handed in by `app.py`: the SIP engine, media, plans, bindings, doors, facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from dialplan.plan import DialPlan
from pbx.calls.farewell import Farewells
from pbx.calls.preview import PreviewDesk
from pbx.facts import Facts
from pbx.push.desk import PushDesk
from pbx.sip.engine import Engine

if TYPE_CHECKING:
    from media.engine import MediaEngine
    from media.keying import Profile
    from pbx.auth.guests import GuestLines
    from pbx.doors.doorkeeper import Doorkeeper
    from pbx.registrar.location import Location
    from pbx.sip.flow import Flow
    from pbx.trunks.desk import TrunkDesk

_WEB = frozenset({"ws", "wss"})


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on calls: `total` on this node, `per_device` at once from one caller."""

    total: int = 2000
    per_device: int = 4


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The world of a call.

    `plans` maps a site's domain to the plan that runs now; `civil` is the civil time, aware;
    `token` makes opaque ids; `web_profile` is how media go to who is reached over a WebSocket: a browser
    speaks WebRTC and nothing else. `tls_profile` is how they go to who is reached over TLS: there keys in a
    description (SDES) are as safe as the signalling. `language` is that of the prompts where a
    site's own is none of `languages`.
    """

    engine: Engine
    media: MediaEngine
    plans: Mapping[str, DialPlan]
    location: Location
    doors: Doorkeeper
    facts: Facts
    civil: Callable[[], datetime]
    token: Callable[[], str]
    limits: Limits = Limits()
    language: str = "nb"
    web_profile: Profile = "webrtc"
    tls_profile: Profile = "plain"
    previews: PreviewDesk = field(default_factory=PreviewDesk)
    farewells: Farewells = field(default_factory=Farewells)
    languages: frozenset[str] = frozenset({"nb", "en"})
    push: PushDesk = field(default_factory=PushDesk)
    trunks: TrunkDesk | None = None
    guests: GuestLines | None = None

    def spoken(self, language: str) -> str:
        """The language of the prompts at a site of that language: its own where it is spoken."""
        tag = language.replace("_", "-").lower().partition("-")[0]
        tag = "nb" if tag in ("no", "nn") else tag
        return tag if tag in self.languages else self.language

    def profile(self, flow: Flow) -> Profile:
        """How the media of who is reached by this flow are offered to be protected."""
        if flow.transport in _WEB:
            return self.web_profile
        return self.tls_profile if flow.transport == "tls" else "plain"
