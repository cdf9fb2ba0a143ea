"""From a vacancy to an invitation; alerts; what is shown to whom; and what is forgotten."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone, translation

from allting.common.audit import api as audit
from allting.common.cases.tests.factories import client_of, work
from allting.common.outbox.models import Effect
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Party
from allting.kernel.problems import Conflict, Invalid, NotAllowed, NotFound
from allting.sectors.jobs import api as jobs
from allting.sectors.jobs import demo, interests
from allting.sectors.jobs.models import Interest, Profile, Vacancy
from allting.sectors.jobs.tests.factories import actor, employer, given

pytestmark = pytest.mark.django_db
JSON = "application/json"


def test_a_vacancy_is_found_by_any_of_its_words(vacancy):
    for words in ("kokk", "HYGIENE", "bistro", "molde", "gjestene mat"):
        assert jobs.search(jobs.Search(words)) == [vacancy], words
    assert jobs.search(jobs.Search("kokk", "5", "15", "permanent")) == [vacancy]
    for other in (
        jobs.Search("lærer"),
        jobs.Search(occupation="2"),
        jobs.Search(place="1508"),
        jobs.Search(kind="summer"),
    ):
        assert jobs.search(other) == []


def test_anyone_searches_and_reads_without_logging_in(vacancy):
    page = Client().get("/jobs?q=kokk&place=15").content.decode()
    assert "Bistro AS" in page and f"/jobs/{vacancy.pk}" in page
    one = Client().get(f"/jobs/{vacancy.pk}").content.decode()
    assert "Du lager mat" in one and "<dd>Fast</dd>" in one
    found = Client().get("/api/vacancies?q=kokk").json()
    assert [one["title"] for one in found] == ["Kokk"] and Client().get(
        f"/api/vacancies/{vacancy.pk}"
    ).status_code == 200


def test_pages_of_twenty_lead_on(boss):
    rows = [jobs.publish(boss[0], given(title=f"Kokk {number}")) for number in range(21)]
    first = Client().get("/jobs").content.decode()
    assert "Kokk 20" in first and "Kokk 0<" not in first and f"after={rows[1].pk}" in first
    assert "Kokk 0<" in Client().get(f"/jobs?after={rows[1].pk}").content.decode()


def test_what_is_past_its_day_filled_or_withdrawn_is_not_found(boss, vacancy):
    Vacancy.objects.filter(pk=vacancy.pk).update(apply_by=timezone.localdate() - timedelta(days=1))
    filled, gone = (jobs.publish(boss[0], given()) for _one in range(2))
    jobs.close(boss[0], filled.pk, 1, "filled")
    jobs.close(boss[0], gone.pk, 1, "withdrawn")
    assert jobs.search(jobs.Search()) == []
    assert "ikke lenger mulig" in Client().get(f"/jobs/{filled.pk}").content.decode()
    assert Client().get(f"/jobs/{gone.pk}").status_code == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [("title", " "), ("text", ""), ("occupation", "x"), ("municipality", "9999"), ("kind", ""), ("extent", "101"),
     ("extent", "-1"), ("positions", "0"), ("apply_by", "31.12."), ("apply_by", "2020-01-01"), ("title", "x" * 121)],
)  # fmt: skip
def test_a_wrong_vacancy_is_refused_with_what_was_typed(boss, name, value):
    client = client_of(boss[1], acting_for=Party("organisation", boss[2].pk))
    answer = client.post("/employer/vacancies/new", given(**{name: value}))
    assert answer.status_code == 422 and not Vacancy.objects.exists()
    assert f'href="#field-{name}"' in answer.content.decode() and "matlaging" in answer.content.decode()
    over_rest = given(skills=[], **{name: value})
    assert client.post("/api/jobs/employer", over_rest, JSON).status_code == 422


def test_every_page_opens_before_anything_is_written(boss, vacancy, seeker):
    client = client_of(boss[1], acting_for=Party("organisation", boss[2].pk))
    for path in ("/employer/vacancies", "/employer/vacancies/new", f"/employer/vacancies/{vacancy.pk}/change"):
        assert client.get(path).status_code == 200, path
    for path in ("/my/jobs", "/my/jobs/cv", f"/my/jobs/apply?vacancy={vacancy.pk}"):
        assert client_of(seeker).get(path).status_code == 200, path


def test_two_who_change_it_at_once(boss, vacancy):
    jobs.change(boss[0], vacancy.pk, 1, given(title="Kjøkkensjef"))
    with pytest.raises(Conflict):
        jobs.change(boss[0], vacancy.pk, 1, given(title="Baker"))
    assert jobs.vacancy(vacancy.pk).title == "Kjøkkensjef" and jobs.search(jobs.Search("kjøkkensjef"))


def test_only_who_represents_an_enterprise_tells_of_vacancies(seeker, boss):
    with pytest.raises(NotAllowed):
        jobs.publish(actor(seeker), given())
    assert client_of(seeker).get("/employer/vacancies").status_code == 403
    other = employer("En annen AS")[0]
    with pytest.raises(NotFound):
        jobs.vacancy_of(other, jobs.publish(boss[0], given()).pk)


def test_an_authority_tells_of_vacancies_and_one_officer_answers_for_each(seeker):
    molde = people.municipality()
    nav = people.state("nav")
    first, second, elsewhere = people.officer_in(molde), people.officer_in(molde, "Siv"), people.officer_in(nav)
    one, two = (client_of(each, as_officer_of=molde.pk) for each in (first, second))
    told = one.post("/employer/vacancies/new", given(title="Ergoterapeut"))
    row = Vacancy.objects.get()
    assert told.status_code == 302 and (row.employer_name, row.answerable) == (molde.name, first.pk)
    jobs.apply(actor(seeker), row.pk, "Jeg er ergoterapeut.")
    address = f"/employer/vacancies/{row.pk}"
    assert "Jeg er ergoterapeut." in one.get(address).content.decode()
    assert "Jeg er ergoterapeut." not in two.get(address).content.decode()
    interest = Interest.objects.get()
    over_rest = f"/api/jobs/employer/applications/{interest.pk}/answer"
    no = {"state": "declined", "answer": "Nei."}
    assert two.get(f"/api/jobs/employer/{row.pk}/applications").status_code == 403
    assert two.post(over_rest, no, JSON).status_code == 403
    assert two.post(f"{address}/take-over").status_code == 302
    assert "Jeg er ergoterapeut." in two.get(address).content.decode()
    assert one.post(over_rest, no, JSON).status_code == 403
    assert two.post(over_rest, no, JSON).status_code == 204
    assert len(audit.entries_about(actor(seeker), datasets=["jobs.interest"])) == 2
    other = client_of(elsewhere, as_officer_of=nav.pk)
    assert other.get(address).status_code == other.post(f"{address}/take-over").status_code == 404


def test_an_enterprise_takes_nothing_over(boss, vacancy):
    with pytest.raises(NotAllowed):
        jobs.take_over(boss[0], vacancy.pk)


def test_the_demo_tells_of_vacancies_once(boss):
    people.municipality()
    demo.load()
    rows = Vacancy.objects.count()
    assert rows >= 2 and jobs.search(jobs.Search("barnehagelærer"))
    demo.load()
    assert Vacancy.objects.count() == rows
    Vacancy.objects.update(apply_by=timezone.localdate() - timedelta(days=1))
    demo.load()
    assert Vacancy.objects.count() == 2 * rows


def test_why_it_fits_is_said_in_words(vacancy):
    cv = jobs.Cv(skills=["matlaging", "norsk"], occupations=["5"], places=["15"], kinds=["summer"], extent=100)
    with translation.override("en"):
        match = jobs.explain(cv, vacancy)
    assert match.points == 40 * 2 // 3 + 25 + 20
    assert match.fits == (
        "You have: matlaging, norsk", "A kind of work you want: Service and sales workers",
        "It is in Molde, where you can work",
    )  # fmt: skip
    assert match.lacks == (
        "Not in your CV: hygiene", "80 per cent is less than you want",
        "Another kind of employment than you chose: permanent",
    )  # fmt: skip
    assert jobs.best(cv, [vacancy]) and not jobs.best(jobs.Cv(skills=["x"], places=["03"], extent=100), [vacancy])


def test_from_cv_to_an_invitation(boss, vacancy, seeker):
    mine, theirs = client_of(seeker), client_of(boss[1], acting_for=Party("organisation", boss[2].pk))
    cv = {"skills": "Matlaging,\nNorsk", "experience": "Ti år på kjøkken", "occupations": ["5"], "extent": "50"}
    assert mine.post("/my/jobs/cv", cv)["Location"] == "/my/jobs?saved=1"
    assert "Kokk" in mine.get("/my/jobs").content.decode()
    assert "Ti år på kjøkken" in mine.get(f"/my/jobs/apply?vacancy={vacancy.pk}").content.decode()
    sent = mine.post(f"/my/jobs/apply?vacancy={vacancy.pk}", {"message": "Jeg lager god mat."})
    assert sent["Location"] == f"/jobs/{vacancy.pk}?sent=1"
    page = theirs.get(f"/employer/vacancies/{vacancy.pk}").content.decode()
    assert "Vilde Prøve" in page and "Jeg lager god mat." in page and "Ti år på kjøkken" in page
    interest = Interest.objects.get()
    assert b"god mat" not in bytes(interest.content)
    answer = f"/employer/vacancies/{vacancy.pk}/answer/{interest.pk}"
    wrong = theirs.post(answer, {"answer": "Kom på mandag"})
    assert wrong.status_code == 422 and "Kom på mandag" in wrong.content.decode()
    assert theirs.post(answer, {"state": "invited", "answer": "Kom på mandag"}).status_code == 302
    page = mine.get(f"/jobs/{vacancy.pk}").content.decode()
    assert "Kom på mandag" in page
    kinds = set(Effect.objects.filter(kind="notification.sms").values_list("payload__message", flat=True))
    assert kinds == {"job-news"} or kinds == {"job-news", "job-interest"}
    log = audit.entries_about(actor(seeker), datasets=["jobs.interest"])
    assert log and "Kokk" in log[0].reason


def test_applying_twice_is_once_and_withdrawing_deletes_it(boss, vacancy, seeker):
    me = actor(seeker)
    assert jobs.apply(me, vacancy.pk, "Først").pk == jobs.apply(me, vacancy.pk, "Igjen").pk
    assert jobs.own_one(me, vacancy.pk).message == "Først"
    jobs.withdraw(me, vacancy.pk)
    assert Interest.objects.get().content is None and jobs.received(boss[0], vacancy) == []
    jobs.apply(me, vacancy.pk, "På nytt")
    assert jobs.own_one(me, vacancy.pk).message == "På nytt"


def test_too_late_or_empty(boss, vacancy, seeker):
    answer = client_of(seeker).post(f"/my/jobs/apply?vacancy={vacancy.pk}", {"message": " "})
    assert answer.status_code == 422
    jobs.close(boss[0], vacancy.pk, 1, "filled")
    with pytest.raises(Conflict):
        jobs.apply(actor(seeker), vacancy.pk, "Hei")
    assert client_of(seeker).get(f"/my/jobs/apply?vacancy={uuid4()}").status_code == 404
    assert client_of(seeker).get("/my/jobs/apply?vacancy=x").status_code == 404


def test_whoever_waits_for_it_is_told_once_a_day(boss, seeker):
    other = people.person()
    me = actor(seeker)
    jobs.add(me, jobs.Search("kokk", "5", "15"))
    jobs.add(me, jobs.Search(place="1506"))
    jobs.add(actor(other), jobs.Search("lærer"))
    for _one in range(2):
        jobs.publish(boss[0], given())
    work()
    told = Effect.objects.filter(kind="notification.sms", payload__message="job-news")
    assert [one.payload["party"] for one in told] == [f"person:{seeker.pk}"]


def test_alerts_are_kept_once_and_not_without_end(seeker):
    me = actor(seeker)
    people.municipality()
    client = client_of(seeker)
    for _one in range(2):
        assert client.post("/my/jobs/alerts", {"q": "kokk", "place": "1506", "kind": "nonsense"}).status_code == 302
    [alert] = jobs.alerts(me)
    assert (alert.query, alert.place, alert.kind) == ("kokk", "1506", "")
    client.post(f"/my/jobs/alerts/{alert.pk}/remove")
    assert jobs.alerts(me) == []
    for number in range(20):
        jobs.add(me, jobs.Search(str(number)))
    with pytest.raises(Invalid):
        jobs.add(me, jobs.Search("one more"))


def test_what_people_sent_is_forgotten_in_time(boss, vacancy, seeker):
    jobs.apply(actor(seeker), vacancy.pk, "Hei")
    jobs.change(boss[0], vacancy.pk, 1, given(apply_by=(timezone.localdate() + timedelta(days=30)).isoformat()))
    due = {one.key: one for one in Effect.objects.filter(kind="jobs.forget")}
    assert len(due) == 2
    vacancy.refresh_from_db()
    for key, effect in due.items():
        interests.forget(effect.payload, key)
        assert Interest.objects.exists() is (str(vacancy.apply_by) not in key) or key.endswith(str(vacancy.apply_by))
    assert not Interest.objects.exists()


def test_a_wrong_cv_keeps_what_was_typed(seeker):
    client = client_of(seeker)
    answer = client.post("/my/jobs/cv", {"skills": "sveising", "extent": "500", "occupations": ["x"]})
    assert answer.status_code == 422 and "sveising" in answer.content.decode() and not Profile.objects.exists()
    assert client.put("/api/jobs/mine/cv", {"places": ["99"]}, JSON).status_code == 422
    assert client.put("/api/jobs/mine/cv", {"skills": ["Sveising"]}, JSON).json()["skills"] == ["sveising"]
    assert client.post("/my/jobs/cv", {"delete": "1"}).status_code == 302 and not Profile.objects.exists()


def test_over_rest(boss, seeker):
    theirs, mine = client_of(boss[1], acting_for=Party("organisation", boss[2].pk)), client_of(seeker)
    made = theirs.post("/api/jobs/employer", given(skills=["matlaging"]), JSON)
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    mine.put("/api/jobs/mine/cv", {"skills": ["matlaging"]}, JSON)
    assert mine.get("/api/jobs/mine/matches").json()[0]["points"] == 100
    sent = mine.post("/api/jobs/mine/applications", {"vacancy": key, "message": "Hei"}, JSON)
    assert sent.status_code == 201 and mine.get("/api/jobs/mine/applications").json()[0]["message"] == "Hei"
    [one] = theirs.get(f"/api/jobs/employer/{key}/applications").json()
    answer = {"state": "declined", "answer": "Takk, men nei."}
    assert theirs.post(f"/api/jobs/employer/applications/{one['id']}/answer", answer, JSON).status_code == 204
    assert mine.get("/api/jobs/mine/applications").json()[0]["answer"] == "Takk, men nei."
    assert mine.delete(f"/api/jobs/mine/applications/{key}").status_code == 204
    changed = theirs.put(f"/api/jobs/employer/{key}", given(skills=[], revision=1), JSON)
    assert changed.status_code == 200
    assert (
        theirs.post(f"/api/jobs/employer/{key}/close", {"state": "filled", "revision": 2}, JSON).json()["state"]
        == "filled"
    )
    assert [row["id"] for row in theirs.get("/api/jobs/employer").json()] == [key]


@pytest.mark.parametrize(("state", "words"), [("filled", "Stillingen er besatt"), ("withdrawn", "trukket stillingen")])
def test_who_has_applied_is_told_once_that_it_is_closed(boss, vacancy, seeker, state, words):
    gone, declined, invited = people.person(), people.person(), people.person()
    for one in (seeker, gone, declined, invited):
        jobs.apply(actor(one), vacancy.pk, "Hei")
    jobs.withdraw(actor(gone), vacancy.pk)
    Interest.objects.filter(person=declined.pk).update(state=Interest.State.DECLINED)
    Interest.objects.filter(person=invited.pk).update(state=Interest.State.INVITED)
    jobs.close(boss[0], vacancy.pk, 1, state)
    work()
    assert Effect.objects.filter(kind="notification.sms", payload__message="job-news").count() == 2
    interests.closed({"vacancy": str(vacancy.pk)}, "again")
    told = Effect.objects.filter(kind="notification.sms", payload__message="job-news")
    assert {one.payload["party"] for one in told} == {f"person:{seeker.pk}", f"person:{invited.pk}"}
    assert told.count() == 2 and all(set(one.payload) == {"party", "message"} for one in told)
    assert words in client_of(seeker).get("/my/jobs").content.decode()
    assert words not in client_of(declined).get("/my/jobs").content.decode()
    page = client_of(invited).get("/my/jobs").content.decode()
    assert words in page and "Du er invitert" in page
