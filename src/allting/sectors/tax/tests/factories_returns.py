"""What tests of tax returns ask: the letter, the money, and what the law would have it be."""

from __future__ import annotations

import json
from datetime import date, timedelta

from django.utils import timezone

from allting.common.cases.tests.factories import work
from allting.common.mailbox.models import StoredLetter
from allting.common.outbox.models import Effect
from allting.common.payment.models import Bill, Payout
from allting.kernel.encryption import unseal_json
from allting.kernel.rules import named
from allting.sectors.tax.models import TaxReturn
from allting.sectors.tax.returns import settling
from allting.sectors.tax.tests.factories import USUAL, YEAR

OWES = USUAL | {"withheld": 90_000}


def letter_to(person):
    row = StoredLetter.objects.filter(recipient=f"person:{person.pk}").order_by("id").last()
    return json.dumps(unseal_json(bytes(row.content), f"letter:{row.pk}"), ensure_ascii=False)


def silence_wakes():
    Effect.objects.filter(kind="tax.silence").update(due=timezone.now())
    work()


def time_is_out():
    TaxReturn.objects.update(due=timezone.localdate() - timedelta(days=1))
    silence_wakes()


def paid_out(person):
    return [row.amount for row in Payout.objects.filter(plan__payee=f"person:{person.pk}").order_by("id") if row.amount]


def billed(person):
    rows = Bill.objects.filter(payer=f"person:{person.pk}").exclude(status="cancelled").order_by("id")
    return [row.amount - row.credited for row in rows]


def settled(net):
    """With interest: 78 per cent of the policy rate of 4 on 1 January 2026, from 1 July 2025 (§ 11-5)."""
    until = timezone.localdate() if net > 0 else settling.due_days(timezone.localdate(), YEAR, -net)[0]
    days = (until - date(YEAR, 7, 1)).days
    return net + (100 if net > 0 else -100) * int(abs(net) // 100 * 0.0312 * days / 365 + 0.5)


def tax_of(wages, other, deductions):
    rule = named("tax.wage_earner")
    on = date(YEAR, 12, 31)
    given = {"wages": wages, "other_income": other, "deductions": deductions, "age": 35, "zone": "ordinary"}
    return int(rule.function(rule.at(on), **rule.read(given, on))) * 100
