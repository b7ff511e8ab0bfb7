"""What one agent is told by its TOML file (`config/intercom.toml`); a wrong value is one clear line, never a
traceback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from intercom import wiegand
from intercom.places import fit
from intercom.table import SettingsError as SettingsError
from intercom.table import Table as _Table
from intercom.table import read as _read

Transport = Literal["udp", "tcp", "tls"]
Fail = Literal["secure", "safe"]
Level = Literal["high", "low"]
TRANSPORTS: tuple[Transport, ...] = ("udp", "tcp", "tls")
FAILS: tuple[Fail, ...] = ("secure", "safe")
LEVELS: tuple[Level, ...] = ("high", "low")
Circuit = Literal["open", "closed"]
CIRCUITS: tuple[Circuit, ...] = ("open", "closed")
InputKind = Literal["contact", "exit", "tamper", "fire", "battery"]
INPUT_KINDS: tuple[InputKind, ...] = ("contact", "exit", "tamper", "fire", "battery")

MAX_PULSE_SECONDS = 60.0
PAIRED_NAME = "paired.toml"


@dataclass(frozen=True, slots=True)
class Server:
    """Where the PBX is: SIP domain of the site, address, transport, and for TLS the PEM file of its
    authority."""

    site: str
    host: str
    port: int
    transport: Transport
    ca_file: Path | None


@dataclass(frozen=True, slots=True)
class Account:
    """Who this device is; `register_seconds` is the expiry asked for, `keepalive_seconds` the pause between
    pings."""

    username: str
    secret: str = field(repr=False)
    name: str
    register_seconds: int
    keepalive_seconds: float


@dataclass(frozen=True, slots=True)
class Relay:
    """One relay: BCM pin, the level that energises its coil, the lock's fail mode, the longest pulse in
    seconds."""

    name: str
    pin: int
    active: Level
    fail: Fail
    max_seconds: float

    @property
    def open_level(self) -> bool:
        """True when the pin is high while the door is released.

        A fail-secure lock is opened by energising the relay; a fail-safe one rests energised and is opened
        by letting go, so that a door without power or controller is in the state its `fail` declares.
        """
        energised_high = self.active == "high"
        return energised_high if self.fail == "secure" else not energised_high


@dataclass(frozen=True, slots=True)
class Button:
    """One push button to ground on a BCM pin and the button of the directory it calls."""

    name: str
    pin: int
    calls: str


@dataclass(frozen=True, slots=True)
class Input:
    """One circuit to ground on a BCM pin; `normally` is how it is while nothing is the matter, so that for a
    circuit that is normally closed a cut cable is reported too. `relay`: what an exit button opens, or "".
    """

    name: str
    pin: int
    kind: InputKind
    normally: Circuit
    relay: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Two BCM pins on which we play a card reader to the access system that drives the door; an order to
    open sends this card. The frame's bits are in `intercom.wiegand`."""

    name: str
    zero: int
    one: int
    frame: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OsdpReader:
    """A serial port on which we play an OSDP reader at `address`; an order to open sends this card over the
    secure channel, whose key (16 bytes) the access system has too."""

    name: str
    port: str
    baud: int
    address: int
    key: bytes = field(repr=False)
    frame: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Guard:
    """What `relay_guard` reads: the pin factory (`auto`, `mock` or a gpiozero factory's name), relays,
    buttons, inputs and readers."""

    pins: str
    relays: Mapping[str, Relay]
    buttons: Mapping[str, Button]
    inputs: Mapping[str, Input]
    readers: Mapping[str, Reader]


AUDIO_CODECS = ("opus", "g722", "pcma", "pcmu")
VIDEO_CODECS = ("h264", "vp8")
ALSA = "alsa:"


