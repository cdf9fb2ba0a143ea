"""What the law says about a case: what may be done when, by whom, until which day, and what it costs to be wrong."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from allting.common.cases import api as cases
from allting.common.cases import models
from allting.common.cases.lifecycle import AT_WORK, ENDED, TRANSITIONS, State, append, locked, replay
from allting.common.cases.models import WAITING, Case, Event, Signer
from allting.common.cases.tests.factories import KINDERGARTEN, client_of, send, work
from allting.common.mailbox.models import StoredLetter
from allting.common.outbox.models import Effect
from allting.common.payment.models import DemoTransfer
from allting.common.registers.models import Mandate, Person, Relation
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor, Party
from allting.kernel.calendar import legal_deadline
from allting.kernel.encryption import unseal_json
from allting.kernel.problems import Conflict, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def parent(molde):
    return people.person()


@pytest.fixture
def case(parent):
    return apply(parent, people.child_of(parent))


def apply(parent, child):
    pages = KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}}
    return send(client_of(parent), "kindergarten-place", pages)


def at_work(organisation, person=None):
    person = person or people.officer_in(organisation)
    return Actor(person.pk, name="Nina Prøve").as_officer(organisation.pk, organisation.name)


def revision(case):
    return Case.objects.get(pk=case).revision


def decide(officer, case, outcome="refused", grounds="Fullt."):
    cases.decide(officer, case, revision(case), outcome, grounds)


@pytest.fixture
def today(monkeypatch):
    """Let the day be what the test says."""
    real = timezone.localdate

    def set_day(day):
        monkeypatch.setattr(timezone, "localdate", lambda value=None, *zone: real(value, *zone) if value else day)

    return set_day


# --- What may be done in which state ------------------------------------------------------------------

VERBS = {
    "taken": lambda who, me, case: cases.take(who, case, revision(case)),
    "assigned": lambda who, me, case: cases.assign(who, case, revision(case), who.person),
    "put-back": lambda who, me, case: cases.put_back(who, case, revision(case)),
    "asked": lambda who, me, case: cases.ask(who, case, revision(case), "Når?"),
    "answered": lambda who, me, case: cases.answer(me, case, "I mars."),
    "heard": lambda who, me, case: cases.hear(who, case, revision(case), "Vi tenker å avslå.", 14),
    "consulted": lambda who, me, case: cases.consult(who, case, revision(case), "statsforvalteren", "Er det slik?", 14),
    "delayed": lambda who, me, case: cases.delay(who, case, revision(case), "Mange søkere.", 3),
    "decided": lambda who, me, case: decide(who, case),
    "withdrawn": lambda who, me, case: cases.withdraw(me, case),
    "appealed": lambda who, me, case: cases.appeal(me, case, "Uenig."),
    "reversed": lambda who, me, case: cases.reverse(who, case, revision(case), "Plass likevel."),
    "forwarded": lambda who, me, case: cases.forward(who, case, revision(case), "Vi står ved det."),
    "appeal-decided": lambda who, me, case: cases.decide_appeal(who, case, revision(case), "upheld", "Riktig."),
    "returned": lambda who, me, case: cases.decide_appeal(who, case, revision(case), "returned", "Gjør det om."),
    "annulled": lambda who, me, case: cases.annul(who, case, revision(case), "invalid", "Feil person."),
    "reopened": lambda who, me, case: cases.reopen(who, case, revision(case), "Nye opplysninger."),
}
WORKED = "received in-hand asked hearing proposed appealed forwarded"

# In which states each may happen, and where it leads: said here once more, so that nobody changes the law by a slip.
MAY = {
    "taken": ("received in-hand", "in-hand"), "assigned": (WORKED, ""), "put-back": (WORKED, ""),
    "asked": ("received in-hand", "asked"), "answered": ("asked", "in-hand"),
    "heard": ("received in-hand", "hearing"),
    "consulted": ("received in-hand asked hearing appealed forwarded", ""),
    "delayed": ("received in-hand asked hearing", ""), "decided": ("received in-hand asked", "decided"),
    "withdrawn": ("signing paying received in-hand asked hearing proposed", "withdrawn"),
    "appealed": ("decided annulled", "appealed"),
    "reversed": ("appealed", "decided"), "forwarded": ("appealed", "forwarded"),
    "appeal-decided": ("forwarded", "closed"), "returned": ("forwarded", "received"),
    "annulled": ("decided", "annulled"), "reopened": ("decided annulled closed withdrawn", "in-hand"),
}  # fmt: skip
STANDS = (State.DECIDED, State.APPEALED, State.FORWARDED, State.CLOSED)  # there is a decision


@pytest.mark.parametrize("state", list(State))
def test_each_verb_holds_to_the_life_cycle(molde, parent, case, state):
    """Each verb in each state: it happens, or nothing at all does."""
    officer, me = at_work(molde), Actor(parent.pk)
    decided = {"outcome": "refused", "decided": timezone.localdate(), "appeal_until": timezone.localdate()}
    undecided = {"outcome": "", "decided": None, "appeal_until": None}
    if state is State.PROPOSED:
        propose(officer, case)
    for kind, verb in VERBS.items():
        row = {"state": state, "desk": molde.pk, "officer": None, **(decided if state in STANDS else undecided)}
        Case.objects.filter(pk=case).update(**row)
        before, effects = Case.objects.filter(pk=case).values().get(), Effect.objects.count()
        states, leads_to = MAY[kind]
        if state in states.split():
            verb(officer, me, case)
            assert Case.objects.get(pk=case).state == (leads_to or state), kind
            continue
        if (kind, state) == ("withdrawn", State.WITHDRAWN):
            verb(officer, me, case)  # taking it back twice is no fault
        else:
            with pytest.raises(Conflict):
                verb(officer, me, case)
        assert Case.objects.filter(pk=case).values().get() == before and Effect.objects.count() == effects, kind


def propose(officer, case):
    """As where two officers decide."""
    chosen = {"outcome": "refused", "text": "Fullt.", "facts": {}}
    with transaction.atomic():
        append(locked(case), "proposed", officer, {"name": "Nina", "kind": "decided", "from": "received", **chosen})


def test_every_state_and_every_event_of_an_officer_is_in_the_table():
    """A new event must be told of here, or be one that nobody chooses."""
    by_itself = {"submitted", "signed", "declined", "lapsed", "billed", "paid", "received", "hearing-over",
                 "opened", "referred"}  # fmt: skip
    of_others = {"remarked", "advised", "wrote", "proposed", "sent-back"}  # tried in their own tests
    of_others |= {"told", "revising", "revised", "kept"}
    assert set(TRANSITIONS) == set(MAY) | by_itself | of_others
    assert set(VERBS) == set(MAY)
    assert {str(one) for one in State} == {one for states, _to in TRANSITIONS.values() for one in states} | {"lapsed"}
    assert set(WAITING) == set(AT_WORK) and set(models.ENDED) == set(ENDED)


def test_the_state_is_what_the_events_say(molde, parent, case):
    """Nothing but the events decides where a case is: played again, they lead to the same place."""
    officer, me = at_work(molde), Actor(parent.pk)
    way = ("taken", "asked", "answered", "delayed", "put-back", "decided", "reopened", "decided", "appealed",
           "reversed", "annulled", "appealed", "forwarded")  # fmt: skip
    for kind in way:
        VERBS[kind](officer, me, case)
        kinds = Event.objects.filter(case=case).order_by("id").values_list("kind", flat=True)
        row = Case.objects.get(pk=case)
        assert (replay(kinds), len(kinds)) == (row.state, row.revision), kind


def test_what_is_written_is_never_changed_or_removed(case):
    """A case, its events, its signatures and its journal stand as long as anything refers to them."""
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        Case.objects.get(pk=case).delete()


# --- Too near (§ 6) -----------------------------------------------------------------------------------------


def spouse(molde, parent, child):
    officer = people.officer_in(molde)
    Relation.objects.create(person=parent, other=officer, kind="spouse")
    return officer


def co_parent(molde, parent, child):
    """The applicant's child is the officer's too: she is no relative of the applicant, but of the case."""
    officer = people.officer_in(molde)
    Relation.objects.create(person=officer, other=parent, kind="parent")
    return officer


def sibling(molde, parent, child):
    officer, mother = people.officer_in(molde), people.person()
    for one in (officer, parent):
        Relation.objects.create(person=mother, other=one, kind="parent")
    return officer


def herself(molde, parent, child):
    Mandate.objects.create(person=parent, organisation=molde, role="case-officer")
    return parent


@pytest.mark.parametrize("relative", [spouse, co_parent, sibling, herself])
def test_nobody_handles_her_own_case_or_that_of_somebody_near(molde, parent, relative):
    child = people.child_of(parent)
    case = apply(parent, child)
    officer = at_work(molde, relative(molde, parent, child))
    for kind in ("taken", "asked", "delayed", "decided"):
        with pytest.raises(NotAllowed):
            VERBS[kind](officer, None, case)
    assert cases.for_officer(officer, case).can == frozenset()
    decide(at_work(molde), case)


def test_a_signer_and_a_leader_of_the_enterprise_are_too_near(molde, parent, case):
    officer = people.officer_in(molde)
    Signer.objects.create(case_id=case, person=officer.pk, due=timezone.localdate())
    with pytest.raises(NotAllowed):
        decide(at_work(molde, officer), case)
    leader, company = people.chief_of()
    Mandate.objects.create(person=leader, organisation=molde, role="case-officer")
    Case.objects.filter(pk=case).update(party=f"organisation:{company.pk}")
    with pytest.raises(NotAllowed):
        decide(at_work(molde, leader), case)
    Mandate.objects.filter(person=leader, organisation=company).update(ended=timezone.localdate())
    decide(at_work(molde, leader), case)


# --- Time (§§ 29-31) -----------------------------------------------------------------------------------------


def test_the_time_to_appeal_ends_after_the_holidays(molde, parent, case, today):
    """Three weeks from 4 March 2027 is 25 March: Maundy Thursday. The next working day is Tuesday 30 March."""
    today(date(2027, 3, 4))
    decide(at_work(molde), case)
    assert Case.objects.get(pk=case).appeal_until == date(2027, 3, 30) == legal_deadline(date(2027, 3, 4), "3 weeks")
    today(date(2027, 3, 30))
    cases.appeal(Actor(parent.pk), case, "Uenig.")
    assert not cases.view(Actor(parent.pk), case).last("appealed").late


def test_a_late_appeal_is_received_and_both_sides_see_that_it_is_late(molde, parent, case, today):
    today(date(2027, 3, 4))
    decide(at_work(molde), case)
    today(date(2027, 3, 31))
    assert "Klagefristen var 30. mars 2027" in client_of(parent).get(f"/my/cases/{case}").content.decode()
    cases.appeal(Actor(parent.pk), case, "Jeg var syk.")
    today(date(2027, 4, 1))
    office = client_of(people.officer_in(molde), as_officer_of=molde.pk)
    assert "etter at klagefristen var ute" in office.get(f"/office/cases/{case}").content.decode()


def test_after_a_year_there_is_no_appeal(molde, parent, case, today):
    today(date(2028, 2, 29))
    decide(at_work(molde), case)
    today(date(2029, 3, 1))
    with pytest.raises(Conflict) as refused:
        cases.appeal(Actor(parent.pk), case, "Uenig.")
    assert refused.value.code == "appeal-too-late"
    today(date(2029, 2, 28))
    cases.appeal(Actor(parent.pk), case, "Uenig.")


def test_the_time_to_appeal_runs_from_the_day_the_letter_came(molde, case, today, monkeypatch):
    """The worker was away for four days: they are the authority's, not hers."""
    today(date(2027, 4, 1))
    decide(at_work(molde), case)
    first = Case.objects.get(pk=case).appeal_until
    monkeypatch.setattr(timezone, "localdate", lambda *args: date(2027, 4, 5))  # the letter's own time too
    work()
    assert first == date(2027, 4, 22)
    assert Case.objects.get(pk=case).appeal_until == date(2027, 4, 26)


