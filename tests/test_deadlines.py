"""The time for an answer follows from what is asked for, where the law says so."""

from datetime import date

import pytest
from django.utils import timezone

from allting.common.cases import api as cases
from allting.common.cases.models import Case
from allting.common.cases.tests.factories import begin, client_of, fill_in, pdf
from allting.common.catalogue import api as catalogue
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor
from allting.kernel.calendar import legal_deadline

PERMIT = "building-permit"


@pytest.mark.parametrize(
    ("answers", "period"), [({}, "3 weeks"), ({"dispensation": False}, "3 weeks"), ({"dispensation": True}, "12 weeks")]
)
def test_the_first_that_holds_is_used_and_what_is_not_answered_does_not_hold(answers, period):
    service = catalogue.service(PERMIT).service
    assert catalogue.deadline(service, answers, {"me": {"id": "1"}}, date(2026, 3, 2)) == period


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("dispensation", "period", "told"), [("no", "3 weeks", "3 uker"), ("yes", "12 weeks", "12 uker")]
)
def test_the_case_gets_the_day_that_its_answers_give_and_again_when_it_is_taken_up(dispensation, period, told):
    people.state("statsforvalteren")
    molde = people.municipality()
    browser = client_of(people.person())
    assert "Når du søker dispensasjon" in browser.get(f"/services/{PERMIT}").content.decode()
    draft = begin(browser, PERMIT)
    place = {"site": ["Storgata 1", "6413", "Molde"], "land_number": "25/413"}
    project = {"what": "detached", "area": "36,5", "describe": "Garasje.", "dispensation": dispensation}
    papers = {"site_plan": pdf(), "drawings": pdf(), "neighbours": "here"}
    more = {"grounds": "Den står nær veien."} if dispensation == "yes" else {}
    fill_in(browser, draft, {"place": place, "project": project | more, "papers": papers})
    assert f"innen {told}" in browser.get(f"/drafts/{draft}/review").content.decode()
    browser.post(f"/drafts/{draft}/review")
    case, today = Case.objects.get(), timezone.localdate()
    assert case.due == legal_deadline(today, period)

    officer = Actor(people.officer_in(molde).pk, name="Nina Prøve").as_officer(molde.pk, molde.name)
    cases.decide(officer, case.pk, case.revision, "refused", "Den står for nær veien.")
    case.refresh_from_db()
    Case.objects.filter(pk=case.pk).update(due=today)
    cases.reopen(officer, case.pk, case.revision, "Vi så feil.")
    case.refresh_from_db()
    assert case.due == legal_deadline(today, period)
