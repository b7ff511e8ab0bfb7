"""Mail through a real SMTP server."""

from __future__ import annotations

import asyncio
import email
import email.policy
from datetime import UTC, datetime
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from pbx.alarms.book import Message
from pbx.alarms.mail import Mailbox, send
from tests.support.ports import free_port

MESSAGE = Message(
    "id1", "raised", "house.example", "panel_away", "gate\r\nBcc: all@x", "60 s",
    datetime(2026, 11, 22, 12, tzinfo=UTC),
)


class Post:
    """Keeps every letter."""

    def __init__(self) -> None:
        self.letters: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.letters.append(envelope)
        return "250 OK"


async def test_a_letter_arrives_whole_and_without_foreign_headers() -> None:
    post = Post()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(post, loop=loop), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    box = Mailbox("127.0.0.1", port, "doorline@house.example", ("op@house.example",), starttls=False)
    await asyncio.to_thread(send, box, MESSAGE)
    server.close()
    await server.wait_closed()
    (envelope,) = post.letters
    letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert envelope.rcpt_tos == ["op@house.example"]
    assert letter["Subject"] == "Doorline: panel away raised: gate Bcc: all@x at house.example"
    assert letter["Bcc"] is None
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "60 s" in letter.get_content()


def test_a_server_that_is_away_is_an_oserror() -> None:
    box = Mailbox("127.0.0.1", free_port(), "a@b", ("c@d",), starttls=False)
    with pytest.raises(OSError):
        send(box, MESSAGE)
