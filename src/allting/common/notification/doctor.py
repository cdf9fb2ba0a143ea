"""Do the mail server and the SMS gateway answer?"""

import smtplib
from collections.abc import Iterator

import httpx
from django.conf import settings

from allting.kernel.findings import Finding, error, ok, warning

WAIT_SECONDS = 5


def smtp() -> Iterator[Finding]:
    where = f"{settings.SMTP_HOST}:{settings.SMTP_PORT}"
    kind = smtplib.SMTP_SSL if settings.SMTP_TLS == "tls" else smtplib.SMTP
    try:
        with kind(settings.SMTP_HOST, settings.SMTP_PORT, timeout=WAIT_SECONDS) as server:
            if settings.SMTP_TLS == "starttls":
                server.starttls()
            if settings.SMTP_USER:
                server.login(settings.SMTP_USER, settings.SMTP_PASSWORD)
            server.noop()
    except smtplib.SMTPAuthenticationError:
        yield error("mail", f"{where} refuses the password", "mend SMTP_USER and SMTP_PASSWORD")
    except (OSError, smtplib.SMTPException) as fault:
        mend = "mend SMTP_HOST, SMTP_PORT and SMTP_TLS, or start the server; notices wait meanwhile"
        yield error("mail", f"{where} does not answer ({type(fault).__name__})", mend)
    else:
        yield ok("mail", f"{where} answers")


def sms() -> Iterator[Finding]:
    if not settings.SMS_GATEWAY_URL:
        yield warning("SMS", "no gateway: notices go by e-mail only", "set SMS_GATEWAY_URL")
        return
    try:
        httpx.get(settings.SMS_GATEWAY_URL, timeout=WAIT_SECONDS)  # whatever it answers, it is there
    except httpx.HTTPError as fault:
        yield error("SMS", f"the gateway does not answer ({type(fault).__name__})", "mend SMS_GATEWAY_URL")
    else:
        yield ok("SMS", "the gateway answers")


CHECKS = (smtp, sms)
