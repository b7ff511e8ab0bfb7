"""Settings reach the rooms they are for."""

from __future__ import annotations

from pathlib import Path

from pbx.settings import Settings
from pbx.settings_of import media_settings, transport_limits


def test_what_rooms_are_told(tmp_path: Path) -> None:
    settings = Settings()
    settings.sip.connections, settings.media.workers = 7, 3
    settings.paths.var = tmp_path
    assert transport_limits(settings).connections == 7
    told = media_settings(settings)
    assert told.workers == 3
    assert Path(told.prompts) == tmp_path / "prompts"
