"""The letter about an employer that has fetched a tax card for the first time (skattebetalingsloven § 5-1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from allting.common.mailbox import api as mailbox
from allting.common.registers import api as registers
from allting.kernel.actor import Party
from allting.kernel.text import said
from allting.sectors.tax.cards import AUTHORITY, SERVICE
from allting.sectors.tax.models import Employment


def tell_fetched(payload: Mapping[str, Any], key: str) -> None:
    """Effect tax.tell_fetched: one letter for each employment, once."""
    rows = Employment.objects.filter(pk__in=payload["employments"])
    names = registers.entities({one.employer for one in rows})
    body = registers.authority(AUTHORITY)
    for one in rows:
        if one.employer not in names:
            continue
        letter = mailbox.Letter(
            recipient=Party("person", one.person), sender=body.id, sender_name=body.name, service=SERVICE,
            title=said(_("A new employer has fetched your tax card")),
            paragraphs=[
                mailbox.Facts([(said(_("Employer")), names[one.employer].name)]),
                mailbox.Paragraph(said(_("The employer says that you work there. If you do not, tell us."))),
            ],
            reply_url=f"{settings.BASE_URL}/my/tax-card",
        )  # fmt: skip
        mailbox.deliver(letter, f"tax-card:{one.pk}:fetched")
