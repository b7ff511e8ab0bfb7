"""What an operator may ask of the running PBX: a Protocol and its values.

`app` hands an implementation to AMI and to the web side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from pbx.trunks.trunk import TrunkShown

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


@dataclass(frozen=True, slots=True)
class DoorShown:
    """A door as operators see it. `state`: "closed", "opening", "open" or "locked", by our orders; of a
    lockdown until when (ISO 8601) and who set it.
    """

    site: str
    door: str
    name: str
    building: str
    driver: str
    state: str
    locked_until: str = ""
    locked_by: str = ""


@dataclass(frozen=True, slots=True)
class ServiceShown:
    """A panel in service mode: until when (ISO 8601), for whom, whether its screen says so, the number of the
    picture that can be had (0: none) and when it was taken.
    """

    until: str
    by: str
    announced: bool
    picture: int
    taken: str


@dataclass(frozen=True, slots=True)
class Originated:
    """A call that an operator began: its id and that of the first party's leg, which rings now."""

    call: str
    leg: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """An order was not carried out, and why, in words for an operator. `cause`: Q.850."""

    words: str
    cause: int = 0


class Orders(Protocol):
    """What operators may order. Nothing blocks; callbacks come at once or in a later turn, each once."""

    def originate(
        self, site: str, username: str, dialled: str, seconds: float, done: Callable[[Refusal | None], None]
    ) -> Originated | Refusal:
        """Ring the device; when it answers, call `dialled` for it. `done`: None when it answered; never told
        when a Refusal is returned. Nobody is made to answer by himself."""

    def redirect(self, call: str, leg: str, dialled: str) -> Refusal | None:
        """Ring `dialled` for the caller `leg` in place of whoever rings or talks."""

    def press(self, call: str, leg: str, digit: str) -> Refusal | None:
        """Send a key to one leg of a talk."""

    def qualify(self, site: str, device: str, heard: Callable[[Contact, int | None], None]) -> int:
        """Ask each contact by OPTIONS; `heard` gets the round trip in microseconds, None for silence.
        Returns how many were asked."""

    def doors(self, site: str) -> Sequence[DoorShown]:
        """Every door of the site."""

    def open_door(
        self, site: str, door: str, account: str, done: Callable[[Refusal | None], None]
    ) -> None:
        """Open a door by the authority of an account, at most one a second."""

    def lock_door(self, site: str, door: str, seconds: float, account: str) -> Refusal | None:
        """Lock a door down for so long, by name of the account; 0 seconds end its lockdown."""

    def restart_panel(self, site: str, device: str) -> Refusal | None:
        """Make a panel start again."""

    def service(self, site: str, device: str) -> ServiceShown | None:
        """The service mode a panel is in; None: in none."""

    def serve_panel(self, site: str, device: str, seconds: float, by: str) -> Refusal | None:
        """Begin a panel's service mode, by name of somebody; 0 seconds end it."""

    def take_picture(self, site: str, device: str) -> Refusal | None:
        """Ask a panel in service mode for another picture."""


class Control(Protocol):
    """Questions and orders of operators. All but `reload` answer at once, from memory, and never block.

    `site` is the SIP domain, `device`, `call` and `leg` are the ids that the facts carry.
    """

    @property
    def orders(self) -> Orders:
        """What changes something beyond a hang-up."""

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

    def trunks(self) -> Sequence[TrunkShown]:
        """Every trunk of the node, in the order in which they are tried."""

    async def reload(self, sites: frozenset[str] | None) -> Sequence[Reloaded]:
        """Read plans and credentials now, of `sites` or of all (None)."""

    def stats(self) -> Mapping[str, float]:
        """Counters and gauges by name, for metrics; nothing about a person."""
