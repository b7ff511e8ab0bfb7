"""E-mails into the outbox, and a server that is away."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.support.ports import free_port
from webadmin.post import NotSent, Post
from webadmin.settings import Mail


def test_the_outbox_is_for_its_owner(tmp_path: Path) -> None:
    post = Post(Mail(), tmp_path / "outbox")
    post.send("kari@x.example", "Hei\r\nBcc: evil@x.example", "Dør: https://x.example/æ")
    (letter,) = (tmp_path / "outbox").iterdir()
    text = letter.read_text()
    assert stat.S_IMODE(letter.stat().st_mode) == 0o600
    assert "Subject: Hei Bcc: evil@x.example" in text and "\nBcc:" not in text


def test_a_server_that_is_away(tmp_path: Path) -> None:
    post = Post(Mail(host="127.0.0.1", port=free_port("tcp")), tmp_path)
    with pytest.raises(NotSent):
        post.send("kari@x.example", "Hei", "Hei")
