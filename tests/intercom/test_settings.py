from __future__ import annotations

from pathlib import Path

import pytest

from intercom.settings import Audio, Input, Relay, SettingsError, Video, load, load_guard, load_studio

GOOD = """
state_directory = "STATE"
[server]
site = "fjordgata.example"
address = "127.0.0.1:5060"
[account]
username = "entrance"
secret_file = "SECRET"
[orders]
key_file = "key.pub"
[guard]
pins = "mock"
[relays.gate]
pin = 17
[buttons.first]
pin = 5
calls = "kari"
"""


def written(tmp_path: Path, text: str, secret: str = "0123456789abcdef\n", mode: int = 0o600) -> Path:
    (tmp_path / "secret").write_text(secret)
    (tmp_path / "secret").chmod(mode)
    path = tmp_path / "intercom.toml"
    path.write_text(
        text.replace("SECRET", str(tmp_path / "secret")).replace("STATE", str(tmp_path / "state"))
    )
    return path


def test_what_is_not_said_has_its_default(tmp_path: Path) -> None:
    settings = load(written(tmp_path, GOOD))
    assert (settings.server.transport, settings.account.register_seconds) == ("udp", 300)
    assert settings.account.secret == "0123456789abcdef"
    assert settings.guard.relays["gate"] == Relay("gate", 17, "high", "secure", 60.0)
    assert settings.guard.buttons["first"].calls == "kari"
    assert (settings.audio.source, settings.ring_seconds) == ("silence", 135.0)


def test_the_example_in_config_is_right(tmp_path: Path) -> None:
    example = (Path(__file__).parents[2] / "config" / "intercom.toml").read_text()
    assert load(written(tmp_path, example.replace("var/intercom/secret", "SECRET"))).audio.source == "tone"


def test_the_guard_reads_its_own_part_without_any_secret(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD, mode=0o644)
    assert list(load_guard(path).relays) == ["gate"]


@pytest.mark.parametrize(
    ("fail", "active", "high_when_open"),
    [
        ("secure", "high", True),
        ("secure", "low", False),
        ("safe", "high", False),
        ("safe", "low", True),
    ],
)
def test_the_level_that_releases_the_door(fail: str, active: str, high_when_open: bool) -> None:
    relay = Relay("gate", 17, active, fail, 5.0)  # type: ignore[arg-type]
    assert relay.open_level is high_when_open


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('site = "fjordgata.example"', "", "server.site: is missing"),
        ('site = "fjordgata.example"', 'site = "a b"', "server.site: must be the site's SIP domain"),
        ('"127.0.0.1:5060"', '"127.0.0.1"', "server.address: must be host and port"),
        ('"127.0.0.1:5060"', '"127.0.0.1:99999"', "server.address: must be host and port"),
        ("[account]", 'transport = "sctp"\n[account]', "server.transport: must be one of udp, tcp, tls"),
        ('username = "entrance"', 'username = "a b"', "account.username"),
        ('username = "entrance"', "username = 7", "account.username: must be one line of text"),
        ("pin = 17", "pin = true", "relays.gate.pin: must be a whole number"),
        ("pin = 17", "pin = 5", "pin 5 is already used by gate"),
        (
            "pin = 17",
            "pin = 17\nmax_seconds = 61",
            "relays.gate.max_seconds: must be a number from 0.1 to 60",
        ),
        ("pin = 17", "pin = 17\nmax_seconds = nan", "relays.gate.max_seconds: must be a number"),
        ("pin = 17", "pin = 17\npulse = 1", "relays.gate.pulse: is not a setting"),
        ("[relays.gate]", '[relays."a b"]', "a relay's name"),
        ('calls = "kari"', 'calls = "a b"', "buttons.first.calls"),
        ('key_file = "key.pub"', "", "orders.key_file: is missing"),
        ("[guard]", "[card_reader]\n[guard]", "card_reader: is not a setting"),
        ('state_directory = "STATE"', "audio = 1", "audio: must be a table"),
        ("[server]", "[server", "not valid TOML"),
    ],
)
def test_a_wrong_value_is_one_clear_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(SettingsError) as raised:
        load(written(tmp_path, GOOD.replace(old, new, 1)))
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("secret", "mode", "says"),
    [
        ("s3cr3t", 0o644, "chmod 600"),
        ("", 0o600, "the secret alone"),
        ("a b\n", 0o600, "the secret alone"),
        ("x" * 129, 0o600, "the secret alone"),
        ("æ", 0o600, "cannot be read"),
    ],
    ids=["readable", "empty", "two words", "long", "not ASCII"],
)
def test_the_secret(tmp_path: Path, secret: str, mode: int, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as raised:
        load(written(tmp_path, GOOD, secret, mode))
    assert not secret or secret not in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path / "missing.toml")
    (tmp_path / "latin.toml").write_bytes(b"\xe6")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load(tmp_path / "latin.toml")


