"""The outbox handlers: real SMTP, and an SMS gateway over HTTP."""

from __future__ import annotations

import smtplib
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone, translation
from django.utils.translation import gettext

from allting.common.outbox.api import GiveUp, PutOff
from allting.common.registers import api as registers
from allting.kernel.actor import Party
from allting.kernel.encryption import unseal_json

_WAIT_SECONDS = 10
_BAD_NUMBER = (400, 422)  # the gateway's answers to a number that nobody can have


def text_of(message: str, language: str) -> tuple[str, str]:
    """Subject and body in ``language``. No personal contents and no link (a notice must not teach phishing)."""
    with translation.override(language):
        subject = {
            "letter": gettext("You have a new letter"),
            "letter-reminder": gettext("You have a letter you have not opened"),
            "to-sign": gettext("You have something to sign"),
            "payment-due": gettext("You have something to pay"),
            "case-news": gettext("There is news in your case"),
            "card-due": gettext("You have something to send us"),
            "login-changed": gettext("How you log in was changed"),
            "job-news": gettext("There is news about jobs for you"),
            "job-interest": gettext("Somebody is interested in a vacancy of yours"),
            "tax-return": gettext("Your tax return is ready"),
            "work-due": gettext("A deadline at work is near"),
            "work-news": gettext("There is news in a case at work"),
        }[message]
        return subject, subject + ". " + gettext("Log in to Allting to read more.")


def send_email(payload: Mapping[str, Any], key: str) -> None:
    """Raises PutOff when the server does not take it now, GiveUp when it will never take the address."""
    party = Party.parse(payload["party"])
    contact = registers.contact(party)
    if not contact.email:
        return
    subject, body = text_of(payload["message"], contact.language)
    message_id = f"<{sha256(key.encode()).hexdigest()[:40]}@allting>"
    mail = EmailMessage(subject, body, settings.MAIL_FROM, [contact.email], headers={"Message-ID": message_id})
    try:
        _backend().send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:  # its own text has the address: only the code is kept
        code = next(code for code, _text in error.recipients.values())
        raise (GiveUp if code >= 500 else PutOff)(f"SMTP {code} recipient") from None
    except (OSError, smtplib.SMTPException) as error:
        raise PutOff(type(error).__name__) from None


def send_sms(payload: Mapping[str, Any], key: str) -> None:
    """Raises PutOff when the gateway does not take it now, GiveUp when it will never take the number."""
    party = Party.parse(payload["party"])
    contact = registers.contact(party)
    if not contact.mobile or not settings.SMS_GATEWAY_URL:
        return
    _subject, body = text_of(payload["message"], contact.language)
    _post_sms(contact.mobile, body, key)


def send_code(payload: Mapping[str, Any], key: str) -> None:
    """An SMS with a one-time code, unless it is too late for it. Raises PutOff and GiveUp as ``send_sms``."""
    contents = unseal_json(b64decode(payload["sealed"]), f"code:{key}")
    if datetime.fromisoformat(contents["until"]) < timezone.now() or not settings.SMS_GATEWAY_URL:
        return
    with translation.override(contents["language"]):
        text = gettext("%(code)s is your code for Allting. Give it to nobody, not to us either.")
    host = urlsplit(settings.BASE_URL).hostname
    # The last line lets a telephone offer the code to our page and to no other (Origin-bound one-time codes).
    _post_sms(contents["to"], f"{text % {'code': contents['code']}}\n\n@{host} #{contents['code']}", key)


def _post_sms(number: str, text: str, key: str) -> None:
    headers = {"Idempotency-Key": key, "Authorization": f"Bearer {gateway_token()}"}
    try:
        httpx.post(
            settings.SMS_GATEWAY_URL,
            json={"to": number, "text": text},
            headers=headers,
            timeout=_WAIT_SECONDS,
        ).raise_for_status()
    except httpx.HTTPStatusError as error:
        code = error.response.status_code
        raise (GiveUp if code in _BAD_NUMBER else PutOff)(f"SMS {code}") from None
    except httpx.HTTPError as error:
        raise PutOff(type(error).__name__) from None


def gateway_token() -> str:
    """The gateway's token; the demo gateway's is one of the keys in the folder."""
    if settings.SMS_GATEWAY_TOKEN or not settings.DEMO:
        return str(settings.SMS_GATEWAY_TOKEN)
    from allting.kernel.keys import text_key

    return text_key(settings.KEY_FOLDER / "demo-sms.key")


def _backend() -> EmailBackend:
    return EmailBackend(
        host=settings.SMTP_HOST,
        port=settings.SMTP_PORT,
        username=settings.SMTP_USER,
        password=settings.SMTP_PASSWORD,
        use_tls=settings.SMTP_TLS == "starttls",
        use_ssl=settings.SMTP_TLS == "tls",
        timeout=_WAIT_SECONDS,
    )
