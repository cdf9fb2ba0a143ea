"""Set-off: only where the law says, only so much as is spare, booked on both sides, and it can be said no to."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction

from allting.common.payment import api as payment
from allting.common.payment import doctor, late, ledger, payouts, setoffs
from allting.common.payment.ledger import Account
from allting.common.payment.models import Bill, DemoTransfer, Payout, SetOff
from allting.common.payment.tests.factories import FEE, actor, browser, let_it_be, party, quiet, treasurers, work
from allting.common.registers.tests import factories as people
from allting.kernel import events
from allting.kernel.problems import Conflict, Invalid, NotFound
from allting.kernel.rules import Pay

pytestmark = pytest.mark.django_db
MONTH = 2012_00
CHILD = "barnetrygdloven § 13"


@pytest.fixture
def nav(monkeypatch):
    quiet(monkeypatch)
    return people.state("nav")


@pytest.fixture
def gro(nav):
    return treasurers(nav)[0]


@pytest.fixture
def today(monkeypatch):
    """The fourth of November 2026: October's money has gone, November's has not."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: date(2026, 11, 4))


def claim(nav, person, amount=1500_00, law=CHILD, kind="claim"):
    with transaction.atomic():
        return payment.bill(
            party(person), creditor=nav.pk, creditor_name="Nav", case=uuid4(), case_number="2026/1", amount=amount,
            text=FEE, key=str(uuid4()), kind=kind, law=law,
        )  # fmt: skip


def benefit(nav, person, law="barnetrygdloven § 2", every="month"):
    with transaction.atomic():
        pays = Pay(MONTH, FEE, every, date(2026, 11, 1), date(2027, 12, 31))
        payment.pay(
            party(person), debtor=nav.pk, debtor_name="Nav", case=uuid4(), case_number="2026/2", pays=pays,
            key=str(uuid4()), law=law,
        )  # fmt: skip
    work()


def months(monkeypatch, *days):
    for day in days:
        let_it_be(monkeypatch, day)
        work()


def test_it_is_taken_each_month_until_the_claim_is_covered_and_both_sides_are_booked(nav, gro, today, monkeypatch):
    person = people.person()
    bill = claim(nav, person)
    benefit(nav, person)
    setoffs.decide(gro, bill.id, 700_00, 900_00, "For mye utbetalt i vår")
    months(monkeypatch, date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 29), date(2027, 2, 26))
    kept = list(Payout.objects.order_by("month").values_list("set_off", flat=True))
    assert kept == [0, 700_00, 700_00, 100_00], "not before the month it was told of, and never more than the claim"
    assert list(DemoTransfer.objects.order_by("at").values_list("amount", flat=True)) == [MONTH - one for one in kept]
    row = Bill.objects.get(pk=bill.id)
    assert row.status == "paid" and SetOff.objects.get().ended
    balances = {one.account: one.balance for one in ledger.trial_balance(nav.pk)}
    assert balances[Account.SET_OFF] == balances[Account.PAYABLE] == balances[Account.RECEIVABLE] == 0
    assert sum(balances.values()) == 0 and [one.level for one in doctor.ledger()] == ["ok"]
    for one in Payout.objects.all():
        assert ledger.balance(Account.PAYABLE, one.pk) == 0 and one.status == "paid"
    assert setoffs.of_bill(bill.id).taken == 1500_00


@pytest.mark.parametrize(
    ("law", "kind", "against"),
    [
        (CHILD, "claim", "kontantstøtteloven § 2"),
        (CHILD, "claim", "sosialtjenesteloven § 18"),
        (CHILD, "claim", ""),
        ("barnetrygdloven § 13 a", "claim", "barnetrygdloven § 2"),
        ("folketrygdloven § 22-15 a", "claim", "folketrygdloven § 11-5"),
        ("folketrygdloven § 22-15", "claim", "folketrygdloven § 10-7"),
        ("folketrygdloven § 22-15", "claim", "folketrygdloven § 14-17"),
        ("folketrygdloven § 22-15", "claim", "bustøttelova § 3"),
        ("sosialtjenesteloven § 23", "claim", "sosialtjenesteloven § 18"),
        ("", "fee", "barnetrygdloven § 2"),
    ],
)
def test_what_no_law_allows_is_not_offered_and_not_done(nav, gro, today, law, kind, against):
    person = people.person()
    bill = claim(nav, person, law=law, kind=kind)
    benefit(nav, person, against)
    assert setoffs.offered(gro, bill.id) is None
    with pytest.raises(Conflict):
        setoffs.decide(gro, bill.id, 1_00, 1_00, "x")


