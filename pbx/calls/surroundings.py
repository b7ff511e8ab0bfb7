"""What calls stand on, handed in by `app.py`: the SIP engine, media, plans, bindings, doors, facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from dialplan.plan import DialPlan
from pbx.calls.preview import PreviewDesk
from pbx.facts import Facts
from pbx.sip.engine import Engine

if TYPE_CHECKING:
    from media.engine import MediaEngine
    from pbx.doors.doorkeeper import Doorkeeper
    from pbx.registrar.location import Location


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on calls: `total` on this node, `per_device` at once from one caller."""

    total: int = 2000
    per_device: int = 4


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The world of a call.

    `plans` maps a site's domain to the plan that runs now; `civil` is the civil time, aware;
    `token` makes opaque ids.
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
    previews: PreviewDesk = field(default_factory=PreviewDesk)
