"""What the machine says, and the ways out of the house that the settings name."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from pbx.alarms.book import Message
from pbx.alarms.delivery import Carrier, Delivery
from pbx.alarms.mail import Mailbox, send
from pbx.alarms.watch import Look
from pbx.alarms.webhook import Hook, post
from pbx.settings import Alarms


def alarm_delivery(settings: Alarms) -> Delivery:
    """The carriers that are set up.

    Raises:
        NotAllowed: the webhook's address is not allowed.
    """
    carriers: dict[str, Carrier] = {}
    if settings.smtp_host and settings.mail_to:
        box = Mailbox(
            settings.smtp_host,
            settings.smtp_port,
            settings.mail_from or "doorline@localhost",
            tuple(settings.mail_to),
            settings.smtp_user,
            settings.smtp_password,
            settings.smtp_starttls,
        )

        async def by_mail(message: Message) -> None:
            await asyncio.to_thread(send, box, message)

        carriers["mail"] = by_mail
    if settings.webhook_url:
        hook = Hook.to(settings.webhook_url, settings.webhook_secret, settings.webhook_hosts)

        async def by_webhook(message: Message) -> None:
            await post(hook, message, datetime.now(UTC))

        carriers["webhook"] = by_webhook
    return Delivery(carriers)


def machine(certificate: Path, var: Path, at: datetime) -> Look:
    """What the machine says now; a certificate that cannot be read is the doctor's business."""
    try:
        ends = x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        ends = None
    usage = shutil.disk_usage(var)
    return Look(ends, usage.free / usage.total, at)
