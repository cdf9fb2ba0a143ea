"""The words of a changed payment: what is meant, before it is decided, and the decision itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import formats
from django.utils.translation import gettext_lazy as _

from allting.common.cases import letters
from allting.common.cases.models import Case
from allting.common.catalogue import api as catalogue
from allting.common.mailbox import api as mailbox
from allting.common.payment import api as payment
from allting.kernel.money import kroner
from allting.kernel.text import Text, said


def meant(month: date | None, amount: int | None, too_much: int, why: Sequence[Text]) -> list[Text]:
    """What we are about to decide, what it would come to, and why; ``amount`` and ``too_much`` in øre."""
    texts = []
    if month is not None and amount is None:
        texts.append(said(_("We are about to stop your payment from %(month)s."), month=lambda: month_of(month)))
    elif month is not None:
        words = _("We are about to change your payment to %(amount)s a month from %(month)s.")
        texts.append(said(words, amount=kroner(amount or 0), month=lambda: month_of(month)))
    texts += why
    if too_much:
        words = _("You have then been paid %(amount)s too much. We may decide that you must pay it back, all or some.")
        texts.append(said(words, amount=kroner(too_much)))
    return texts


def month_of(day: date) -> str:
    return formats.date_format(day, "YEAR_MONTH_FORMAT")


def decision(
    case: Case, service: catalogue.Service, month: date | None, amount: int | None, grounds: Sequence[Text],
    bill: payment.Bill | None, left: int,
) -> None:  # fmt: skip
    """The letter: what holds from when, why, what is claimed back or not, and how to appeal."""
    title, first = _what(month, amount)
    blocks: list[mailbox.Block] = [mailbox.Paragraph(first)] if first else []
    blocks.append(mailbox.Heading(said(_("Grounds"))))
    blocks += [mailbox.Paragraph(one) for one in grounds]
    blocks += _money(service, bill, left)
    law = f"{service.law}, {service.claims_back}" if bill else service.law
    blocks.append(mailbox.Paragraph(said(_("The decision is made under %(law)s."), law=law)))
    entered = said(_("Decision: %(title)s"), title=service.title)
    letters.send(case, title, blocks, appeal=letters.right_to_appeal(case, service), entered=entered)


def _what(month: date | None, amount: int | None) -> tuple[Text, Text | None]:
    if month is None:
        return said(_("What you were paid too much")), None
    if amount is None:
        words = _("You are paid to and with the month before %(month)s, and nothing after that.")
        return said(_("Your payment is stopped")), said(words, month=lambda: month_of(month))
    words = _("You get %(amount)s a month from %(month)s.")
    return said(_("Your payment is changed")), said(words, amount=kroner(amount), month=lambda: month_of(month))


def _money(service: catalogue.Service, bill: payment.Bill | None, left: int) -> list[mailbox.Block]:
    if bill is None and not left:
        return []
    blocks: list[mailbox.Block] = [mailbox.Heading(said(_("What you were paid too much")))]
    if bill is not None:
        words = _("You must pay back %(amount)s by %(day)s, with KID %(kid)s. You find the bill under Payments.")
        day = bill.due
        due = said(
            words, amount=kroner(bill.amount), kid=bill.kid,
            day=lambda: formats.date_format(day, "DATE_FORMAT") if day else "",
        )  # fmt: skip
        blocks.append(mailbox.Paragraph(due))
    if left:
        words = _("%(amount)s of it is not claimed back by this decision.")
        blocks.append(mailbox.Paragraph(said(words, amount=kroner(left))))
    return blocks