@dataclass(frozen=True, slots=True)
class Audio:
    """What the panel says and hears in a call.

    `source`: `silence`, `tone` (Hz), a WAV file (8 kHz, mono, 16 bits) or a microphone (`alsa:NAME`);
    `speaker`: `alsa:NAME` or "" for none.
    """

    source: str
    tone_hz: float
    speaker: str = ""
    codecs: tuple[str, ...] = AUDIO_CODECS


@dataclass(frozen=True, slots=True)
class Video:
    """What the panel shows in a call: nothing (`none`), a test `pattern`, a camera (`/dev/video0`) or a film
    over and over. `rate` is in pictures a second, `bits` a second; `encoder` is FFmpeg's name or `auto`.
    """

    source: str = "none"
    width: int = 640
    height: int = 480
    rate: int = 15
    bits: int = 800_000
    encoder: str = "auto"
    codecs: tuple[str, ...] = VIDEO_CODECS


@dataclass(frozen=True, slots=True)
class Documents:
    """What is kept for the time without a network: addresses ("" for none), the public key of passes, and the
    id of this device where it differs from the account's username.
    """

    directory: str = ""
    passes: str = ""
    pass_key: Path | None = None
    ca_file: Path | None = None
    device: str = ""


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The page for the screen here, on loopback: its port (0: none), and whether its browser calls by itself,
    over `wss`, with this device's account.
    """

    port: int = 0
    browser_line: bool = False
    wss: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything one agent needs. `order_key` is the file with the PBX's public order key (PEM); None: no
    doors here."""

    path: Path
    server: Server
    account: Account
    order_key: Path | None
    state: Path
    guard: Guard
    audio: Audio
    ring_seconds: float
    video: Video = Video()
    documents: Documents = Documents()
    kiosk: Kiosk = Kiosk()
    osdp: Mapping[str, OsdpReader] = field(default_factory=dict)

    @property
    def films(self) -> bool:
        """Whether calls need the studio: a camera, a microphone or a speaker."""
        sounds = self.audio.source.startswith(ALSA) or self.audio.speaker
        return bool(sounds) or self.video.source != "none"


def load_guard(path: Path) -> Guard:
    """Read only what `relay_guard` needs, so that its bounds come from the file and never from the agent."""
    root = _read(path)
    return _guard(root)


def load_studio(path: Path) -> tuple[Audio, Video]:
    """Read only what the studio needs."""
    root = _read(path)
    return _audio(root.table("audio")), _video(root.table("video"))


def load_osdp(path: Path) -> dict[str, OsdpReader]:
    """Read only what OSDP readers need."""
    return {name: _osdp(name, entry) for name, entry in _read(path).tables("osdp").items()}


def load(path: Path) -> Settings:
    """Read and check the whole file, and what pairing has left where it says nothing; relative paths are
    taken from the working directory."""
    root = _read(path).over(_paired(path))
    guard = _guard(root)
    orders = root.table("orders")
    key = orders.text("key_file", "")
    osdp = {name: _osdp(name, entry) for name, entry in root.tables("osdp").items()}
    for name in osdp.keys() & (guard.relays.keys() | guard.readers.keys()):
        raise root.wrong(name, "is both a relay and a reader, or two readers")
    if (guard.relays or guard.readers or osdp) and not key:
        raise orders.wrong("key_file", "is missing: relays need the PBX's public order key")
    audio = root.table("audio")
    panel = root.table("panel")
    settings = Settings(
        path=path,
        server=_server(root.table("server")),
        account=_account(root.table("account")),
        order_key=Path(key) if key else None,
        state=Path(root.text("state_directory", "var/intercom")),
        guard=guard,
        audio=_audio(audio),
        ring_seconds=panel.number("ring_seconds", 10, 150, 135),
        video=_video(root.table("video")),
        documents=_documents(root.table("documents")),
        kiosk=_kiosk(root.table("kiosk")),
        osdp=osdp,
    )
    for table in (orders, audio, panel, root):
        table.done()
    return settings


