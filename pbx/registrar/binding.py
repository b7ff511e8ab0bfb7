"""A registered contact: the device, the flow that reaches it, and what it said of itself (RFC 3261 section
10.3)."""

from __future__ import annotations

from dataclasses import dataclass
from sys import intern

from pbx.sip.flow import Address, Flow


@dataclass(frozen=True, slots=True)
class Offer:
    """One contact of a REGISTER, checked: what the device asks for.

    `seconds` is granted already; 0 takes the binding away. `reg_id` is set only where the device may use
    outbound (RFC 5626); then `instance` and `reg_id` name the binding, else the contact does.
    """

    contact: str
    seconds: int
    instance: str = ""
    reg_id: int | None = None
    q: str = ""

    @property
    def key(self) -> str:
        """What tells the bindings of one device apart."""
        return key_of(self.contact, self.instance, self.reg_id)


class Held:
    """What all contacts of one REGISTER share."""

    __slots__ = ("aor", "call_id", "cseq", "device", "flow", "path", "seen", "site", "user_agent")

    def __init__(
        self,
        site: str,
        device: str,
        flow: Flow,
        *,
        aor: str,
        call_id: str,
        cseq: int,
        path: tuple[str, ...] = (),
        user_agent: str = "",
        seen: int = 0,
    ) -> None:
        self.site = intern(site)
        self.device = intern(device)
        self.flow = flow
        self.aor = intern(aor)
        self.call_id = call_id
        self.cseq = cseq
        self.path = path
        self.user_agent = intern(user_agent)
        self.seen = seen


class Binding:
    """A way to a device. Only `Location` changes it; everyone else reads.

    `contact` goes into Request-URIs and is never resolved: requests follow `flow`. `expires_at` is of the
    driver's clock. `alive` turns False when the binding is gone, for whoever still holds it.
    """

    __slots__ = (
        "alive",
        "aor",
        "call_id",
        "contact",
        "cseq",
        "device",
        "due",
        "expires_at",
        "flow",
        "instance",
        "path",
        "q",
        "refreshed_at",
        "reg_id",
        "seen",
        "site",
        "stored",
        "user_agent",
    )

    def __init__(self, site: str, device: str, offer: Offer, flow: Flow) -> None:
        self.site = site
        self.device = device
        self.contact = offer.contact
        self.instance = offer.instance
        self.reg_id = offer.reg_id
        self.q = offer.q
        self.flow = flow
        self.aor = ""
        self.call_id = ""
        self.cseq = 0
        self.path: tuple[str, ...] = ()
        self.user_agent = ""
        self.expires_at = 0.0
        self.refreshed_at = 0.0
        self.alive = True
        self.stored = False  # whether the store has been told of it
        self.due = 0  # the expiry bucket it lies in
        self.seen = 0  # hash of the Contact line that made it, for quick refreshes

    @property
    def key(self) -> str:
        """What tells the bindings of one device apart."""
        return key_of(self.contact, self.instance, self.reg_id)

    def __repr__(self) -> str:
        state = "" if self.alive else " gone"
        return f"<Binding {self.device}@{self.site} {self.contact} {self.flow!r}{state}>"


def key_of(contact: str, instance: str, reg_id: int | None) -> str:
    """The key of a binding: instance and reg-id under outbound (RFC 5626 section 6), else the contact."""
    return contact if reg_id is None else f"{instance} {reg_id}"


@dataclass(frozen=True, slots=True)
class StoredBinding:
    """A UDP binding as the store keeps it. `seconds`: of life left at the moment this value is made or
    restored."""

    site: str
    device: str
    key: str
    aor: str
    contact: str
    local: Address
    remote: Address
    seconds: float
    instance: str = ""
    reg_id: int | None = None
    call_id: str = ""
    cseq: int = 0
    user_agent: str = ""
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RemovedBinding:
    """A binding that the store has to forget."""

    site: str
    device: str
    key: str


Change = StoredBinding | RemovedBinding


def stored(binding: Binding, now: float) -> StoredBinding:
    """The value to store of a binding that lives."""
    return StoredBinding(
        binding.site,
        binding.device,
        binding.key,
        binding.aor,
        binding.contact,
        binding.flow.local,
        binding.flow.remote,
        binding.expires_at - now,
        binding.instance,
        binding.reg_id,
        binding.call_id,
        binding.cseq,
        binding.user_agent,
        binding.path,
    )


def restored(value: StoredBinding, flow: Flow, now: float) -> Binding:
    """A binding made again of a stored value; the store knows it already."""
    offer = Offer(value.contact, 0, value.instance, value.reg_id)
    binding = Binding(value.site, value.device, offer, flow)
    binding.aor = value.aor
    binding.call_id = value.call_id
    binding.cseq = value.cseq
    binding.path = value.path
    binding.user_agent = value.user_agent
    binding.expires_at = now + value.seconds
    binding.refreshed_at = now
    binding.stored = True
    return binding