# --- A decision that is changed ------------------------------------------------------------------------------


@pytest.fixture
def benefit():
    """A parent who gets child benefit, granted by the rule: (parent, case, Nav)."""
    nav = people.state("nav")
    people.state("nav-klageinstans")
    parent = people.person()
    child = people.child_of(parent)
    case = send(client_of(parent), "child-benefit", {"child": {"child": str(child.pk), "alone": "no", "abroad": "no"}})
    work()
    return parent, case, nav


def letters(person):
    rows = StoredLetter.objects.filter(recipient=f"person:{person.pk}").order_by("id")
    return [json.dumps(unseal_json(bytes(row.content), f"letter:{row.pk}"), ensure_ascii=False) for row in rows]


def in_two_months(today):
    today(timezone.localdate() + timedelta(days=75))
    Effect.objects.filter(kind="payment.plan", done=None).update(due="2020-01-01T00:00Z")
    work()


def test_the_appeals_body_counts_anew_what_was_granted_and_the_difference_is_paid(benefit, today):
    parent, case, nav = benefit
    body = people.state("nav-klageinstans")
    in_two_months(today)
    paid = sum(DemoTransfer.objects.values_list("amount", flat=True))
    assert paid in (2012_00, 2 * 2012_00)
    cases.appeal(Actor(parent.pk), case, "Jeg er alene med henne.")
    cases.forward(at_work(nav), case, revision(case), "Vi mener det er riktig.")
    cases.decide_appeal(at_work(body), case, revision(case), "overturned", "Hun er alene.", {"alone": "yes"})
    work()
    row = Case.objects.get(pk=case)
    assert (row.state, row.outcome) == ("closed", "granted")
    months = paid // 2012_00
    assert sum(DemoTransfer.objects.values_list("amount", flat=True)) == months * 4584_00
    assert "4\xa0584" in letters(parent)[-1]


