"""The demo's SMTP receiver: what arrives is kept for the page, a repeat counts once."""

from __future__ import annotations

import email
from email.policy import default
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections

from allting.common.notification.models import DemoMessage


class Receiver:
    """An aiosmtpd handler."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        await sync_to_async(_receive)(envelope.content, envelope.rcpt_tos[0])
        return "250 OK"


def _receive(content: bytes, recipient: str) -> None:
    close_old_connections()  # this is no request: nobody else drops a connection that has died
    keep_email(content, recipient)


def keep_email(content: bytes, recipient: str) -> None:
    message = email.message_from_bytes(content, policy=default)
    body = message.get_body(("plain",))
    keep("email", str(message["Message-ID"]), recipient, str(message["Subject"]), body.get_content() if body else "")


def keep(kind: str, key: str, recipient: str, subject: str, body: str) -> None:
    values = {"kind": kind, "recipient": recipient, "subject": subject, "body": body}
    DemoMessage.objects.get_or_create(key=f"{kind}:{key}"[:200], defaults=values)