def test_a_reader_sends_a_card_that_fits(tmp_path: Path) -> None:
    reader = "[readers.lift]\nzero = 20\none = 21\nfacility = 1\ncard = 7\n"
    assert len(load(written(tmp_path, GOOD + reader)).guard.readers["lift"].frame) == 26
    spoilt = (("= 1\n", "= 256\n"), ("20", "17"), ("lift", "gate"))
    for wrong in (reader.replace(*each) for each in spoilt):
        with pytest.raises(SettingsError):
            load(written(tmp_path, GOOD + wrong))


def test_inputs_say_what_they_are(tmp_path: Path) -> None:
    text = GOOD + '[inputs.door]\npin = 6\n[inputs.out]\npin = 7\nkind = "exit"\nrelay = "gate"\n'
    inputs = load(written(tmp_path, text)).guard.inputs
    assert inputs["door"] == Input("door", 6, "contact", "closed", "")
    assert inputs["out"] == Input("out", 7, "exit", "open", "gate")
    with pytest.raises(SettingsError, match="already used"):
        load(written(tmp_path, GOOD + "[inputs.door]\npin = 17\n"))
    with pytest.raises(SettingsError, match="kind"):
        load(written(tmp_path, GOOD + '[inputs.door]\npin = 6\nkind = "lift"\n'))


def test_camera_microphone_and_speaker(tmp_path: Path) -> None:
    text = (
        '[audio]\nsource = "alsa:mic"\nspeaker = "alsa:default"\ncodecs = ["pcma", "opus"]\n'
        '[video]\nsource = "/dev/video0"\nwidth = 1280\nheight = 720\nkilobits = 1500\ncodecs = ["vp8"]\n'
    )
    path = written(tmp_path, GOOD + text)
    settings = load(path)
    assert settings.audio == Audio("alsa:mic", 440.0, "alsa:default", ("pcma", "opus"))
    assert settings.video == Video("/dev/video0", 1280, 720, 15, 1_500_000, "auto", ("vp8",))
    assert load_studio(path) == (settings.audio, settings.video)


@pytest.mark.parametrize(("more", "films"), [
    ("", False),
    ('[audio]\nsource = "tone"', False),
    ('[audio]\nsource = "alsa:mic"', True),
    ('[audio]\nspeaker = "alsa:default"', True),
    ('[video]\nsource = "pattern"', True),
])
def test_when_a_studio_is_needed(tmp_path: Path, more: str, films: bool) -> None:
    assert load(written(tmp_path, GOOD + more)).films == films


@pytest.mark.parametrize(("more", "complaint"), [
    ('[audio]\nspeaker = "default"', "audio.speaker: must be alsa:"),
    ('[audio]\ncodecs = []', "audio.codecs: must be a list of some of opus"),
    ('[audio]\ncodecs = ["mp3"]', "audio.codecs: must be a list"),
    ('[video]\ncodecs = "h264"', "video.codecs: must be a list"),
    ("[video]\nrate = 0", "video.rate: must be a whole number from 1 to 30"),
    ('[video]\ncamera = "x"', "video.camera: is not a setting"),
])
def test_what_the_studio_cannot_do(tmp_path: Path, more: str, complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint):
        load(written(tmp_path, GOOD + more))