def state_of(path: Path) -> Path:
    """The state directory that the settings name. Raises SettingsError."""
    return Path(_read(path).text("state_directory", "var/intercom"))


def _paired(path: Path) -> _Table:
    found = state_of(path) / PAIRED_NAME
    return _read(found) if found.exists() else _Table(found, "", {})


def _server(table: _Table) -> Server:
    transport = table.choice("transport", TRANSPORTS, "udp")
    host, _, port = table.text("address").rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise table.wrong("address", 'must be host and port, such as "192.0.2.10:5060"')
    ca_file = table.text("ca_file", "")
    site = table.text("site")
    if not site or any(char in site for char in ' <>"@;'):
        raise table.wrong("site", "must be the site's SIP domain")
    table.done()
    return Server(site, host.strip("[]"), int(port), transport, Path(ca_file) if ca_file else None)


def _account(table: _Table) -> Account:
    username = table.text("username")
    if not username or not all(char.isalnum() or char in "-_.!~*'()" for char in username):
        raise table.wrong("username", "may hold letters, digits and - _ . only")
    account = Account(
        username=username,
        secret=_secret(table, Path(table.text("secret_file"))),
        name=table.text("name", ""),
        register_seconds=table.integer("register_seconds", 60, 3600, 300),
        keepalive_seconds=table.number("keepalive_seconds", 1, 120, 25),
    )
    table.done()
    return account


def _secret(table: _Table, path: Path, key: str = "secret_file") -> str:
    try:
        if path.stat().st_mode & 0o077:
            raise table.wrong(key, f"{path} can be read by others: chmod 600 {path}")
        secret = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise table.wrong(key, f"{path} cannot be read") from None
    if not secret or len(secret) > 128 or any(ord(char) < 33 for char in secret):
        raise table.wrong(key, f"{path} must hold the secret alone, on one line")
    return secret


def _guard(root: _Table) -> Guard:
    table = root.table("guard")
    pins = table.text("pins", "auto")
    relays = {name: _relay(name, entry) for name, entry in root.tables("relays").items()}
    buttons = {name: _button(name, entry) for name, entry in root.tables("buttons").items()}
    inputs = {name: _input(name, entry) for name, entry in root.tables("inputs").items()}
    readers = {name: _reader(name, entry) for name, entry in root.tables("readers").items()}
    table.done()
    used: dict[int, str] = {}
    devices: list[Relay | Button | Input] = [*relays.values(), *buttons.values(), *inputs.values()]
    numbers = [(device.pin, device.name) for device in devices]
    numbers += [(pin, each.name) for each in readers.values() for pin in (each.zero, each.one)]
    for pin, name in numbers:
        if pin in used:
            raise root.wrong(name, f"pin {pin} is already used by {used[pin]}")
        used[pin] = name
    for name in readers.keys() & relays.keys():
        raise root.wrong(name, "is both a relay and a reader")
    return Guard(pins, relays, buttons, inputs, readers)


def _relay(name: str, table: _Table) -> Relay:
    if not _is_name(name):
        raise table.wrong("", "a relay's name may hold letters, digits, - and _ only (32 at most)")
    relay = Relay(
        name=name,
        pin=table.integer("pin", 0, 27),
        active=table.choice("active", LEVELS, "high"),
        fail=table.choice("fail", FAILS, "secure"),
        max_seconds=table.number("max_seconds", 0.1, MAX_PULSE_SECONDS, MAX_PULSE_SECONDS),
    )
    table.done()
    return relay


def _button(name: str, table: _Table) -> Button:
    if not _is_name(name):
        raise table.wrong("", "a button's name may hold letters, digits, - and _ only (32 at most)")
    button = Button(name, table.integer("pin", 0, 27), table.text("calls"))
    if not button.calls or any(char in button.calls for char in ' <>"@;'):
        raise table.wrong("calls", "must be the name or number of a button, without spaces")
    table.done()
    return button


