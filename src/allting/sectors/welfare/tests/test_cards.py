"""Reporting cards: what two weeks give by Nav's published examples, late cards, corrections, and money paid right."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allting.common.cases import api as cases
from allting.common.cases.models import Case
from allting.common.cases.tests.factories import client_of, pdf, send, work
from allting.common.outbox.models import Effect
from allting.common.payment import api as payment
from allting.common.payment.models import Payout, Plan
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor, Level, Party
from allting.kernel.problems import NotFound
from allting.sectors.welfare import awards, periods
from allting.sectors.welfare.models import Award, Card
from allting.sectors.welfare.periods import Day, Sent, Terms

FIRST = date(2026, 3, 2)  # a Monday
TERMS = Terms(800, 80, 52, FIRST)
IDLE = [Day()] * 14


def card(start=FIRST, days=IDLE, sent=None):
    return Sent(start, days, sent or periods.last_day(start) + timedelta(days=1))


def with_hours(half_hours):
    return [Day(half_hours), *[Day()] * 13]


def amounts(*cards, terms=TERMS):
    return [one.amount // 100 for one in periods.count(terms, cards)]


# --- What a period gives ----------------------------------------------------------------------------------------


def test_the_own_share_of_three_day_rates_is_taken_from_the_first():
    second = card(FIRST + timedelta(days=14))
    assert amounts(card(), second) == [8000 - 2400, 8000]


def test_half_of_the_usual_hours_gives_half_and_a_little_more_nothing():
    """The own share is taken when there is something to take it from."""
    following = [card(FIRST + timedelta(days=14 * one)) for one in (1, 2)]
    assert amounts(card(days=with_hours(81)), *following) == [0, 5600, 8000]
    half = [Day(16), Day(16), Day(16), Day(16), Day(16), *[Day()] * 9]
    assert amounts(card(days=half)) == [4000 - 2400]


@pytest.mark.parametrize(("what", "kroner"), [("sick", 8000 - 1600), ("away", 8000 - 1600), ("course", 8000)])
def test_days_away_give_nothing_and_days_at_a_course_do(what, kroner):
    days = [Day(0, what), Day(0, what), *[Day()] * 12]
    assert amounts(card(days=days)) == [kroner - 2400]


def test_weekends_count_for_hours_and_not_for_days():
    days = [*[Day()] * 5, Day(16), Day(16), *[Day(0)] * 5, Day(0, "sick"), Day()]
    assert amounts(card(days=days)) == [round(8000 * (80 - 16) / 80) - 2400]


def test_nav_example_a_card_one_day_too_late_costs_eight_days():
    """nav.no: 16 to 29 March, the last day is Monday 6 April; sent on the 7th, 30 March to 6 April give nothing."""
    start = date(2020, 3, 16)
    assert periods.in_time(start) == date(2020, 4, 6) and periods.opens(start) == date(2020, 3, 28)
    first = Terms(800, 80, 52, FIRST)
    in_time = card(sent=periods.in_time(FIRST))
    late = card(sent=periods.in_time(FIRST) + timedelta(days=1))
    second = card(FIRST + timedelta(days=14))
    assert amounts(in_time, second, terms=first) == [5600, 8000]
    assert amounts(late, second, terms=first) == [5600, 800 * 4]
    assert [one.lapsed for one in periods.count(first, [late, second])] == [0, 6]


def test_no_card_is_late_before_it_could_be_sent():
    """Decided long after the first day: eight days from the decision, and what lapses is counted from it."""
    decided = FIRST + timedelta(days=60)
    terms = Terms(800, 80, 52, FIRST, opened=decided)
    second = FIRST + timedelta(days=14)
    last = periods.in_time(FIRST, decided)
    assert last == periods.in_time(second, decided) == decided + timedelta(days=8)
    assert amounts(card(sent=last), card(second, sent=last), terms=terms) == [5600, 8000]
    late = card(sent=last + timedelta(days=1)), card(FIRST + timedelta(days=56), sent=last + timedelta(days=1))
    lapsed = [one.lapsed for one in periods.count(terms, late)]
    assert lapsed == [0, 5]  # from the day after the decision, Saturday 2 May, to Saturday 9 May: not the days before


def test_nothing_before_the_first_day_and_after_the_last():
    begun = Terms(800, 80, 52, FIRST + timedelta(days=3))
    ended = Terms(800, 80, 52, FIRST, FIRST + timedelta(days=4))
    assert [one.days for terms in (begun, ended) for one in periods.count(terms, [card()])] == [7, 5]


def test_the_weeks_run_out():
    short = Terms(800, 80, 3, FIRST)
    cards = [card(FIRST + timedelta(days=14 * one)) for one in range(3)]
    assert amounts(*cards, terms=short) == [5600, 4000, 0]


# --- From the application to the money --------------------------------------------------------------------------

db = pytest.mark.django_db
PAGES = {
    "job": {"how": "ended", "last_day": "2026-11-20"},
    "hours": {"hours_before": "37,5", "hours_now": "0", "start": "2026-11-30"},
    "income": {"income_12": "500 000", "income_36": "1 400 000"},
    "seeker": {"can": ["full", "anywhere", "any"], "studies": "no", "registered": "yes"},
}
START = date(2026, 11, 30)
RATE = 1200  # 2.4 per mille of 500 000


@pytest.fixture
def today(monkeypatch):
    real = timezone.localdate

    def set_day(day):
        monkeypatch.setattr(timezone, "localdate", lambda value=None, *zone: real(value, *zone) if value else day)

    return set_day


@pytest.fixture
def nav(db):
    people.municipality()
    people.state("nav-klageinstans")
    return people.state("nav")


@pytest.fixture
def seeker(nav):
    return people.person()


@pytest.fixture
def officer(nav):
    return Actor(people.officer_in(nav).pk, name="Omar Trygd").as_officer(nav.pk, nav.name)


def me(person):
    return Actor(person.pk, Level.SUBSTANTIAL, name=person.name)


def apply(person):
    pages = PAGES | {"job": PAGES["job"] | {"letter": pdf()}}
    return send(client_of(person), "unemployment-benefit", pages)


def revision(case):
    return Case.objects.get(pk=case).revision


@pytest.fixture
def case(seeker, officer, today):
    """Granted by an officer, from Monday 30 November 2026."""
    today(date(2026, 11, 25))
    made = apply(seeker)
    work()
    assert Case.objects.get(pk=made).state == "received"  # no rule decides by itself
    cases.decide(officer, made, revision(made), "granted", "Du har rett til dagpenger.")
    work()
    return made


def send_card(person, place, today, days=IDLE, on=None, **more):
    start = START + timedelta(days=14 * place)
    today(on or periods.last_day(start) + timedelta(days=1))
    awards.send(me(person), start, days, goes_on=more.get("goes_on", True))
    work()


def came(case):
    return sum(Payout.objects.filter(plan__case=case).values_list("amount", flat=True)) // 100


@db
def test_an_officer_grants_and_the_award_has_what_the_rule_counted(case):
    award = Award.objects.get()
    assert (award.day_rate, award.usual_half_hours, award.weeks, award.start) == (RATE, 75, 104, START)


@db
def test_a_card_is_paid_once_and_a_correction_only_the_difference(seeker, case, today):
    send_card(seeker, 0, today)
    assert came(case) == 10 * RATE - 3 * RATE
    send_card(seeker, 0, today)
    assert came(case) == 7 * RATE and Card.objects.count() == 2
    send_card(seeker, 0, today, days=[Day(0, "sick"), *[Day()] * 13])
    assert came(case) == 7 * RATE
    assert [(one.part, one.amount) for one in payment.too_much(case)] == [(START.isoformat(), RATE * 100)]
    send_card(seeker, 0, today)
    assert came(case) == 7 * RATE and payment.too_much(case) == []


@db
def test_what_was_too_much_is_not_silently_taken_from_the_next_card(seeker, case, today):
    send_card(seeker, 0, today)
    send_card(seeker, 0, today, days=[Day(0, "sick"), *[Day()] * 13])
    send_card(seeker, 1, today)
    assert came(case) == 17 * RATE and sum(one.amount for one in payment.too_much(case)) == RATE * 100


@db
def test_it_can_be_claimed_by_an_officer_after_a_hearing(seeker, officer, case, today):
    send_card(seeker, 0, today)
    send_card(seeker, 0, today, days=[Day(0, "sick"), *[Day()] * 13])
    cases.revise(officer, case, revision(case), cases.Revision(), "Du var syk.", 14)
    Effect.objects.filter(kind="cases.hearing_is_over", done=None).update(due="2020-01-01T00:00Z")
    today(date(2026, 12, 28))
    work()
    cases.conclude_revision(officer, case, revision(case), "revised", "Du skulle ha skrevet det.", str(RATE))
    assert payment.too_much(case) == []


@db
def test_cards_come_in_order_and_not_too_early(seeker, case, today):
    today(date(2026, 12, 11))
    with pytest.raises(NotFound):
        awards.send(me(seeker), START, IDLE, goes_on=True)
    today(date(2026, 12, 29))
    with pytest.raises(NotFound):
        awards.send(me(seeker), START + timedelta(days=14), IDLE, goes_on=True)
    assert not Card.objects.exists()


@db
def test_one_who_looks_for_work_no_more_has_no_more_cards(seeker, case, today):
    send_card(seeker, 0, today, goes_on=False)
    assert awards.mine(me(seeker)).next is None
    send_card(seeker, 0, today, goes_on=True)
    assert awards.mine(me(seeker)).next.start == START + timedelta(days=14)


@db
def test_an_annulled_decision_leaves_all_of_it_to_an_officer(seeker, officer, case, today):
    send_card(seeker, 0, today)
    cases.annul(officer, case, revision(case), "invalid", "Feil person.")
    work()
    assert sum(one.amount for one in payment.too_much(case)) == 7 * RATE * 100
    assert awards.mine(me(seeker)).next is None


@db
def test_another_sees_and_sends_nothing(case, today):
    other = people.person()
    today(date(2026, 12, 14))
    assert awards.mine(me(other)) is None
    with pytest.raises(NotFound):
        awards.send(me(other), START, IDLE, goes_on=True)
    assert client_of(other).get(f"/my/reporting-card/{START}").status_code == 404


@db
def test_she_is_reminded_on_two_days_and_not_of_what_is_sent(seeker, case, today):
    def told():
        """How many times she was told, by e-mail."""
        kinds = ("notification.email", "notification.sms")
        return Effect.objects.filter(kind__in=kinds, payload__message="card-due").count()

    rows = Effect.objects.filter(kind="welfare.card_due", done=None).order_by("due")
    assert [timezone.localtime(one.due).date() for one in rows] == [date(2026, 12, 14), date(2026, 12, 21)]
    rows.filter(due__lt="2026-12-20T00:00Z").update(due="2020-01-01T00:00Z")
    work()
    first = told()
    assert first and rows.all().count() == 3  # the last day of this one, and both of the next
    send_card(seeker, 0, today)
    rows.filter(due__lt="2026-12-22T00:00Z").update(due="2020-01-01T00:00Z")
    work()
    assert told() == first


@db
def test_of_what_was_before_the_decision_she_is_told_once_and_it_is_in_time(seeker, officer, today):
    today(START - timedelta(days=5))
    made = apply(seeker)
    work()
    decided = START + timedelta(weeks=5)
    today(decided)
    cases.decide(officer, made, revision(made), "granted", "Du har rett til dagpenger.")
    rows = Effect.objects.filter(kind="welfare.card_due", done=None)
    for times, day in ((1, decided), (3, decided + timedelta(days=periods.GRACE))):  # and of the period after them
        for _period in range(3):
            work()
            rows.filter(due__lt=day + timedelta(days=1)).update(due="2020-01-01T00:00Z")
        work()
        told = Effect.objects.filter(kind__startswith="notification.", payload__message="card-due")
        assert told.values("key").distinct().count() == times
    assert [one.state for one in awards.mine(me(seeker)).periods] == ["later", "send", "send"]
    assert "Fristen har gått ut" not in client_of(seeker).get("/my").content.decode()


@db
def test_the_page_takes_a_card_and_says_what_is_wrong_by_the_field(seeker, case, today):
    browser = client_of(seeker)
    today(date(2026, 12, 14))
    assert "Fyll ut kortet" in browser.get("/my/reporting-card").content.decode()
    form = {f"hours-{place}": "" for place in range(14)} | {f"what-{place}": "" for place in range(14)}
    for bad in ({"hours-1": "25"}, {"hours-1": "x"}, {"hours-1": "7,3"}, {"what-1": "x"}, {"goes_on": ""},
                {"hours-2": "3", "what-2": "sick"}):  # fmt: skip
        answer = browser.post(f"/my/reporting-card/{START}", form | {"goes_on": "yes", "hours-0": "7,5"} | bad)
        assert answer.status_code == 422 and 'value="7,5"' in answer.content.decode()
    answer = browser.post(f"/my/reporting-card/{START}", form | {"goes_on": "yes", "hours-0": "7,5"})
    assert answer.status_code == 302
    work()
    assert came(case) == round(10 * RATE * (75 - 7.5) / 75) - 3 * RATE
    page = browser.get("/my/reporting-card?sent=1").content.decode()
    assert "Rett kortet" in page
    for strange in ("x", "2026-13-01", "2026-12-01", "2030-01-07"):
        assert browser.get(f"/my/reporting-card/{strange}").status_code == 404


@db
def test_programs_list_read_send_and_correct_as_the_page_does(seeker, case, today):
    """What is wrong is a problem details document, and nothing is kept; another's cards are not there."""
    browser, at = client_of(seeker), f"/api/reporting-cards/{START}"
    today(date(2026, 12, 14))
    listed = browser.get("/api/reporting-cards").json()
    assert (listed["day_rate"], [one["state"] for one in listed["periods"]]) == (RATE, ["later", "send"])
    idle = [{}] * 14
    both, too_many = {"half_hours": 3, "what": "sick"}, {"half_hours": 49}
    for bad in (idle[:13], [both, *idle[1:]], [too_many, *idle[1:]], None):
        wrong = browser.put(at, {"days": bad, "goes_on": True}, "application/json")
        assert wrong.status_code == 422 and wrong["Content-Type"] == "application/problem+json"
    assert not Card.objects.exists()
    assert browser.put(at, {"days": idle, "goes_on": True}, "application/json").json()["state"] == "sent"
    work()
    assert came(case) == 7 * RATE
    again = browser.put(at, {"days": [{"what": "sick"}, *idle[1:]], "goes_on": True}, "application/json")
    assert again.status_code == 200 and browser.get(at).json()["days"][0]["what"] == "sick"
    assert browser.get(at).json()["given"] == 6 * RATE * 100
    other = client_of(people.person())
    assert other.get("/api/reporting-cards").status_code == other.get(at).status_code == 404
    assert other.put(at, {"days": idle, "goes_on": True}, "application/json").status_code == 404


