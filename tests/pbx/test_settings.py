"""Configuration: defaults, file, environment; mistakes are one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.layers import SettingsError
from pbx.settings import load


def test_the_shipped_file_says_the_defaults() -> None:
    settings = load()
    assert settings.sip.udp_port == 5060
    assert settings.http.host == "127.0.0.1"
    assert settings.sip.trusted_sources == []


def test_a_named_file_beats_the_shipped_one_and_the_environment_beats_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = tmp_path / "mine.toml"
    named.write_text("[sip]\nudp_port = 5070\ntcp_port = 5071\n[calls]\ntotal = 7\n")
    monkeypatch.setenv("DOORLINE_CONFIG", str(named))
    monkeypatch.setenv("DOORLINE_SIP__TCP_PORT", "5072")
    settings = load()
    assert (settings.sip.udp_port, settings.sip.tcp_port, settings.calls.total) == (5070, 5072, 7)
    assert settings.sip.tls_port == 5061


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[sip]\nudp_port = 70000\n", "sip.udp_port"),
        ("[sip]\nudp_prot = 5060\n", "sip.udp_prot"),
        ("[media]\nworkers = 0\n", "media.workers"),
        ('[sip]\ntrusted_sources = ["everybody"]\n', "sip.trusted_sources"),
        ("[log]\nlevel = 'loud'\n", "log.level"),
        ("[visits]\nkeep_days = 91\n", "visits.keep_days"),
        ("not toml", "configuration file"),
    ],
)
def test_a_wrong_value_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, says: str
) -> None:
    named = tmp_path / "mine.toml"
    named.write_text(text)
    monkeypatch.setenv("DOORLINE_CONFIG", str(named))
    with pytest.raises(SettingsError) as fault:
        load()
    assert says in str(fault.value)


def test_a_missing_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORLINE_CONFIG", "/nowhere/doorline.toml")
    with pytest.raises(SettingsError, match="nowhere"):
        load()