def test_a_fact_that_was_corrected_once_stays_corrected(benefit):
    parent, case, nav = benefit
    officer = at_work(nav)
    cases.appeal(Actor(parent.pk), case, "Jeg er alene med henne.")
    cases.reverse(officer, case, revision(case), "Riktig.", {"alone": "yes"})
    seen = {one.name: one.value for one in cases.for_officer(officer, case).facts}
    assert seen["alone"] == "yes" and seen["lives_with_me"] == "yes"
    cases.appeal(Actor(parent.pk), case, "Mer.")
    cases.reverse(officer, case, revision(case), "Samme sum.", {})
    work()
    assert "4\xa0584" in letters(parent)[-1]


def test_an_appeal_that_is_not_upheld_changes_nothing(benefit):
    parent, case, nav = benefit
    body = people.state("nav-klageinstans")
    plans = list(Effect.objects.filter(kind="payment.plan").values_list("key", flat=True))
    cases.appeal(Actor(parent.pk), case, "For lite.")
    cases.forward(at_work(nav), case, revision(case), "Riktig.")
    with pytest.raises(NotFound):
        cases.decide_appeal(at_work(nav), case, revision(case), "upheld", "Vi selv.")
    cases.decide_appeal(at_work(body), case, revision(case), "upheld", "Riktig.")
    row = Case.objects.get(pk=case)
    assert (row.state, row.outcome, row.appeal_until) == ("closed", "granted", None)
    assert list(Effect.objects.filter(kind="payment.plan").values_list("key", flat=True)) == plans


