"""An alarm by e-mail (RFC 5321, RFC 5322)."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from pbx.alarms.book import Message

SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where mail goes and by which server. `user` empty: no log-in; `starttls`: refuse to go on without."""

    host: str
    port: int
    sender: str
    to: tuple[str, ...]
    user: str = ""
    password: str = ""
    starttls: bool = True


def send(box: Mailbox, message: Message) -> None:
    """Hand one alarm to the mail server. Blocks.

    Raises:
        OSError: it did not take it (smtplib's exceptions are OSErrors); try again later.
    """
    with smtplib.SMTP(box.host, box.port, timeout=SECONDS) as server:
        if box.starttls:
            server.starttls(context=ssl.create_default_context())
        if box.user:
            server.login(box.user, box.password)
        server.send_message(_letter(box, message))


def _letter(box: Mailbox, message: Message) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"] = box.sender, ", ".join(box.to)
    letter["Subject"] = " ".join(f"Doorline: {message.line}".split())
    letter["Date"] = format_datetime(message.at)
    letter["Message-ID"] = make_msgid(message.id, domain=box.sender.rpartition("@")[2] or "localhost")
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(f"{message.line}\n{message.detail}\n{message.at.isoformat()}\nid {message.id}\n")
    return letter
