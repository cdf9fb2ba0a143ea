"""What a letter about a bill tells in short, for the room that writes it: a reminder, and a credit note."""

from __future__ import annotations

from typing import Any

from django.utils import formats
from django.utils.translation import gettext_lazy as _

from allting.common.payment.late import Reminder
from allting.common.payment.terms import Credit
from allting.kernel.money import kroner
from allting.kernel.text import Text, said

Facts = list[tuple[Text, Text]]


def reminder_facts(reminder: Reminder) -> Facts:
    """What is to be paid, until when and how, and what being late has cost of it."""
    facts: list[tuple[Any, Any]] = [
        (_("To pay"), lambda: kroner(reminder.left)),
        (_("Pay by"), lambda: formats.date_format(reminder.until, "DATE_FORMAT")),
        (_("Reference (KID)"), reminder.kid),
    ]
    if reminder.account:
        facts.append((_("To account"), reminder.account))
    if reminder.fee:
        facts.append((_("Of this, fee for this reminder"), lambda: kroner(reminder.fee)))
    if reminder.interest:
        facts.append((_("Of this, interest"), lambda: kroner(reminder.interest)))
    return _said(facts)


def credit_facts(credit: Credit) -> Facts:
    """What need not be paid, and what is left."""
    return _said(
        [
            (_("You need not pay"), lambda: kroner(credit.amount)),
            (_("Left to pay"), lambda: kroner(credit.left)),
            (_("Reference (KID)"), credit.kid),
        ]
    )


def _said(facts: list[tuple[Any, Any]]) -> Facts:
    return [(said(name), said("%(value)s", value=value)) for name, value in facts]
