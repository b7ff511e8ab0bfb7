"""The media engine as calls see it: descriptions in and out, commands that never wait, events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from media.keying import Profile

LegRole = Literal["phone", "station", "app", "panel", "viewer"]
"""What stands at the end of a leg. A "panel" is never sent any video, a "viewer" nothing but video."""
Kind = Literal["audio", "video"]
Method = Literal["rfc4733", "inband"]


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """How the embedded engine runs. Addresses are IPv4 literals, lengths of time are seconds.

    `workers` 0 runs the relay in the caller's own loop (tests). Without `advertised_addresses` the address
    of the interface that leads to the peer is written into descriptions; with several, the one of the
    peer's own kind (loopback, private, public) is; WebRTC peers are told all of them. `webrtc_port` is the
    one UDP and TCP port of all WebRTC calls, of each further worker the next one; 0: any free port.
    `private_networks` may be sent to although a peer's
    description names them and its signalling came from elsewhere.
    """

    port_low: int = 20_000
    port_high: int = 29_999
    bind_address: str = "0.0.0.0"
    advertised_addresses: tuple[str, ...] = ()
    private_networks: tuple[str, ...] = ()
    workers: int = 1
    ready_pairs: int = 128
    webrtc_port: int = 0
    quarantine_seconds: float = 1.0
    silence_seconds: float = 30.0
    relatch_seconds: float = 5.0
    hang_seconds: float = 10.0
    restart_seconds: float = 0.1
    restart_seconds_max: float = 5.0
    prompts: str = ""
    """Folder of built prompts (media.audio.build); "" plays none."""
    prompt_sources: str = ""
    """Folder they are built from when the engine starts; "": they are built already."""


@dataclass(frozen=True, slots=True)
class Dtmf:
    """A key was pressed on a leg that is listened to; `at` is the monotonic time of its first packet."""

    call: str
    leg: str
    digit: str
    at: float
    method: Method = "rfc4733"


@dataclass(frozen=True, slots=True)
class Overheard:
    """A key sounded as a tone in a panel's audio on its way to a telephone, and was taken out of it.

    The same key from the telephone within half a second is its echo: by RTP it is not reported at all, by
    SIP INFO it is the caller's to refuse (media.audio.echo.EchoGuard).
    """

    call: str
    leg: str
    digit: str
    at: float


@dataclass(frozen=True, slots=True)
class Played:
    """A prompt is over; not `whole`: there was none of that name in the leg's codec."""

    call: str
    leg: str
    prompt: str
    whole: bool


@dataclass(frozen=True, slots=True)
class FirstPacket:
    """The first RTP packet of one kind arrived from a leg."""

    call: str
    leg: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Silent:
    """A leg that should send audio has sent neither RTP nor RTCP for so long."""

    call: str
    leg: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """A WebRTC leg can be sent nothing: "consent" (no check for 30 s), "fingerprint" (not the peer that its
    description announced) or what went wrong in its handshake."""

    call: str
    leg: str
    reason: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What one leg had sent when its ports were given back; `lost` is an estimate from sequence numbers."""

    call: str
    leg: str
    kind: Kind
    packets: int
    octets: int
    lost: int
    strangers: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filmed leg should send a key picture and knows no RTCP feedback: ask it by INFO (RFC 5168)."""

    call: str
    leg: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The worker that carried this call died: its session does nothing any more, unless it is moved."""

    call: str


Event = Dtmf | Overheard | Played | FirstPacket | Silent | Failed | Wanted | Counted | Lost
OnEvent = Callable[[Event], None]


class MediaSession(Protocol):
    """The media of one call. Every command returns at once; legs are named by the caller."""

    @property
    def call(self) -> str: ...

    def receive_offer(
        self, leg: str, sdp: bytes, *, source: str | None = None, role: LegRole | None = None
    ) -> None:
        """Keep the peer's offer, first or renewed. `source` is the address its signalling came from.

        Raises SdpError: 400 unreadable, 488 nothing in it can be carried.
        """

    def offer(
        self, leg: str, *, like: str | None = None, role: LegRole | None = None, toward: str | None = None,
        profile: Profile | None = None,
    ) -> bytes:
        """An offer for `leg` with what leg `like` offered or settled; without `like`, one of our own.

        `toward` is the address the request will be sent to. `profile` says how the media are to be protected
        ("webrtc": a browser); a leg keeps it. Raises NoCapacity.
        """

    def receive_answer(self, leg: str, sdp: bytes, *, source: str | None = None) -> None:
        """The peer's answer to our offer. Raises SdpError; the leg then stays as it was."""

    def answer(self, leg: str, *, like: str | None = None, role: LegRole | None = None) -> bytes:
        """The answer to the offer of `leg`, accepting what leg `like` accepted; without `like`, all we carry.

        Asked again without a new offer it gives the same bytes. Raises SdpError(488), NoCapacity.
        """

    def withdraw(self, leg: str) -> None:
        """An open offer, the leg's or ours, was refused: what was agreed before holds."""

    def connect(self, a: str, b: str) -> None:
        """Relay between two legs, both ways, from now on and through every later renegotiation."""

    def disconnect(self) -> None:
        """Stop relaying; the legs stay."""

    def compatible(self, a: str, b: str) -> bool:
        """Whether both legs can hear each other: by a common audio codec, or one turned into the other."""

    def sends_video(self, leg: str) -> bool:
        """Whether the leg's open offer, or what it agreed to, has a picture that it sends."""

    def film(self, leg: str) -> None:
        """Keep the newest pictures of this leg for whoever joins, from now on and once it has agreed."""

    def view(self, source: str, viewer: str) -> None:
        """Show the picture of `source` to `viewer`, as a stream of ours; through every renegotiation."""

    def unview(self, viewer: str) -> None:
        """Show no picture to `viewer` any more."""

    def snapshot(self, leg: str, done: Callable[[bytes | None], None]) -> None:
        """Hand the newest picture of a filmed leg to `done` as a JPEG, or None; milliseconds later."""

    def play(self, leg: str, prompt: str, loop: bool = False) -> bool:
        """Play a prompt ("nb/door_open", "tones/ring_back") to the leg, in place of its partner until it is
        over; Played follows unless it loops or is stopped. False: the leg has no codec we can make."""

    def stop(self, leg: str) -> None:
        """End what is played to the leg; it hears its partner again."""

    def can_press(self, leg: str) -> bool:
        """Whether the leg has agreed to RFC 4733 digits."""

    def press(self, leg: str, digit: str) -> None:
        """Send one key (0-9 * # A-D) to the leg by RFC 4733; without can_press nothing is sent."""

    def listen_digits(self, leg: str, on: bool) -> None:
        """Report this leg's keys from now on, or no longer. Keys pressed while off are never reported."""

    def drop(self, leg: str) -> None:
        """Give the leg's ports back."""

    def close(self) -> None:
        """Drop every leg; the session is over."""


class MediaEngine(Protocol):
    """Where media sessions come from."""

    @property
    def capabilities(self) -> frozenset[str]: ...

    def open(self, call: str) -> MediaSession:
        """A session for a call. Raises NoCapacity."""

    def move(self, session: MediaSession) -> None:
        """Let a living worker carry a session that was Lost. Its legs keep what they agreed to, but have new
        ports and keys: each is to be offered to (offer without `like`), and hears again when it has answered.

        Raises NoCapacity while no worker lives.
        """
