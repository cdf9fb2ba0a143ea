"""Letters of the room's own: an employer has fetched a tax card for the first time (skattebetalingsloven § 5-1), a bill
for a payroll report or for advance tax was not paid in time, and advance tax that need not be paid after all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from allting.common.mailbox import api as mailbox
from allting.common.outbox import api as outbox
from allting.common.payment import api as payment
from allting.common.registers import api as registers
from allting.kernel.actor import Party
from allting.kernel.text import said
from allting.sectors.tax import additional, advance
from allting.sectors.tax.cards import AUTHORITY, SERVICE
from allting.sectors.tax.models import AdditionalTax, AdvanceTax, Employment

_BILLED: tuple[tuple[Any, str], ...] = ((AdvanceTax, advance.SERVICE), (AdditionalTax, additional.SERVICE))
_HASTENED = _("When a term is not paid, those left of the year are due too (%(law)s). You get their bills now.")


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
    """A bill that belongs to no case was not paid in time: its payer is told, once for each reminder. The rest of the
    year's advance tax is then due too. The room of cases writes of its own bills."""
    if reminder.service not in ("payroll", advance.SERVICE):
        return
    hastened = reminder.service == advance.SERVICE and advance.waits(reminder.case)
    if hastened:
        told = {"advance": str(reminder.case), "until": reminder.until.isoformat()}
        outbox.put("tax.advance_hasten", reminder.key, told)
    words = _("We have not got your payment, which was due on %(day)s. If you have paid already, you need do nothing.")
    letter = mailbox.Letter(
        recipient=reminder.payer, sender=reminder.creditor, sender_name=reminder.creditor_name,
        title=said(_("Reminder: %(what)s"), what=reminder.text), service=reminder.service,
        paragraphs=[
            mailbox.Paragraph(said(words, day=lambda: formats.date_format(reminder.due, "DATE_FORMAT"))),
            mailbox.Facts(payment.reminder_facts(reminder)),
            *([mailbox.Paragraph(said(_HASTENED, law=advance.LAW))] if hastened else []),
        ],
        reply_url=f"{settings.BASE_URL}/my/payments/{reminder.bill}",
    )  # fmt: skip
    mailbox.deliver(letter, reminder.key)


def credited(*, credit: payment.Credit) -> None:
    """Advance tax that was billed is lowered, or additional advance tax was not paid: a credit note, once for each."""
    found = [(one.objects.filter(pk=credit.case).first(), service) for one, service in _BILLED]
    row, service = next(((one, service) for one, service in found if one is not None), (None, ""))
    if row is None:
        return
    body = registers.authority(AUTHORITY)
    facts, why = mailbox.Facts(payment.credit_facts(credit)), said(_("Why: %(why)s"), why=credit.why)
    letter = mailbox.Letter(
        recipient=Party("person", row.person), sender=body.id, sender_name=body.name, service=service,
        title=said(_("Credit note: %(what)s"), what=credit.text),
        paragraphs=[facts, mailbox.Paragraph(why)],
        reply_url=f"{settings.BASE_URL}/my/payments/{credit.bill}",
    )  # fmt: skip
    mailbox.deliver(letter, credit.key)
