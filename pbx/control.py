"""What an operator may ask of the running PBX: a Protocol and its values.

`app` hands an implementation to AMI and to the web side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

SiteKind = Literal["residential", "commercial"]
DeviceKind = Literal["app", "station", "phone", "panel", "controller"]


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to a device, as the registrar holds it. `expires_seconds`: how long it is still good."""

    uri: str
    source: str
    transport: str
    user_agent: str
    expires_seconds: int


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A device of a site: its digest user name, short number, what is shown as its name, and where it is."""

    site: str
    device: str
    username: str
    number: str
    name: str
    kind: DeviceKind
    contacts: tuple[Contact, ...] = ()

    @property
    def personal(self) -> bool:
        """Whether it belongs to somebody who lives or works here, and not to the building."""
        return self.kind not in ("panel", "controller")


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What a reload left running for a site; `error` is empty when its plan is good."""

    site: str
    revision: int
    error: str = ""


class Control(Protocol):
    """Questions and orders of operators. All but `reload` answer at once, from memory, and never block.

    `site` is the SIP domain, `device`, `call` and `leg` are the ids that the facts carry.
    """

    def sites(self) -> Mapping[str, SiteKind]:
        """Every site that runs, with its type of privacy."""

    def endpoint(self, site: str, device: str) -> Endpoint | None:
        """One device with its contacts of this moment; None when no plan names it."""

    def endpoints(self, site: str) -> Sequence[Endpoint]:
        """Every device of the site; empty for a site that does not run."""

    def hang_up(self, call: str, leg: str) -> bool:
        """End this leg (EndReason.OPERATOR); the caller's ends the whole call. False when it is gone."""

    def dialogs(self, call: str) -> Sequence[str]:
        """SIP Call-IDs of the legs of a call, also of one that ended within the last minutes."""

    async def reload(self, sites: frozenset[str] | None) -> Sequence[Reloaded]:
        """Read plans and credentials now, of `sites` or of all (None)."""

    def stats(self) -> Mapping[str, float]:
        """Counters and gauges by name, for metrics; nothing about a person."""
