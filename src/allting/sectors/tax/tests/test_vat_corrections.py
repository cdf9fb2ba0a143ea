"""Corrections of a VAT return: the newest counts, and only the difference moves (skatteforvaltningsloven § 9-4)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from django.db import connection, transaction
from django.db.models import F, Sum
from django.utils import timezone
from uuid6 import uuid7

from allting.common.cases.api import Concluded
from allting.common.cases.models import Case
from allting.common.cases.tests.factories import begin, client_of, send, work
from allting.common.mailbox.models import StoredLetter
from allting.common.outbox import api as outbox
from allting.common.outbox.models import Effect
from allting.common.payment.models import Bill, Payout
from allting.common.registers.tests import factories as make
from allting.kernel import events
from allting.kernel.actor import Party
from allting.kernel.encryption import unseal_json
from allting.kernel.rules import Outcome
from allting.sectors.tax import vat
from allting.sectors.tax.models import VatReturn, VatTerms
from allting.sectors.tax.services.vat_return import due_after_change
from allting.sectors.tax.tests.factories_vat import TERM, WHEN, YEAR, chief_of, handed_in, pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return chief_of()


@pytest.fixture
def siri(firm):
    return firm[0]


def decide(case):
    """Let the rule decide the case, and nothing else happen yet."""
    others = list(Effect.objects.exclude(key=str(case)).values_list("pk", flat=True))
    was = dict(Effect.objects.filter(pk__in=others).values_list("pk", "due"))
    Effect.objects.filter(pk__in=others).update(due=timezone.now() + timedelta(days=1))
    assert outbox.drain(1) == 1
    for pk, due in was.items():
        Effect.objects.filter(pk=pk).update(due=due)


def letters():
    """All letters, the oldest first."""
    rows = StoredLetter.objects.order_by("id")
    return [json.dumps(unseal_json(bytes(one.content), f"letter:{one.pk}"), ensure_ascii=False) for one in rows]


def asked_for():
    """Kroner that the bills come to."""
    found = Bill.objects.filter(status__in=("due", "paid")).aggregate(sum=Sum(F("amount") - F("credited")))["sum"]
    return (found or 0) // 100


def paid_out():
    found = Payout.objects.exclude(status="cancelled").filter(plan__key__startswith="vat:").aggregate(sum=Sum("amount"))
    return (found["sum"] or 0) // 100


def test_more_to_pay_is_a_bill_of_the_difference_due_after_three_weeks(siri):
    first = handed_in(siri, 100_000)
    second = handed_in(siri, 120_000, why="En faktura var glemt.")
    assert [one.amount for one in VatReturn.objects.order_by("case")] == [17_000, 22_000]
    bill = Bill.objects.get(case=second)
    assert (bill.amount, asked_for()) == (5_000_00, 22_000) and Bill.objects.get(case=first).amount == 17_000_00
    assert bill.due == due_after_change(YEAR, int(TERM), timezone.localdate())


def test_less_to_pay_is_taken_off_the_bill(siri):
    first = handed_in(siri, 100_000)
    handed_in(siri, 80_000, why="En faktura var med to ganger.")
    assert (Bill.objects.get(case=first).left, Bill.objects.count(), paid_out()) == (12_000_00, 1, 0)


def test_a_refund_that_was_too_large_becomes_a_bill(siri):
    handed_in(siri, 0)
    assert paid_out() == 8_000
    handed_in(siri, 0, 5_000, why="Et kjøp var privat.")
    assert (paid_out(), asked_for()) == (8_000, 3_000)


def test_a_refund_that_was_too_small_is_paid_out_the_rest_of(siri):
    handed_in(siri, 0)
    handed_in(siri, 0, 9_500, why="Et kjøp var glemt.")
    assert (paid_out(), asked_for()) == (9_500, 0)


def test_a_refund_that_has_not_left_is_lowered_and_nothing_is_claimed(siri):
    first, second = (send(siri, "vat-return", pages(0, deducted)) for deducted in (8_000, 5_000))
    decide(first)
    decide(second)
    work()
    assert (paid_out(), asked_for()) == (5_000, 0)


def test_from_paying_to_getting_back_and_to_paying_again(siri):
    handed_in(siri, 100_000)
    handed_in(siri, 0, why="Salget hører til neste termin.")
    assert (paid_out(), asked_for()) == (8_000, 0)
    handed_in(siri, 40_000, why="Noe av det hører til her likevel.")
    assert asked_for() - paid_out() == 2_000
    assert [one.amount for one in VatReturn.objects.order_by("case")] == [17_000, -8_000, 2_000]


def test_the_same_once_more_moves_nothing(siri):
    handed_in(siri, 100_000)
    case = handed_in(siri, 100_000, why="Ville bare se.")
    assert Bill.objects.count() == 1 and not Bill.objects.filter(case=case).exists()


def test_the_form_says_that_it_is_handed_in_and_is_filled_in_with_it(siri):
    handed_in(siri, 123_456, 8_000)
    draft = begin(siri, "vat-return")
    to = siri.post(f"/drafts/{draft}/term", WHEN | {"shown": "year term"})["Location"]
    assert to.endswith("/correction")
    assert "kommer i stedet for den" in siri.get(to).content.decode()
    to = siri.post(f"/drafts/{draft}/correction", {"why": "Feil tall.", "shown": "why"})["Location"]
    assert "123456" in siri.get(to).content.decode().replace("\u00a0", "").replace(" ", "")


def test_a_first_return_is_not_asked_why(siri):
    to = siri.post(f"/drafts/{begin(siri, 'vat-return')}/term", WHEN | {"shown": "year term"})["Location"]
    assert to.endswith("/sales")


def test_one_sent_before_the_other_was_decided_counts_by_when_it_was_sent(siri):
    """The later one is decided first: the earlier must not take its place."""
    first, second = (send(siri, "vat-return", pages(sales)) for sales in (100_000, 120_000))
    decide(second)
    work()
    assert Case.objects.get(pk=first).outcome == "granted"
    assert asked_for() == 22_000 and VatReturn.objects.count() == 2


def test_two_on_their_way_at_once_get_a_letter_of_what_really_moves(siri):
    for sales in (100_000, 120_000):
        send(siri, "vat-return", pages(sales))
    work()
    (told,) = [one for one in letters() if "To mva-meldinger" in one]
    assert "kom da til 17\u00a0000 kroner" in told and "Forskjellen er 5\u00a0000 kroner" in told


def test_an_older_one_that_is_decided_last_is_told_that_the_newer_counts(siri):
    _first, second = (send(siri, "vat-return", pages(sales)) for sales in (100_000, 120_000))
    decide(second)
    work()
    assert len([one for one in letters() if "nyere melding" in one]) == 1


def test_what_the_tax_office_fixed_is_appealed_and_not_corrected(siri, firm):
    """Skatteforvaltningsloven § 9-4, first paragraph; an officer counts anew after an appeal."""
    case = handed_in(siri, 100_000)
    siri.post(f"/my/cases/{case}/appeal", {"why": "En faktura var med to ganger."})
    row = Case.objects.get(pk=case)
    assert row.state == "appealed"
    office = make.state("skatteetaten")
    desk = client_of(make.officer_in(office, "Lars"), as_officer_of=office.pk)
    form = {"revision": row.revision, "reverse_grounds": "Riktig.", "fact-sales_standard": "8000000"}
    assert desk.post(f"/office/cases/{case}/reverse", form).status_code == 302
    work()
    assert (VatReturn.objects.get().amount, asked_for()) == (12_000, 12_000)
    page = siri.post(f"/drafts/{begin(siri, 'vat-return')}/term", WHEN | {"shown": "year term"}).content.decode()
    assert "har fastsatt beløpet" in page


def test_a_decision_that_is_set_aside_lets_the_return_before_count_again(siri):
    handed_in(siri, 100_000)
    second = handed_in(siri, 120_000, why="En faktura var glemt.")
    events.publish("cases.set_aside", case=second)
    assert asked_for() == 17_000 and VatReturn.objects.filter(stands=True).count() == 1


def test_a_correction_of_one_enterprise_does_not_touch_anothers(siri):
    handed_in(siri, 100_000)
    other, _firm = chief_of("Nabokroa AS")
    handed_in(other, 50_000)
    assert asked_for() == 17_000 + 4_500


def test_the_letter_says_what_moves(siri):
    handed_in(siri, 100_000)
    handed_in(siri, 120_000, why="En faktura var glemt.")
    words = letters()[-1]
    assert "kom da til 17\u00a0000 kroner å betale" in words and "Forskjellen er 5\u00a0000 kroner" in words


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_wait_for_each_other(firm, monkeypatch):
    """Both are counted at once: without the lock neither would see the other, and both would be billed in full."""
    enterprise = firm[1].pk
    VatTerms.objects.create(enterprise=enterprise)
    settle = vat._settle
    monkeypatch.setattr(vat, "_settle", lambda row: (settle(row), sleep(0.5)))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_decided, (enterprise,) * 2, (uuid7(), uuid7()), (17_000, 22_000)))
    assert asked_for() == 22_000


def _decided(enterprise, case, amount):
    outcome = Outcome(True, more={"vat": amount})
    told = Concluded(case, "", vat.SERVICE, Party("organisation", enterprise), case, "", 1, outcome)
    try:
        with transaction.atomic():
            VatReturn.objects.create(enterprise=enterprise, year=YEAR, term=6, case=case)
            vat.decided(told=told)
    finally:
        connection.close()
