"""What the pages of jobs say to whom, and which jobs are said to fit."""

from __future__ import annotations

import pytest
from django.test import Client

from allting.common.cases.tests.factories import client_of
from allting.kernel.actor import Party
from allting.sectors.jobs import api as jobs
from allting.sectors.jobs.tests.factories import actor

pytestmark = pytest.mark.django_db


def test_what_nobody_has_chosen_is_no_reason_why_a_job_fits(vacancy):
    assert jobs.best(jobs.Cv(skills=["matlaging", "hygiene"]), [vacancy])
    assert jobs.best(jobs.Cv(skills=["norsk"], occupations=["5"], places=["15"]), [vacancy])
    for little in (jobs.Cv(skills=["norsk"]), jobs.Cv(experience="Lang erfaring"), jobs.Cv(skills=["truck"])):
        assert jobs.best(little, [vacancy]) == []


def test_places_are_counties_and_not_who_governs_them(seeker, boss):
    client = client_of(seeker)
    for page in (client.get("/jobs"), client.get("/my/jobs/cv")):
        assert ">Møre og Romsdal<" in page.content.decode() and "fylkeskommune" not in page.content.decode()


def test_only_who_can_hear_of_new_ones_is_asked(seeker, boss):
    anyone = Client().get("/jobs?q=kokk").content.decode()
    assert 'href="/login?next=/jobs%3Fq%3Dkokk"' in anyone and "/my/jobs/alerts" not in anyone
    assert "/my/jobs/alerts" in client_of(seeker).get("/jobs").content.decode()
    at_work = client_of(boss[1], acting_for=Party("organisation", boss[2].pk))
    assert "/my/jobs/alerts" not in at_work.get("/jobs").content.decode()


def test_a_vacancy_that_was_withdrawn_leads_nowhere(boss, vacancy, seeker):
    jobs.apply(actor(seeker), vacancy.pk, "Hei")
    jobs.close(boss[0], vacancy.pk, vacancy.revision, "withdrawn")
    page = client_of(seeker).get("/my/jobs").content.decode()
    assert vacancy.title in page and f"/jobs/{vacancy.pk}" not in page


def test_what_is_wrong_with_an_answer_leads_to_its_field(boss, vacancy, seeker):
    sent = jobs.apply(actor(seeker), vacancy.pk, "Hei")
    at_work = client_of(boss[1], acting_for=Party("organisation", boss[2].pk))
    page = at_work.post(f"/employer/vacancies/{vacancy.pk}/answer/{sent.pk}", {"answer": ""}).content.decode()
    for field in ("state-invited", "field-answer"):
        assert f'href="#{field}"' in page and f'id="{field}"' in page
