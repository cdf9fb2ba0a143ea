"""Letters of the room's own: an employer has fetched a tax card for the first time (skattebetalingsloven § 5-1), and a
payroll report's bill was not paid in time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from allting.common.mailbox import api as mailbox
from allting.common.payment import api as payment
from allting.common.registers import api as registers
from allting.kernel.actor import Party
from allting.kernel.money import kroner
from allting.kernel.text import Text, said
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


def reminded(*, reminder: payment.Reminder) -> None:
    """A payroll report's bill was not paid in time: the employer is told, once for each reminder. The room of cases
    writes of its own bills."""
    if reminder.service != "payroll":
        return
    words = _("We have not got your payment, which was due on %(day)s. If you have paid already, you need do nothing.")
    facts = [
        (said(_("To pay")), said("%(value)s", value=lambda: kroner(reminder.left))),
        (said(_("Pay by")), said("%(value)s", value=lambda: formats.date_format(reminder.until, "DATE_FORMAT"))),
        (said(_("Reference (KID)")), Text.same(reminder.kid)),
    ]
    if reminder.account:
        facts.append((said(_("To account")), Text.same(reminder.account)))
    letter = mailbox.Letter(
        recipient=reminder.payer, sender=reminder.creditor, sender_name=reminder.creditor_name,
        title=said(_("Reminder: %(what)s"), what=reminder.text), service=reminder.service,
        paragraphs=[
            mailbox.Paragraph(said(words, day=lambda: formats.date_format(reminder.due, "DATE_FORMAT"))),
            mailbox.Facts(facts),
        ],
        reply_url=f"{settings.BASE_URL}/my/payments/{reminder.bill}",
    )  # fmt: skip
    mailbox.deliver(letter, reminder.key)
