"""Letters about a bill of the case: a reminder says what is to be paid, until when, how, and what being late has cost;
a credit note what need not be paid after all, and a set-off what is taken from later payments."""

from __future__ import annotations

from django.utils import formats
from django.utils.translation import gettext_lazy as _

from allting.common.cases import letters
from allting.common.cases.models import Case
from allting.common.mailbox import api as mailbox
from allting.common.payment import api as payment
from allting.kernel.money import kroner
from allting.kernel.text import Text, said


def reminded(*, reminder: payment.Reminder) -> None:
    """A bill was not paid in time: its payer is told, once for each reminder."""
    case = Case.objects.filter(pk=reminder.case).first()
    if case is None:
        return
    title = said(_("Reminder: %(what)s"), what=reminder.text)
    words = _("We have not got your payment, which was due on %(day)s. If you have paid already, you need do nothing.")
    first = said(words, day=lambda: formats.date_format(reminder.due, "DATE_FORMAT"))
    blocks: list[mailbox.Block] = [mailbox.Paragraph(first), mailbox.Facts(payment.reminder_facts(reminder))]
    if reminder.late_law:
        costs = said(_("What late payment costs follows from %(law)s."), law=reminder.late_law)
        blocks.append(mailbox.Paragraph(costs))
    parts = said(_("Can you not pay all of it at once? Ask to pay in parts on the page of the bill."))
    blocks.append(mailbox.Paragraph(parts))
    letters.send(case, title, blocks, key=reminder.key)


def credited(*, credit: payment.Credit) -> None:
    """Some or all of a bill need not be paid: a credit note, once for each."""
    case = Case.objects.filter(pk=credit.case).first()
    if case is None:
        return
    why = said(_("Why: %(why)s"), why=credit.why)
    back = said(_("What you have paid too much is paid back to you."))
    facts = mailbox.Facts(payment.credit_facts(credit))
    blocks: list[mailbox.Block] = [facts, mailbox.Paragraph(why), mailbox.Paragraph(back)]
    letters.send(case, said(_("Credit note: %(what)s"), what=credit.text), blocks, key=credit.key)


def set_off(*, told: payment.SetOffTold) -> None:
    """A claim is to be taken from later payments: the payer is told before it is, by what law, and how to say no."""
    case = Case.objects.filter(pk=told.case).first()
    if case is None:
        return
    facts = [
        (said(_("From each payment")), said("%(value)s", value=lambda: kroner(told.monthly))),
        (said(_("From and with")), said("%(value)s", value=lambda: formats.date_format(told.start, "DATE_FORMAT"))),
        (said(_("By")), Text.same(told.law)),
        (said(_("Reference (KID)")), Text.same(told.kid)),
    ]
    why = said(_("Why: %(why)s"), why=told.why)
    words = _("Do you not agree? Say so on the page of the bill: then nothing more is taken until you have an answer.")
    appeal = said(_("It can be appealed by %(law)s. Write to the one who sent the bill."), law=told.appeal)
    rest = [mailbox.Paragraph(one) for one in (why, said(words), appeal)]
    blocks: list[mailbox.Block] = [mailbox.Facts(facts), *rest]
    letters.send(case, said(_("Taken from later payments: %(what)s"), what=told.text), blocks, key=told.key)
