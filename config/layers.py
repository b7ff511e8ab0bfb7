"""Configuration in layers: defaults, then a TOML file, then the environment.

Order, later wins: `config/doorline.toml`, the file named by `DOORLINE_CONFIG`, variables
`DOORLINE_SECTION__KEY`. A wrong value stops the start with one line per fault.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

SHIPPED = Path(__file__).parent / "doorline.toml"


class SettingsError(Exception):
    """The configuration is wrong; `str()` is one line per fault, fit for a terminal."""


class Layered(BaseSettings):
    """Settings of one process: its attributes are the sections of the file that it reads."""

    model_config = SettingsConfigDict(env_prefix="DOORLINE_", env_nested_delimiter="__", extra="ignore")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments of the constructor, environment, named file, shipped file: first one wins."""
        named = os.environ.get("DOORLINE_CONFIG")
        files = [Path(named), SHIPPED] if named else [SHIPPED]
        tomls = (TomlConfigSettingsSource(settings_cls, toml_file=file) for file in files)
        return (init_settings, env_settings, *tomls)


Kind = TypeVar("Kind", bound=Layered)


def read(kind: type[Kind]) -> Kind:
    """Read the configuration of one process.

    Raises:
        SettingsError: a file cannot be read, or a value is wrong or unknown.
    """
    named = os.environ.get("DOORLINE_CONFIG")
    if named and not Path(named).is_file():
        raise SettingsError(f"DOORLINE_CONFIG names {named}, which is not a file")
    try:
        return kind()
    except ValidationError as fault:
        lines = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in fault.errors())
        raise SettingsError("\n".join(lines)) from None
    except (ValueError, RecursionError) as fault:  # TOML syntax, or nested without end
        raise SettingsError(f"configuration file: {fault}") from None
