"""Names of the certificate are names of the server; the best of them is told to others."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbx.certificates import load_or_make
from webadmin.addresses import hosts, plain_address, secure_address
from webadmin.settings import Paths, Settings, Web


def settings(var: Path, names: list[str], **web: object) -> Settings:
    if names:
        load_or_make(var / "tls", names)
    return Settings(paths=Paths(var=var), webadmin=Web(**web))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("names", "web", "address"),
    [
        ([], {}, ""),
        (["localhost", "127.0.0.1", "192.0.2.7", "box"], {}, "https://192.0.2.7:8443"),
        (["192.0.2.7", "door.example"], {"tls_port": 443}, "https://door.example"),
        (["127.0.0.1"], {}, "https://127.0.0.1:8443"),
        (["192.0.2.7"], {"tls_host": ""}, ""),
        (["192.0.2.7"], {"public_url": "https://door.example"}, "https://door.example"),
    ],
)
def test_the_address_for_others(
    tmp_path: Path, names: list[str], web: dict[str, object], address: str
) -> None:
    assert secure_address(settings(tmp_path, names, **web)) == address


def test_hosts(tmp_path: Path) -> None:
    found = settings(tmp_path, ["192.0.2.7", "box"], public_url="https://door.example")
    assert {"127.0.0.1", "localhost", "192.0.2.7", "box", "door.example"} == set(hosts(found))
    assert plain_address(found) == "http://127.0.0.1:8080"


def test_a_certificate_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "tls").mkdir()
    (tmp_path / "tls" / "server.pem").write_text("nonsense")
    assert secure_address(settings(tmp_path, [])) == ""