# --- Life goes on ----------------------------------------------------------------------------------------------


def for_child(parent, child):
    return client_of(parent, acting_for=Party("person", child.pk))


def test_a_guardians_power_ends_with_it_also_in_mid_case(molde, parent):
    from allting.common.cases.tests.factories import begin

    child = people.child_of(parent, born=date(2010, 1, 1))
    guardian = for_child(parent, child)
    draft = begin(guardian, "parking-permit-disabled")
    assert guardian.get(f"/drafts/{draft}/need").status_code == 200
    Relation.objects.filter(person=parent, other=child).delete()
    assert guardian.get(f"/drafts/{draft}/need").status_code == 404
    assert guardian.post(f"/drafts/{draft}/need", {"role": "driver"}).status_code == 404


def test_a_child_that_turns_18_has_her_case_to_herself(molde, parent):
    from allting.common.cases.tests.factories import pdf

    child = people.child_of(parent, born=date(2010, 1, 1))
    pages = {
        "need": {"role": "driver", "places": ["home"], "why": "Krykker."},
        "doctor": {"statement": pdf(), "valid_from": ""},
    }
    guardian = for_child(parent, child)
    case = send(guardian, "parking-permit-disabled", pages)
    assert guardian.get(f"/my/cases/{case}").status_code == 200
    Person.objects.filter(pk=child.pk).update(birth_date=timezone.localdate().replace(year=2008))
    assert guardian.get(f"/my/cases/{case}").status_code == 404
    assert client_of(child).get(f"/my/cases/{case}").status_code == 200


def test_a_guardian_of_a_child_that_has_died_acts_for_it_no_more(molde, parent):
    child = people.child_of(parent, born=date(2010, 1, 1))
    guardian = for_child(parent, child)
    assert "Ola" in guardian.get("/my").content.decode()
    Person.objects.filter(pk=child.pk).update(died=timezone.localdate())
    assert "Ola" not in guardian.get("/my").content.decode()