@pytest.mark.parametrize(
    ("law", "against"),
    [
        ("barnetrygdloven § 13 andre ledd", "barnetrygdloven § 2"),
        ("folketrygdloven § 22-15", "folketrygdloven § 11-5"),
        ("skatteloven § 2-1", "skattebetalingsloven § 7-1"),
    ],
)
def test_what_the_law_allows_is_offered_with_its_paragraph(nav, gro, today, law, against):
    person = people.person()
    bill = claim(nav, person, law=law)
    benefit(nav, person, against)
    assert setoffs.offered(gro, bill.id).law


def test_never_from_another_authority_another_person_or_what_is_paid_once(nav, gro, today):
    person = people.person()
    bill = claim(nav, person)
    benefit(people.state("husbanken"), person)
    benefit(nav, people.person())
    benefit(nav, person, every="once")
    assert setoffs.offered(gro, bill.id) is None


def test_never_more_than_is_spare_and_never_without_a_reason(nav, gro, today):
    person = people.person()
    bill = claim(nav, person)
    benefit(nav, person)
    for values, field in (((700_00, 699_99, "x"), "spare"), ((0, 100, "x"), "monthly"), ((100, 100, " "), "why")):
        with pytest.raises(Invalid) as wrong:
            setoffs.decide(gro, bill.id, *values)
        assert set(wrong.value.errors) == {field}
    assert not SetOff.objects.exists()


def test_who_says_no_is_taken_nothing_from_until_she_is_answered(nav, gro, today, monkeypatch):
    person = people.person()
    bill = claim(nav, person)
    benefit(nav, person)
    setoffs.decide(gro, bill.id, 500_00, 500_00, "For mye utbetalt")
    with pytest.raises(Conflict):
        setoffs.answer(gro, bill.id, "Nobody asked", go_on=True)
    with pytest.raises(NotFound):
        setoffs.say_no(actor(people.person()), bill.id, "Not mine")
    setoffs.say_no(actor(person), bill.id, "Vi har ikke råd")
    assert [one.id for one in setoffs.contested(gro)] == [bill.id]
    months(monkeypatch, date(2026, 11, 30), date(2026, 12, 31))
    assert Payout.objects.get(month="2026-12-01").set_off == 0
    setoffs.answer(gro, bill.id, "Vi har sett på det igjen", go_on=True)
    months(monkeypatch, date(2027, 1, 29))
    assert Payout.objects.get(month="2027-01-01").set_off == 500_00 and not setoffs.contested(gro)
    setoffs.answer(gro, bill.id, "Vi stopper likevel", go_on=False)
    months(monkeypatch, date(2027, 2, 26))
    assert Payout.objects.get(month="2027-02-01").set_off == 0
    assert setoffs.offered(gro, bill.id), "it can be decided anew"


def test_she_reads_it_says_no_on_her_page_and_the_treasurer_answers(nav, gro, today, monkeypatch):
    person = people.person()
    bill = claim(nav, person)
    benefit(nav, person)
    told = []
    monkeypatch.setattr(events, "publish", lambda name, **facts: told.append((name, facts)))
    desk, citizen = browser(people.Person.objects.get(pk=gro.person), nav), browser(person)
    page, mine = f"/office/payments/bills/{bill.id}", f"/my/payments/{bill.id}"
    wrong = desk.post(page, {"do": "set-off", "monthly": "500", "spare": "300", "because": ""})
    assert wrong.status_code == 422 and 'value="500"' in wrong.content.decode()
    assert 'id="error-because"' in wrong.content.decode()
    assert desk.post(page, {"do": "set-off", "monthly": "500", "spare": "600", "because": "Fordi"}).status_code == 302
    assert "payment.set_off" in [name for name, _facts in told]
    assert "barnetrygdloven § 13" in citizen.get(mine).content.decode()
    assert citizen.post(mine, {"do": "contest", "contest": ""}).status_code == 422
    assert citizen.post(mine, {"do": "contest", "contest": "Nei takk"}).status_code == 302
    assert "Nei takk" in desk.get(page).content.decode()
    assert bill.kid in desk.get("/office/payments/bills").content.decode()
    assert desk.post(page, {"do": "end", "answer": "Greit"}).status_code == 302
    assert "Greit" in citizen.get(mine).content.decode()


def test_she_is_not_reminded_while_it_is_taken(nav, gro, today):
    person = people.person()
    bill = claim(nav, person)
    benefit(nav, person)
    setoffs.decide(gro, bill.id, 500_00, 500_00, "x")
    late.follow_up(bill.id, date(2026, 12, 24))
    assert Bill.objects.get(pk=bill.id).reminders == 0


def test_every_rule_names_its_law_and_its_source():
    assert all(one.law and one.against and one.appeal for one in setoffs.rules())
    assert payouts.OPEN == ("waiting", "needs-account"), "what was kept back whole waits for nothing"
