"""E-mails: sent by SMTP, or put into a directory where no server is set."""

from __future__ import annotations

import os
import secrets
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path

from webadmin.settings import Mail

SECONDS = 10.0


class NotSent(Exception):
    """The e-mail did not leave; nothing secret is in `str()`."""


class Post:
    """Sends plain e-mails. `outbox`: where they lie when no mail server is set, for their owner only."""

    def __init__(self, mail: Mail, outbox: Path) -> None:
        self._mail = mail
        self._outbox = outbox

    @property
    def is_local(self) -> bool:
        """Whether e-mails stay on this machine."""
        return not self._mail.host

    def send(self, to: str, subject: str, text: str) -> None:
        """Send one e-mail.

        Raises:
            NotSent: the server refused it or did not answer.
        """
        message = EmailMessage()
        message["From"] = self._mail.sender
        message["To"] = to
        message["Subject"] = " ".join(subject.split())
        message.set_content(text)
        if self.is_local:
            self._keep(message)
        else:
            self._deliver(message)

    def _keep(self, message: EmailMessage) -> None:
        self._outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._outbox / f"{secrets.token_hex(8)}.eml"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(bytes(message))

    def _deliver(self, message: EmailMessage) -> None:
        try:
            with smtplib.SMTP(self._mail.host, self._mail.port, timeout=SECONDS) as server:
                if self._mail.starttls:
                    server.starttls(context=ssl.create_default_context())
                if self._mail.user:
                    server.login(self._mail.user, self._mail.password.get_secret_value())
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as fault:
            raise NotSent(type(fault).__name__) from None
