"""The program that keeps recordings, as WebAdmin asks it: what it says, and what it never sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.media.audio.sounds import sine
from tests.media.audio.test_build import wav
from webadmin.prompts import service
from webadmin.settings import Settings


def test_every_shipped_prompt_has_its_text(settings: Settings) -> None:
    found = service.prompts(settings)
    assert set(found) == {"nb", "en"}
    assert all(each.text and each.own_since is None for each in (*found["nb"], *found["en"]))


def test_a_machine_without_prompts(settings: Settings, tmp_path: Path) -> None:
    settings.media = settings.media.model_copy(update={"prompts": tmp_path / "none"})
    assert service.prompts(settings) == {}
    assert service.sound(settings, "nb", "calling") is None


def test_what_is_kept_is_what_speaks(settings: Settings) -> None:
    sound = wav(sine(1000, 0.5, rate=16_000))
    service.replace(settings, "nb", "calling", sound)
    file, kind = service.sound(settings, "nb", "calling") or (Path(), "")
    assert file.read_bytes() == sound and kind == "audio/wav"
    assert (settings.paths.var / "prompts" / "nb" / "calling.pcma").is_file()


def test_nothing_is_half_kept(settings: Settings) -> None:
    (settings.paths.var / "prompts" / "own").mkdir(parents=True)
    (settings.paths.var / "prompts" / "own" / "nb").write_text("in the way")
    with pytest.raises(service.PromptRefused, match="disk is full or closed"):
        service.replace(settings, "nb", "calling", wav(sine(1000, 0.5, rate=16_000)))
    assert service.prompts(settings)["nb"][0].own_since is None


def test_a_program_that_does_not_end_is_ended(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "SECONDS", 0.001)
    with pytest.raises(service.PromptRefused, match="nothing was changed"):
        service.replace(settings, "nb", "calling", wav(sine(1000, 0.5, rate=16_000)))
