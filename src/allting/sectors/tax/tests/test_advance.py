"""Advance tax: what is not withheld is billed term by term, changed, hastened, and counted at the settlement."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from allting.common.audit import api as audit
from allting.common.cases import api as cases
from allting.common.cases.tests.factories import client_of, send, work
from allting.common.mailbox.models import StoredLetter
from allting.common.outbox.models import Effect
from allting.common.payment.models import Bill, Payout
from allting.common.payment.tests.factories import came, look_for_late_bills
from allting.common.registers.models import Person
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Actor, Party
from allting.kernel.encryption import unseal_json
from allting.kernel.rules import Outcome
from allting.sectors.tax import advance, api, cards
from allting.sectors.tax.models import AdvanceTax, AdvanceTerm, TaxCard, TaxReturn
from allting.sectors.tax.returns import making, settling
from allting.sectors.tax.services.tax_card import Expected, card
from allting.sectors.tax.services.tax_return import due_days
from allting.sectors.tax.tests import factories_cards as tax
from allting.sectors.tax.tests.factories import actor, reported
from allting.sectors.tax.tests.factories_returns import paid_out, tax_of

pytestmark = pytest.mark.django_db
TERMS = [date(2026, 3, 16), date(2026, 6, 15), date(2026, 9, 15), date(2026, 12, 15)]  # 15 March is a Sunday
REAL = timezone.localdate


@pytest.fixture
def kari():
    tax.authority()
    return make.person()


@pytest.fixture
def clock(monkeypatch):
    """Today is another day; what is put for later is due when that day is reached."""

    def at(day):
        monkeypatch.setattr(timezone, "localdate", lambda value=None, *zone: REAL(value, *zone) if value else day)
        return day

    at(date(2026, 1, 5))
    return at


def asks(person, kroner):
    with transaction.atomic():
        advance.decide(tax.system(), tax.WHY, person.pk, timezone.localdate().year, kroner * 100)


def waiting(person):
    rows = AdvanceTerm.objects.filter(advance__person=person.pk, amount__gt=0).order_by("day")
    return [(one.day, one.amount // 100) for one in rows]


def bill_those_due_by(day):
    """What the worker does on the day: effects are kept by the clock of the machine, so it is told here."""
    terms = {str(one.pk): one.day for one in AdvanceTerm.objects.all()}
    for one in Effect.objects.filter(kind="tax.advance_bill"):
        if terms[one.payload["term"]] - timedelta(weeks=3) <= day:
            Effect.objects.filter(pk=one.pk).update(due=timezone.now())
        else:
            Effect.objects.filter(pk=one.pk, done=None).update(due=timezone.now() + timedelta(days=99))
    work()


def bills(person):
    return list(Bill.objects.filter(payer=f"person:{person.pk}").order_by("due", "id"))


def letters_to(person):
    rows = StoredLetter.objects.filter(recipient=f"person:{person.pk}").order_by("id")
    return [json.dumps(unseal_json(bytes(one.content), f"letter:{one.pk}"), ensure_ascii=False) for one in rows]


def pays(row):
    came(row, row.amount, timezone.localdate())


# --- The days ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "kroner", "first", "days"),
    [
        # Skatteetaten, Advance tax for private individuals: 15 March, June, September and December, and holidays count.
        (date(2026, 1, 5), 8000, True, TERMS),
        # the same page: below 2 000 kroner one invoice for the year; § 10-20: 15 June, later with the next term.
        (date(2026, 1, 5), 1999, True, [TERMS[1]]),
        (date(2026, 1, 5), 2000, True, TERMS),
        (date(2026, 9, 1), 1999, True, [date(2026, 9, 22)]),
        # § 10-20: not before three weeks after the notice; terms that are over share on those left; then three weeks.
        (date(2026, 3, 10), 8000, True, [date(2026, 3, 31), *TERMS[1:]]),
        (date(2026, 7, 1), 8000, True, TERMS[2:]),
        (date(2026, 12, 20), 8000, True, [date(2027, 1, 11)]),
        # § 10-20-1 of the regulation: what comes on top less than three weeks before goes to the terms after.
        (date(2026, 3, 10), 8000, False, TERMS[1:]),
        (date(2026, 10, 24), 8000, False, [TERMS[3]]),
        (date(2026, 10, 26), 8000, False, [date(2026, 11, 16)]),
        (date(2026, 1, 5), 1999, False, [TERMS[1]]),
        (date(2026, 6, 1), 1999, False, [TERMS[2]]),
        (date(2026, 9, 1), 1999, False, [date(2026, 9, 22)]),
    ],
)
def test_the_days_to_pay(today, kroner, first, days):
    assert advance.days(today, 2026, kroner * 100, first=first) == days


# --- From the tax card ---------------------------------------------------------------------------------


def test_who_has_no_pay_gets_bills_instead_of_a_card(kari, clock):
    income = {"wages": "0", "pension": "0", "other": "300 000"}
    rest = {"deductions": {"interest": "0", "deductions": "0"}, "so-far": {"wages_so_far": "0", "withheld": "0"}}
    browser = client_of(kari)
    case = send(browser, "tax-card", {"income": income, **rest})
    bill_those_due_by(clock(date(2026, 1, 5)))
    found = card(Expected(kari.birth_date, "1506", timezone.localdate(), other=300_000))
    assert found.advance > 10_000 and not found.withholds and not TaxCard.objects.exists()
    assert [day for day, _part in waiting(kari)] == TERMS and sum(part for _day, part in waiting(kari)) == found.advance
    page = browser.get("/my/tax-card").content.decode()
    amount = f"{found.advance:,}".replace(",", "\u00a0")
    assert f"{amount}\u00a0kr" in page and "15. desember 2026" in page and "Du har ikke skattekort" not in page
    (letter,) = letters_to(kari)
    assert f"{amount}\u00a0kr i forskuddsskatt" in letter and "skattebetalingsloven kapittel 6" in letter
    assert browser.get(f"/my/cases/{case}").status_code == 200
    assert [one.dataset for one in audit.entries_about(Actor(kari.pk), datasets=["tax.advance"])] == ["tax.advance"]


def test_rent_beside_wages_is_withheld_or_billed_as_she_chooses(kari):
    said = Expected(kari.birth_date, "1506", date(2026, 1, 5), wages=600_000, other=100_000)
    whole, alone = card(said), card(Expected(kari.birth_date, "1506", said.today, wages=600_000))
    bills = card(Expected(kari.birth_date, "1506", said.today, wages=600_000, other=100_000, by_bill=True))
    assert (bills.table, bills.advance) == (alone.table, whole.tax - alone.tax) and bills.tax == whole.tax
    assert (whole.advance, whole.table) == (0, 9100)


def test_who_chooses_the_card_again_keeps_what_she_has_paid(kari, clock):
    tax.card(kari, date(2026, 1, 5), other=100_000, by_bill=True)
    bill_those_due_by(clock(date(2026, 3, 2)))
    pays(bills(kari)[0])
    paid = bills(kari)[0].amount
    tax.card(kari, date(2026, 3, 2), other=100_000, wages_so_far=100_000, withheld=20_000, advance_paid=paid // 100)
    row = AdvanceTax.objects.get(person=kari.pk)
    assert row.amount == paid and [one.status for one in bills(kari)] == ["paid"]
    without = card(
        Expected(
            kari.birth_date, "1506", date(2026, 3, 2), 600_000, other=100_000, wages_so_far=100_000, withheld=20_000
        )
    )
    assert TaxCard.objects.order_by("-pk").first().percent < without.percent


def test_nothing_to_pay_is_said_and_nothing_is_billed(kari, clock):
    found = card(Expected(kari.birth_date, "1506", date(2026, 1, 5), other=20_000))
    assert (found.advance, found.withholds) == (0, False)
    asks(kari, 0)
    asks(kari, 99)
    assert waiting(kari) == []


def test_next_year_begins_with_what_was_told_this_year(kari, clock, monkeypatch):
    clock(date(2025, 11, 1))
    tax.card(kari, date(2026, 1, 5), other=300_000, wages=0)
    first = sum(part for _day, part in waiting(kari))
    AdvanceTerm.objects.all().delete()
    AdvanceTax.objects.all().delete()
    tax.card(kari, date(2026, 1, 5), other=100_000, by_bill=True)
    AdvanceTerm.objects.all().delete()
    AdvanceTax.objects.all().delete()
    TaxCard.objects.update(year=2025)
    call_command("tax", "cards", year=2026)
    assert [day for day, _part in waiting(kari)] == TERMS and 0 < sum(part for _day, part in waiting(kari)) < first


# --- Bills ---------------------------------------------------------------------------------------------


def test_each_bill_comes_three_weeks_before_it_is_due(kari, clock):
    asks(kari, 8000)
    bill_those_due_by(clock(date(2026, 2, 22)))
    assert bills(kari) == []
    bill_those_due_by(clock(date(2026, 2, 23)))
    (only,) = bills(kari)
    assert (only.due, only.amount, only.kind, only.law) == (TERMS[0], 2000_00, "tax", "skattebetalingsloven § 10-20")
    bill_those_due_by(clock(date(2026, 5, 26)))
    assert [one.due for one in bills(kari)] == TERMS[:2]
    shown = client_of(kari).get(f"/my/payments/{only.pk}").content.decode()
    assert "/my/tax-card" in shown and "Forskuddsskatt for 2026" in shown


def test_the_worker_is_told_the_day(kari, clock):
    year = REAL().year + 1  # what is over is done at once
    clock(date(year, 1, 2))
    asks(kari, 8000)
    told = Effect.objects.filter(kind="tax.advance_bill").order_by("due").values_list("due", flat=True)
    assert [REAL(one) + timedelta(weeks=3) for one in told] == [day for day, _amount in waiting(kari)]


def test_the_dead_are_not_billed(kari, clock):
    asks(kari, 8000)
    Person.objects.filter(pk=kari.pk).update(died=date(2026, 2, 1))
    bill_those_due_by(clock(date(2026, 12, 31)))
    assert bills(kari) == []


def test_more_is_spread_over_the_terms_to_come(kari, clock):
    asks(kari, 8000)
    bill_those_due_by(clock(date(2026, 2, 23)))
    clock(date(2026, 3, 10))
    asks(kari, 11_000)
    assert waiting(kari) == list(zip(TERMS, (2000, 3000, 3000, 3000), strict=True))
    asks(kari, 11_000)
    assert len(waiting(kari)) == 4 and AdvanceTax.objects.get().amount == 11_000_00


def test_less_comes_off_what_is_to_come_then_off_what_is_not_paid_and_never_below_what_is(kari, clock):
    asks(kari, 8000)
    bill_those_due_by(clock(date(2026, 5, 26)))
    first, second = bills(kari)
    pays(first)
    asks(kari, 6000)
    assert waiting(kari) == list(zip(TERMS, (2000, 2000, 1000, 1000), strict=True))
    asks(kari, 3000)
    second.refresh_from_db()
    assert (second.left, second.credited) == (1000_00, 1000_00) and AdvanceTax.objects.get().amount == 3000_00
    work()
    assert StoredLetter.objects.filter(recipient=f"person:{kari.pk}", service="advance-tax").count() == 1
    asks(kari, 500)
    first.refresh_from_db()
    assert (first.status, first.credited, AdvanceTax.objects.get().amount) == ("paid", 0, 2000_00)
    assert not Payout.objects.exists()


def test_a_term_that_is_not_paid_lets_the_rest_fall_due(kari, clock):
    asks(kari, 8000)
    bill_those_due_by(clock(date(2026, 2, 23)))
    clock(date(2026, 3, 30))
    look_for_late_bills()
    until = date(2026, 4, 13)
    assert [one.due for one in bills(kari)] == [TERMS[0], until, until, until]
    assert any("skal resten av årets terminer også betales" in one for one in letters_to(kari))


def test_a_term_paid_in_time_hastens_nothing(kari, clock):
    asks(kari, 8000)
    bill_those_due_by(clock(date(2026, 2, 23)))
    pays(bills(kari)[0])
    clock(date(2026, 3, 30))
    look_for_late_bills()
    assert len(bills(kari)) == 1 and [day for day, _part in waiting(kari)] == TERMS


# --- The settlement ------------------------------------------------------------------------------------


def assessed(person, withheld, terms_paid, amount=8000):
    """A year of wages with advance tax in four terms, of which some are paid, delivered."""
    with pytest.MonkeyPatch.context() as then:
        then.setattr(timezone, "localdate", lambda value=None, *zone: REAL(value, *zone) if value else date(2026, 1, 5))
        asks(person, amount)
    AdvanceTax.objects.update(year=2025)
    bill_those_due_by(date(2026, 12, 31))
    for one in bills(person)[:terms_paid]:
        pays(one)
    reported(person, {"wage": 520_000, "withheld": withheld})
    making.make(2025)
    me = actor(person)
    case = api.deliver(me, 2025, TaxReturn.objects.get(person=person.pk).revision)
    work()
    return me, case


def given_back(person):
    return sum(paid_out(person))


def owed(person):
    return [one for one in bills(person) if one.service == "tax-return"]


def taxed():
    return tax_of(520_000, 0, 0) // 100


def interest(kroner, until):
    return int(kroner * 0.0312 * (until - date(2025, 7, 1)).days / 365 + 0.5)


def test_what_was_asked_for_in_advance_counts_paid_or_not(kari):
    tax_of_year = taxed()
    assessed(kari, tax_of_year - 9000, terms_paid=2)
    total = sum(one.amount for one in owed(kari))
    first = min(one.due for one in owed(kari))
    assert total == (1000 + interest(1000, first)) * 100
    assert {one.status for one in bills(kari) if one.service == "advance-tax"} == {"paid", "due"}


def test_too_much_is_first_let_off_and_then_paid_back_without_interest_on_what_was_never_paid(kari):
    tax_of_year = taxed()
    assessed(kari, tax_of_year - 1000, terms_paid=2)
    statuses = sorted(one.status for one in bills(kari))
    back = 3000 + interest(3000, timezone.localdate())
    assert statuses == ["cancelled", "cancelled", "paid", "paid"] and given_back(kari) == back * 100


def test_counted_again_moves_nothing_twice(kari):
    tax_of_year = taxed()
    me, _case = assessed(kari, tax_of_year - 1000, terms_paid=2)
    before, statuses = given_back(kari), [one.status for one in bills(kari)]
    api.deliver(me, 2025, TaxReturn.objects.get(person=kari.pk).revision)
    work()
    assert (given_back(kari), [one.status for one in bills(kari)]) == (before, statuses)


def test_an_appeal_with_the_old_facts_gives_nothing_twice(kari):
    """The facts of the case still say all that was asked for; half of it was let off since."""
    me, case = assessed(kari, taxed() - 1000, terms_paid=2)
    before, body = given_back(kari), tax.authority()
    outcome = Outcome(True, more={**api.view(me, 2025).outcome.more, "advance": 8000_00})
    party = Party("person", kari.pk)
    told = cases.Concluded(case, "2026/1", "tax-return", party, body.pk, body.name, 2, outcome)
    with transaction.atomic():
        settling.decided(told=told)
    work()
    assert given_back(kari) == before and owed(kari) == []


def test_a_later_change_has_interest_until_the_first_settlement_only(kari):
    tax_of_year = taxed()
    me, _case = assessed(kari, tax_of_year - 21_000, terms_paid=4)
    earlier = timezone.localdate() - timedelta(days=60)
    TaxReturn.objects.update(settled=earlier)
    first = owed(kari)

    item = next(one for one in api.view(me, 2025).items if one.amount == 520_000_00)
    api.change(me, 2025, item.item, "521000", "Mer lønn")
    shown = api.view(me, 2025)
    until = due_days(earlier, 2025, 21_000_00)[0]
    owes = int(shown.outcome.more["tax"]) // 100 - (tax_of_year - 21_000) - 8000
    assert int(shown.outcome.more["interest"]) == -interest(owes, until) * 100
    assert len(first) == 2
    api.deliver(me, 2025, 1)
    work()
    assert TaxReturn.objects.get().settled == earlier


def test_the_page_shows_advance_tax_and_interest(kari):
    assessed(kari, taxed() - 9000, terms_paid=4)
    page = client_of(kari).get("/my/tax-return/2025").content.decode()
    assert "Forskuddsskatt" in page and "Renter" in page and "8\u00a0000\u00a0kr" in page and "§ 11-5" in page


def test_only_ones_own_is_shown(kari, clock):
    asks(kari, 8000)
    assert "Forskuddsskatt" not in client_of(make.person()).get("/my/tax-card").content.decode()
    assert advance.dataset(make.person().pk) == []
    assert cards.mine(Actor(kari.pk)) == []