def _reader(name: str, table: _Table) -> Reader:
    if not _is_name(name):
        raise table.wrong("", "a reader's name may hold letters, digits, - and _ only (32 at most)")
    bits = table.choice("bits", wiegand.BITS, 26)
    facility, card = table.integer("facility", 0, 65535), table.integer("card", 0, 65535)
    try:
        frame = wiegand.frame(bits, facility, card)
    except ValueError as error:
        raise table.wrong("facility", str(error)) from None
    reader = Reader(name, table.integer("zero", 0, 27), table.integer("one", 0, 27), frame)
    table.done()
    return reader


def _osdp(name: str, table: _Table) -> OsdpReader:
    if not _is_name(name):
        raise table.wrong("", "a reader's name may hold letters, digits, - and _ only (32 at most)")
    try:
        key = bytes.fromhex(_secret(table, Path(table.text("key_file")), "key_file"))
        bits, facility = table.choice("bits", wiegand.BITS, 26), table.integer("facility", 0, 65535)
        frame = wiegand.frame(bits, facility, table.integer("card", 0, 65535))
    except ValueError as error:
        raise table.wrong("key_file", str(error)) from None
    if len(key) != 16:
        raise table.wrong("key_file", "must hold 32 hexadecimal digits")
    baud = table.choice("baud", (9600, 19200, 38400, 115200), 9600)
    made = OsdpReader(name, table.text("port"), baud, table.integer("address", 0, 126, 0), key, frame)
    table.done()
    return made


def _input(name: str, table: _Table) -> Input:
    if not _is_name(name):
        raise table.wrong("", "an input's name may hold letters, digits, - and _ only (32 at most)")
    kind = table.choice("kind", INPUT_KINDS, "contact")
    normally: Circuit = "open" if kind in ("exit", "battery") else "closed"
    circuit = table.choice("normally", CIRCUITS, normally)
    made = Input(name, table.integer("pin", 0, 27), kind, circuit, table.text("relay", ""))
    table.done()
    return made


def _audio(table: _Table) -> Audio:
    speaker = table.text("speaker", "")
    if speaker and (not speaker.startswith(ALSA) or speaker == ALSA):
        raise table.wrong("speaker", "must be alsa: and ALSA's name of the device, such as alsa:default")
    return Audio(
        table.text("source", "silence"),
        table.number("tone_hz", 50, 3400, 440),
        speaker,
        table.choices("codecs", AUDIO_CODECS),
    )


def _video(table: _Table) -> Video:
    video = Video(
        table.text("source", "none"),
        table.integer("width", 160, 1920, 640),
        table.integer("height", 120, 1080, 480),
        table.integer("rate", 1, 30, 15),
        table.integer("kilobits", 100, 8000, 800) * 1000,
        table.text("encoder", "auto"),
        table.choices("codecs", VIDEO_CODECS),
    )
    table.done()
    return video


def _documents(table: _Table) -> Documents:
    key, ca_file = table.text("pass_key_file", ""), table.text("ca_file", "")
    made = Documents(
        table.text("directory", ""),
        table.text("passes", ""),
        Path(key) if key else None,
        Path(ca_file) if ca_file else None,
        table.text("device", ""),
    )
    for name, url in (("directory", made.directory), ("passes", made.passes)):
        if url and not fit(url):
            raise table.wrong(name, "must begin with https://, or be on this machine")
    if made.passes and made.pass_key is None:
        raise table.wrong("pass_key_file", "is missing: passes need WebAdmin's public key")
    table.done()
    return made


def _kiosk(table: _Table) -> Kiosk:
    made = Kiosk(
        table.integer("port", 0, 65535, 0),
        table.choice("browser_line", (False, True), False),
        table.text("wss", ""),
    )
    table.done()
    return made


def _is_name(name: str) -> bool:
    return 0 < len(name) <= 32 and name.isascii() and all(char.isalnum() or char in "-_" for char in name)
