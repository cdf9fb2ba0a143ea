"""Payments that are stopped, changed and claimed back: told of first, decided with a letter, and paid right."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from allting.common.cases import api as cases
from allting.common.cases.models import Case, Event
from allting.common.cases.revising import read_revision
from allting.common.cases.tests.factories import client_of, send, work
from allting.common.mailbox import api as mailbox
from allting.common.outbox.models import Effect
from allting.common.payment import api as payment
from allting.common.payment.models import Bill, Payout
from allting.common.payment.tests.factories import let_it_be
from allting.common.registers import api as registers
from allting.common.registers.models import Organisation, Person
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor, Purpose
from allting.kernel.problems import Conflict, Invalid, NotFound

pytestmark = pytest.mark.django_db
RATE = 2012_00


@pytest.fixture
def today(monkeypatch):
    """Let the day be what the test says, and wake the plans; a given time is still its own day."""
    real = timezone.localdate

    def set_day(day):
        let_it_be(monkeypatch, day)
        monkeypatch.setattr(timezone, "localdate", lambda value=None, *zone: real(value, *zone) if value else day)

    return set_day


@pytest.fixture
def nav():
    people.municipality()
    people.state("nav-klageinstans")
    return people.state("nav")


@pytest.fixture
def parent(nav):
    return people.person()


@pytest.fixture
def child(parent):
    return people.child_of(parent)


@pytest.fixture
def officer(nav):
    return Actor(people.officer_in(nav).pk, name="Nina Sak").as_officer(nav.pk, nav.name)


@pytest.fixture
def case(parent, child, today):
    """Child benefit from April, granted in March 2027 and paid to and with May."""
    today(date(2027, 3, 10))
    made = send(client_of(parent), "child-benefit", {"child": {"child": str(child.pk), "alone": "no", "abroad": "no"}})
    Case.objects.filter(pk=made).update(submitted="2027-03-10T12:00Z")
    for day in (date(2027, 3, 10), date(2027, 4, 30), date(2027, 5, 31)):
        today(day)
        work()
    today(date(2027, 6, 3))
    return made


def revision(case):
    return Case.objects.get(pk=case).revision


def state(case):
    return Case.objects.get(pk=case).state


def paid(case):
    rows = Payout.objects.filter(plan__case=case, amount__gt=0).order_by("month", "id")
    return [(row.month.month, row.amount) for row in rows]


def over(case):
    return sum(one.amount for one in payment.too_much(case))


def letters(parent):
    """The titles of her letters, the oldest first."""
    return [str(one.title) for one in reversed(mailbox.inbox(Actor(parent.pk)))]


def silent(today, case, days=20):
    """The time to speak goes by."""
    today(date(2027, 6, 3) + timedelta(days=days))
    Effect.objects.filter(kind="cases.hearing_is_over", done=None).update(due="2020-01-01T00:00Z")
    work()


def wanted(month=5, amount=None):
    return cases.Revision(date(2027, month, 1), amount)


def test_told_first_then_stopped_backwards_and_claimed_with_a_bill(parent, officer, case, today):
    cases.revise(officer, case, revision(case), wanted(), "Barnet har flyttet.", 14)
    assert state(case) == "hearing" and over(case) == 0
    work()
    assert letters(parent)[-1] == "Fortell oss hva du mener før vi avgjør saken"
    with pytest.raises(Conflict):
        cases.conclude_revision(officer, case, revision(case), "revised", "Derfor.")
    silent(today, case)
    assert state(case) == "in-hand"
    cases.conclude_revision(officer, case, revision(case), "revised", "Du burde ha forstått det.", "1 500")
    work()
    assert state(case) == "decided" and letters(parent)[-1] == "Utbetalingen din er stanset"
    (bill,) = Bill.objects.all()
    assert (bill.kind, bill.amount, bill.law) == ("claim", 1500_00, "barnetrygdloven § 13")
    assert bill.due >= Case.objects.get(pk=case).appeal_until - timedelta(days=3)
    assert over(case) == RATE - 1500_00
    assert payment.running_of_case(case) == [] and paid(case) == [(4, RATE), (5, RATE)]
    assert Case.objects.get(pk=case).appeal_until > date(2027, 7, 25)


def test_no_more_is_claimed_than_she_was_told_of(officer, case, today):
    cases.revise(officer, case, revision(case), wanted(), "Flyttet.", 14)
    silent(today, case)
    for amount in ("2012,01", "-1", "x"):
        with pytest.raises(Invalid) as wrong:
            cases.conclude_revision(officer, case, revision(case), "revised", "Derfor.", amount)
        assert "claim" in wrong.value.errors
    assert not Bill.objects.exists() and state(case) == "in-hand"


def test_left_as_it_was_it_runs_on(parent, officer, case, today):
    cases.revise(officer, case, revision(case), wanted(7), "Flyttet?", 14)
    (asked,) = cases.view(Actor(parent.pk), case).hearings
    cases.remark(Actor(parent.pk), asked.id, "Hun bor her.")
    cases.conclude_revision(officer, case, revision(case), "kept", "Barnet bor der likevel.")
    assert state(case) == "decided" and payment.running_of_case(case)[0].amount == RATE


def test_what_she_tells_of_herself_can_be_decided_at_once(parent, officer, case):
    with pytest.raises(Invalid) as wrong:
        cases.revise_now(officer, case, revision(case), wanted(7), "Flytter.")
    assert "how" in wrong.value.errors
    cases.tell(Actor(parent.pk), case, "Ola flytter til faren i juni.")
    assert state(case) == "received"
    assert case in [one.id for one in cases.queue(officer, "open")]
    cases.revise_now(officer, case, revision(case), wanted(7), "Du har fortalt at barnet flytter.")
    assert state(case) == "decided" and payment.running_of_case(case)[0].until == date(2027, 6, 30)


def test_more_from_a_month_back_is_decided_at_once_and_paid_at_once(officer, case):
    cases.revise_now(officer, case, revision(case), wanted(4, 4584_00), "Du er alene.")
    work()
    assert paid(case) == [(4, RATE), (4, 2572_00), (5, RATE), (5, 2572_00)]
    assert payment.running_of_case(case)[0].amount == 4584_00


def test_what_an_annulled_decision_has_paid_can_be_claimed_after_a_hearing(parent, officer, case, today):
    cases.annul(officer, case, revision(case), "invalid", "Feil person.")
    assert over(case) == 2 * RATE
    cases.revise(officer, case, revision(case), cases.Revision(), "Du fikk penger du ikke hadde rett til.", 14)
    with pytest.raises(Conflict):
        cases.withdraw(Actor(parent.pk), case)
    silent(today, case)
    cases.conclude_revision(officer, case, revision(case), "revised", "Derfor.", "4 024")
    assert (over(case), Bill.objects.get().amount) == (0, 2 * RATE)


def test_an_appeal_that_is_won_goes_on_with_what_was_stopped_and_credits_the_claim(parent, officer, case, today):
    cases.revise(officer, case, revision(case), wanted(), "Flyttet.", 14)
    silent(today, case)
    cases.conclude_revision(officer, case, revision(case), "revised", "Derfor.", "2012")
    cases.appeal(Actor(parent.pk), case, "Hun bor her.")
    cases.reverse(officer, case, revision(case), "Du har rett.")
    work()
    assert paid(case) == [(4, RATE), (5, RATE)] and over(case) == 0
    assert payment.running_of_case(case)[0].amount == RATE and Bill.objects.get().status == "cancelled"


def test_another_cannot_see_it_or_tell_of_it(case, nav):
    with pytest.raises(NotFound):
        cases.tell(Actor(people.person().pk), case, "Hei")
    other = people.state("skatteetaten")
    stranger = Actor(people.officer_in(other).pk, name="X").as_officer(other.pk, other.name)
    with pytest.raises(NotFound):
        cases.revise(stranger, case, revision(case), wanted(), "Nei.", 14)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (("", "2027-05-01", ""), "what"), (("stop", "", ""), "day"), (("stop", "x", ""), "day"),
        (("change", "2027-05-01", ""), "amount"), (("change", "2027-05-01", "-3"), "amount"),
        (("change", "2027-05-01", "1e99"), "amount"), (("change", "2027-05-01", "NaN"), "amount"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_by_the_field(typed, field):
    with pytest.raises(Invalid) as wrong:
        read_revision(typed)
    assert field in wrong.value.errors


def test_nothing_to_change_is_said(officer, case):
    for revised, field in ((cases.Revision(date(2060, 1, 1)), "day"), (cases.Revision(), "what")):
        with pytest.raises(Invalid) as wrong:
            cases.revise(officer, case, revision(case), revised, "Nei.", 14)
        assert field in wrong.value.errors


# --- The register changes ---------------------------------------------------------------------------------------


def move(person, number="1506", street="Nyveien 1", on=date(2027, 6, 1)):
    system = Actor.system(people.state("skatteetaten").pk, "Skatteetaten")
    address = {"street": street, "postcode": "6413", "place": "MOLDE", "municipality": number}
    registers.move(system, Purpose("folkeregisterloven § 6-1", "Flytting"), person.pk, address, on)


def test_a_child_that_moves_stops_the_benefit_by_itself_when_nobody_says_no(parent, child, case, today):
    move(child)
    work()
    assert state(case) == "hearing" and letters(parent)[-1] == "Fortell oss hva du mener før vi avgjør saken"
    silent(today, case)
    work()
    assert state(case) == "decided" and letters(parent)[-1] == "Utbetalingen din er stanset"
    assert payment.running_of_case(case)[0].until == date(2027, 6, 30)
    today(date(2028, 1, 3))
    work()
    assert paid(case) == [(4, RATE), (5, RATE), (6, RATE)] and over(case) == 0


def test_one_who_says_no_gets_an_officer(parent, child, officer, case, today):
    move(child)
    work()
    (asked,) = cases.view(Actor(parent.pk), case).hearings
    cases.remark(Actor(parent.pk), asked.id, "Bare på ferie.")
    silent(today, case)
    assert state(case) == "in-hand" and case in [one.id for one in cases.queue(officer, "open")]
    assert payment.running_of_case(case)[0].until > date(2030, 1, 1)


def test_a_move_long_ago_leaves_what_was_too_much_to_an_officer(child, officer, case, today):
    move(child, on=date(2027, 4, 20))
    work()
    silent(today, case)
    assert state(case) == "in-hand"
    cases.conclude_revision(officer, case, revision(case), "revised", "Du skulle ha meldt fra.", "2012")
    assert Bill.objects.get().amount == RATE


def test_a_whole_family_that_moves_within_the_country_keeps_it(parent, child, case):
    before = revision(case)
    move(child)
    Person.objects.filter(pk=parent.pk).update(address=Person.objects.get(pk=child.pk).address)
    work()
    assert revision(case) == before and state(case) == "decided"


def test_a_move_to_the_north_gives_more_at_once(parent, child, case):
    Organisation.objects.create(name="Alta kommune", kind="municipality", slug="5601-alta", number="5601")
    move(parent, "5601")
    Person.objects.filter(pk=child.pk).update(address=Person.objects.get(pk=parent.pk).address)
    work()
    assert state(case) == "decided" and payment.running_of_case(case)[-1].amount == RATE + 512_00


def test_the_same_news_twice_is_one_letter(parent, child, case):
    move(child)
    move(child, street="Nyveien 2")
    work()
    assert letters(parent).count("Fortell oss hva du mener før vi avgjør saken") == 1
    assert Event.objects.filter(case=case, kind="revising").count() == 1


def died(person, day=date(2027, 6, 2)):
    purpose = Purpose("folkeregisterloven § 3-1", "Dødsfall")
    registers.register_death(Actor.system(person.pk, "Folkeregisteret"), purpose, person.pk, day)


def emigrated(*people_, day=date(2027, 6, 2)):
    purpose = Purpose("folkeregisterloven § 4-3", "Flytting")
    system = Actor.system(people_[0].pk, "Folkeregisteret")
    also = [one.pk for one in people_[1:]]
    registers.emigrate(system, purpose, people_[0].pk, "Main Street 1", "Irland", day, also)


def test_when_the_child_dies_it_ends_with_the_month_and_a_letter_without_a_warning(parent, child, case):
    died(child)
    work()
    assert state(case) == "decided" and payment.running_of_case(case)[0].until == date(2027, 6, 30)
    assert letters(parent)[-1] == "Utbetalingen din er stanset" and over(case) == 0
    with pytest.raises(NotFound):
        died(child)


def test_a_death_that_is_known_late_leaves_what_was_too_much_to_an_officer(parent, child, case):
    died(child, date(2027, 4, 20))
    work()
    assert payment.running_of_case(case) == [] and over(case) == RATE and not Bill.objects.exists()


@pytest.mark.parametrize("who", ["child", "parent", "both"])
def test_a_move_abroad_is_told_of_first_and_ends_it_after_the_month(parent, child, case, today, who):
    emigrated(*{"child": [child], "parent": [parent], "both": [parent, child]}[who])
    work()
    assert state(case) == "hearing" and letters(parent).count("Fortell oss hva du mener før vi avgjør saken") == 1
    silent(today, case)
    assert state(case) == "decided" and payment.running_of_case(case)[0].until == date(2027, 6, 30)


def test_anothers_move_or_death_changes_nothing(parent, child, case):
    before, sibling = revision(case), people.child_of(parent, given_name="Eva")
    died(sibling)
    emigrated(people.child_of(people.person()))
    work()
    assert revision(case) == before and payment.running_of_case(case)[0].amount == RATE


# --- The pages -----------------------------------------------------------------------------------------------------


def test_the_persons_pages_tell_what_runs_and_take_a_change(parent, case):
    browser = client_of(parent)
    page = browser.get("/my/payments").content.decode()
    assert f"/my/cases/{case}/change" in page and "2\u00a0012\u00a0kr" in page
    assert browser.post(f"/my/cases/{case}/change", {"text": " "}).status_code == 422
    assert browser.post(f"/my/cases/{case}/change", {"text": "Flytter i juni."}).status_code == 302
    assert state(case) == "received"
    assert "Fortell om en endring" not in browser.get(f"/my/cases/{case}").content.decode()


def test_the_officers_page_walks_through_it(nav, case, today):
    person = people.officer_in(nav, given_name="Per")
    browser = client_of(person, as_officer_of=nav.pk)
    page = browser.get(f"/office/cases/{case}").content.decode()
    assert "Stans eller endre utbetalingen" in page
    bad = browser.post(f"/office/cases/{case}/revise", {"revision": revision(case), "revise_why": "Fordi"})
    assert bad.status_code == 422 and "Fordi" in bad.content.decode()
    form = {"revision": revision(case), "what": "stop", "day": "2027-05-01", "revise_why": "Flyttet", "how": "hear"}
    assert browser.post(f"/office/cases/{case}/revise", form | {"revise_days": "14"}).status_code == 302
    silent(today, case)
    page = browser.get(f"/office/cases/{case}").content.decode()
    assert "Avgjør det parten fikk varsel om" in page and "2\u00a0012\u00a0kr" in page
    form = {"revision": revision(case), "revision_outcome": "revised", "revision_grounds": "Derfor", "claim": "9999"}
    assert browser.post(f"/office/cases/{case}/conclude-revision", form).status_code == 422
    assert browser.post(f"/office/cases/{case}/conclude-revision", form | {"claim": ""}).status_code == 302
    assert "For mye utbetalt" in browser.get(f"/office/cases/{case}").content.decode()


def claimed_and_appealed(parent, officer, case, today):
    """May was claimed back, 1 500 kroner of it; the party appeals."""
    cases.revise(officer, case, revision(case), wanted(), "Barnet har flyttet.", 14)
    silent(today, case)
    cases.conclude_revision(officer, case, revision(case), "revised", "Du burde ha forstått det.", "1 500")
    cases.appeal(Actor(parent.pk), case, "Barnet bor her.")
    return Bill.objects.get()


def test_a_claim_won_on_appeal_is_credited_by_itself_and_nothing_is_paid_twice(parent, officer, case, today):
    claimed_and_appealed(parent, officer, case, today)
    cases.reverse(officer, case, revision(case), "Barnet bodde der likevel.")
    work()
    bill = Bill.objects.get()
    assert (bill.status, bill.left, bill.credited) == ("cancelled", 0, 1500_00)
    assert [amount for month, amount in paid(case) if month == 5] == [RATE] and over(case) == 0


def test_what_was_paid_of_a_claim_that_is_won_goes_back(parent, officer, case, today):
    bill = claimed_and_appealed(parent, officer, case, today)
    settled = Bill.objects.filter(pk=bill.pk)
    settled.update(left=0, status="paid", paid=timezone.now())
    cases.reverse(officer, case, revision(case), "Barnet bodde der likevel.")
    work()
    assert (settled.get().status, settled.get().credited) == ("to-refund", 1500_00)
    assert paid(case) == [(4, RATE), (5, RATE)] and over(case) == 0


def test_a_claim_stands_when_a_new_decision_still_leaves_it_too_much(officer, case, today):
    cases.revise(officer, case, revision(case), wanted(), "Barnet har flyttet.", 14)
    silent(today, case)
    cases.conclude_revision(officer, case, revision(case), "revised", "Derfor.", "1 500")
    assert payment.settle_claims(case, "Ny avgjørelse.") == 0 and Bill.objects.get().left == 1500_00