days_of = st.lists(
    st.tuples(st.integers(0, 16), st.sampled_from(["", "", "sick", "course"])), min_size=14, max_size=14
)


@db
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 1), days_of), max_size=5))
def test_after_any_cards_and_corrections_what_came_less_what_is_too_much_is_what_is_due(seeker, case, today, wanted):
    sent = Card.objects.values_list("start", flat=True).distinct().count()
    for place, typed in wanted:
        days = [Day(0 if what == "sick" else half, what) for half, what in typed]
        send_card(seeker, min(place, sent, 1), today, days=days, on=date(2026, 12, 28))
        sent = Card.objects.values_list("start", flat=True).distinct().count()
    award = Award.objects.get()
    due = sum(one.amount for one in periods.count(awards._terms(award), awards.sent(award)))
    too_much = sum(one.amount for one in payment.too_much(case))
    assert came(case) * 100 - too_much == due
    assert Plan.objects.filter(case=case, replaced=False, every="once").count() <= 3


def test_only_who_has_the_benefit_is_led_to_the_cards(seeker, case):
    assert "/my/reporting-card" in client_of(seeker).get("/my").content.decode()
    assert "/my/reporting-card" not in client_of(people.person()).get("/my").content.decode()


@db
def test_my_page_tells_of_the_card_from_the_day_it_can_be_sent(seeker, case, today):
    browser, link = client_of(seeker), f"/my/reporting-card/{START}"

    def shown(day):
        today(day)
        page = browser.get("/my").content.decode()
        return (link in page, "Fristen har gått ut" in page)

    opens = periods.opens(START)
    assert shown(opens - timedelta(days=1)) == (False, False)
    assert shown(opens) == shown(periods.in_time(START)) == (True, False)
    assert shown(periods.in_time(START) + timedelta(days=1)) == (True, True)
    send_card(seeker, 0, today)
    assert shown(timezone.localdate()) == (False, False)


@db
def test_an_enterprise_has_no_cards_and_a_person_without_is_shown_both_benefits(nav):
    chief, company = people.chief_of()
    party = Party("organisation", company.pk)
    assert client_of(chief, acting_for=party).get("/my/reporting-card").status_code == 403
    page = client_of(people.person()).get("/my/reporting-card").content.decode()
    assert "/services/unemployment-benefit" in page and "/services/work-assessment-allowance" in page


@db
def test_the_summary_of_faults_says_which_question(seeker, case, today):
    today(periods.last_day(START) + timedelta(days=1))
    answer = client_of(seeker).post(f"/my/reporting-card/{START}", {"goes_on": ""})
    assert answer.status_code == 422 and "registrert hos Nav? Svar ja eller nei" in answer.content.decode()
