"""The outbox handlers of the mailbox. Each only writes to our database: it takes hold exactly once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from allting.common.mailbox.models import StoredLetter
from allting.common.mailbox.rendering import pdf_of
from allting.common.notification import api as notification
from allting.common.outbox import api as outbox
from allting.kernel.actor import Party
from allting.kernel.encryption import seal, unseal_json
from allting.kernel.events import publish

_REMIND_AFTER = timedelta(days=7)  # eForvaltningsforskriften § 8: notified again after a week


def carry_out(payload: Mapping[str, Any], key: str) -> None:
    """Make, seal, encrypt and deliver one letter; done already means nothing more to do.

    Publishes "mailbox.delivered": legal time limits run from the day a letter came.
    """
    row = StoredLetter.objects.get(key=key)
    if row.delivered is not None:
        return
    content = unseal_json(bytes(row.content), f"letter:{row.pk}")
    sealed = import_string(settings.LETTER_SEAL)(pdf_of(content), content["title"])
    row.pdf = seal(sealed, f"letter-pdf:{row.pk}")
    enclosed = _enclosed(content)
    if enclosed is not None:
        row.enclosure = seal(enclosed[1], f"letter-enclosure:{row.pk}")
    row.delivered = timezone.now()
    row.save(update_fields=["pdf", "enclosure", "delivered"])
    publish(
        "mailbox.delivered", case=row.case, on=timezone.localdate(row.delivered), key=key, title=content["title"],
        pdf=sealed, enclosure=enclosed,
    )  # fmt: skip
    if row.channel == "digital":
        notification.nudge(Party.parse(row.recipient), "letter", f"letter:{row.pk}")
        outbox.put("mailbox.remind", str(row.pk), due=row.delivered + _REMIND_AFTER)


def _enclosed(content: Mapping[str, Any]) -> tuple[str, bytes] | None:
    """The title and the sealed bytes of what goes with a letter."""
    inside = content.get("enclosure")
    if inside is None:
        return None
    frame = {name: content[name] for name in ("language", "sender_name", "recipient_name", "case_number")}
    made = pdf_of({**frame, **inside}, lasting=True)
    return inside["title"], import_string(settings.LETTER_SEAL)(made, inside["title"])


def remind(payload: Mapping[str, Any], key: str) -> None:
    """Say it again when the letter is still unopened."""
    row = StoredLetter.objects.get(pk=key)
    if row.opened is None:
        notification.nudge(Party.parse(row.recipient), "letter-reminder", f"letter-reminder:{row.pk}")
