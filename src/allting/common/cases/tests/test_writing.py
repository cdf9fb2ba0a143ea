"""What an officer writes: notes that stay inside, reminders, and letters from texts that are used often."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from allting.common.cases import api as cases
from allting.common.cases import writing
from allting.common.cases.models import Case, Note, Phrase, Reminder
from allting.common.cases.tests.factories import client_of, work
from allting.common.cases.tests.test_law import apply, at_work, letters, revision
from allting.common.cases.tests.test_office import desk_of, press, text
from allting.common.outbox.models import Effect
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor
from allting.kernel.problems import NotFound

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def parent(molde):
    return people.person(given_name="Ragnhild")


@pytest.fixture
def case(parent):
    return apply(parent, people.child_of(parent))


def test_a_note_is_for_those_who_handle_it_here(molde, parent, case, nina):
    browser = desk_of(nina, molde)
    assert press(browser, case, "note", note_text=" ").status_code == 422
    was = revision(case)
    press(browser, case, "note", note_text="Ring mor på mandag.")
    assert revision(case) == was and b"Ring mor" not in bytes(Note.objects.get(case=case).content)
    assert "Ring mor på mandag." in text(browser.get(f"/office/cases/{case}"))
    assert "Ring mor" not in text(client_of(parent).get(f"/my/cases/{case}"))
    officer, body = at_work(molde, nina), people.state("statsforvalteren")
    cases.decide(officer, case, revision(case), "refused", "Fullt.")
    cases.appeal(Actor(parent.pk), case, "Uenig.")
    cases.forward(officer, case, revision(case), "Vi står ved det.")
    above = desk_of(people.officer_in(body), body)
    assert "Ring mor" not in text(above.get(f"/office/cases/{case}"))
    with pytest.raises(NotFound):  # it lies elsewhere now
        cases.note(officer, case, "Mer.")


def test_a_reminder_comes_on_its_day_and_goes_when_it_is_seen_to(molde, case, nina):
    browser, today = desk_of(nina, molde), timezone.localdate()
    for day in ("", "x", (today - timedelta(days=1)).isoformat(), (today + timedelta(days=900)).isoformat()):
        assert press(browser, case, "remind", on=day).status_code == 422, day
    press(browser, case, "remind", on=(today + timedelta(days=3)).isoformat())
    heading = "Du ville bli påminnet"
    assert heading not in text(browser.get("/office"))
    Reminder.objects.update(on=today)
    assert heading in text(browser.get("/office"))
    colleague = desk_of(people.officer_in(molde, "Ola"), molde)
    assert heading not in text(colleague.get("/office"))
    effect = Effect.objects.get(kind="cases.remind")
    assert timezone.localdate(effect.due) == today + timedelta(days=3)
    Effect.objects.filter(pk=effect.pk).update(due="2020-01-01T00:00Z")
    work()
    told = Effect.objects.filter(kind__startswith="notification", payload__message="work-due")
    assert {one.payload["party"] for one in told} <= {f"person:{nina.pk}"}
    press(browser, case, "reminded")
    assert heading not in text(browser.get("/office"))


def test_a_letter_is_looked_at_before_it_is_sent(molde, parent, case, nina):
    browser, path = desk_of(nina, molde), f"/office/cases/{case}/letter"
    number = Case.objects.get(pk=case).number
    wrong = browser.post(path, {"do": "preview", "title": "", "text": "Hei {party.nmae}"})
    assert wrong.status_code == 422 and "{party.nmae}" in text(wrong)
    form = {"title": "Om sak {case.number}", "text": "Hei {party.name}.\n\nVi ringer deg.", "revision": revision(case)}
    seen = text(browser.post(path, form | {"do": "preview"}))
    assert f"Om sak {number}" in seen and "Hei Ragnhild Prøve." in seen
    before = len(letters(parent))
    assert browser.post(path, form | {"do": "send"}).status_code == 302
    assert browser.post(path, form | {"do": "send"}).status_code == 409  # pressed twice
    work()
    assert len(letters(parent)) == before + 1 and "Hei Ragnhild Prøve." in letters(parent)[-1]
    assert Case.objects.get(pk=case).state == "received"
    assert "Brev sendt" in text(client_of(parent).get(f"/my/cases/{case}"))
    alesund = people.municipality("1508")
    assert desk_of(people.officer_in(alesund), alesund).get(path).status_code == 404


def test_the_names_in_braces_are_those_that_are_told_of(case):
    assert set(writing.fields(Case.objects.get(pk=case))) == set(cases.MERGE_FIELDS)


def test_texts_are_shared_by_an_authority(molde, case, nina):
    browser, ola = desk_of(nina, molde), desk_of(people.officer_in(molde, "Ola"), molde)
    wrong = browser.post("/office/texts", {"title": "", "text": "{no.such}"})
    assert wrong.status_code == 422 and "{no.such}" in text(wrong)
    form = {"title": "Ferie", "text": "Vi svarer etter ferien.", "service": "kindergarten-place"}
    assert browser.post("/office/texts", form).status_code == 302
    assert browser.post("/office/texts", form).status_code == 422  # the title is taken
    browser.post("/office/texts", {"title": "Parkering", "text": "Om kort.", "service": "parking-permit-disabled"})
    page = text(ola.get(f"/office/cases/{case}/letter"))
    assert "Ferie" in page and "Parkering" not in page
    row = Phrase.objects.get(title="Ferie")
    wanted = {"do": "fetch", "phrase": str(row.pk), "title": "", "text": "Hei."}
    fetched = ola.post(f"/office/cases/{case}/letter", wanted)
    assert re.search(r"<textarea[^>]*>\s*Hei\.\s+Vi svarer etter ferien\.", text(fetched))
    alesund = people.municipality("1508")
    stranger = desk_of(people.officer_in(alesund), alesund)
    assert "Ferie" not in text(stranger.get("/office/texts"))
    stranger.post("/office/texts", {"do": "remove", "phrase": str(row.pk)})
    assert Phrase.objects.filter(pk=row.pk).exists()
    ola.post("/office/texts", {"do": "remove", "phrase": str(row.pk)})
    assert not Phrase.objects.filter(pk=row.pk).exists()


def test_the_same_over_rest(molde, parent, case, nina):
    office, path = desk_of(nina, molde), f"/api/office/cases/{case}"
    assert office.post(f"{path}/notes", {"text": ""}, JSON).status_code == 422
    assert office.post(f"{path}/notes", {"text": "Ring."}, JSON).json() == office.get(f"{path}/notes").json()
    today = timezone.localdate().isoformat()
    assert office.post(f"{path}/reminders", {"on": "2020-01-01"}, JSON).status_code == 422
    assert office.post(f"{path}/reminders", {"on": today}, JSON).status_code == 204
    assert office.get("/api/office/reminders").json()[0]["case"] == str(case)
    assert office.delete(f"{path}/reminders").status_code == 204 and office.get("/api/office/reminders").json() == []
    letter = {"title": "Hei", "text": "{party.name}"}
    assert office.post(f"{path}/letters/preview", letter, JSON).json()["text"] == "Ragnhild Prøve"
    stale = office.post(f"{path}/letters", letter | {"revision": 0}, JSON)
    assert stale.status_code == 409
    assert office.post(f"{path}/letters", letter | {"revision": revision(case)}, JSON).status_code == 200
    made = office.post("/api/office/texts", letter | {"service": "no-such-service"}, JSON).json()
    assert made == office.get("/api/office/texts?service=kindergarten-place").json() and made[0]["service"] == ""
    assert office.delete(f"/api/office/texts/{made[0]['id']}").status_code == 204
    assert office.delete(f"/api/office/texts/{made[0]['id']}").status_code == 404
