"""At work: whose case it is, who may see it, two who sign, and what others are asked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from allting.common.archive import api as archive
from allting.common.archive.models import Entry as Journalled
from allting.common.audit.models import Entry
from allting.common.cases import api as cases
from allting.common.cases.deadlines import before
from allting.common.cases.models import Case, Event, Inquiry
from allting.common.cases.tests.factories import client_of, work
from allting.common.cases.tests.test_law import apply, at_work, letters, revision
from allting.common.cases.tests.test_lists import parking, queries
from allting.common.cases.tests.test_tables import HOME, MONEY, NEED
from allting.common.outbox.models import Effect
from allting.common.registers.models import Mandate
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor
from allting.kernel.problems import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def parent(molde):
    return people.person(given_name="Ragnhild")


@pytest.fixture
def case(parent):
    return apply(parent, people.child_of(parent))


@pytest.fixture
def ola(molde):
    return people.officer_in(molde, "Ola")


def desk_of(person, molde):
    return client_of(person, as_officer_of=molde.pk)


def press(browser, case, action, **form):
    """One button of the case's page, as it stands there."""
    return browser.post(f"/office/cases/{case}/{action}", {"revision": revision(case), **form})


def text(response):
    return response.content.decode()


# --- Whose case ---------------------------------------------------------------------------------------------


def test_a_case_goes_from_new_to_mine_to_a_colleague_and_back(molde, case, nina, ola):
    hers, his = desk_of(nina, molde), desk_of(ola, molde)
    number = Case.objects.get(pk=case).number

    def parts(browser):
        page = text(browser.get("/office"))
        found = {}
        for name, part in re.findall(r'aria-labelledby="part-(\w+)".*?</h2>(.*?)</section>', page, re.S):
            found[name] = number in part
        return {name for name, there in found.items() if there}

    assert parts(hers) == parts(his) == {"free"}
    press(hers, case, "take")
    assert parts(hers) == {"mine"} and parts(his) == set()
    assert press(hers, case, "assign", person="").status_code == 422
    assert press(hers, case, "assign", person=str(ola.pk)).status_code == 302
    assert parts(hers) == set() and parts(his) == {"mine"}
    press(his, case, "put-back")
    assert parts(hers) == parts(his) == {"free"}


def test_a_case_is_given_to_no_stranger_and_to_nobody_too_near(molde, parent, case, nina):
    officer = at_work(molde, nina)
    Mandate.objects.create(person=parent, organisation=molde, role="case-officer")
    elsewhere = people.officer_in(people.municipality("1508"))
    for one in (parent.pk, elsewhere.pk, None):
        with pytest.raises(Invalid):
            cases.assign(officer, case, revision(case), one)
    assert Case.objects.get(pk=case).officer is None


def test_an_officer_of_another_municipality_sees_nothing_and_each_view_is_logged(molde, parent, case, nina):
    alesund = people.municipality("1508")
    stranger = desk_of(people.officer_in(alesund), alesund)
    number = Case.objects.get(pk=case).number
    assert stranger.get(f"/office/cases/{case}").status_code == 404
    for path in ("/office", *(f"/office/queue?show={tab}" for tab in cases.TABS)):
        assert number not in text(stranger.get(path))
    seen = Entry.objects.filter(dataset="case.contents").count()
    desk_of(nina, molde).get(f"/office/cases/{case}")
    assert Entry.objects.filter(dataset="case.contents").count() == seen + 1


def test_what_she_handles_sorts_her_page_and_shuts_nothing(molde, parent, case, nina):
    browser, number = desk_of(nina, molde), Case.objects.get(pk=case).number
    chosen = ["parking-permit-disabled", "no-such-service", "child-benefit"]
    browser.post("/office/own", {"do": "skills", "service": chosen})
    assert cases.skills(at_work(molde, nina)) == ["parking-permit-disabled"]  # child benefit is not the municipality's
    assert number not in text(browser.get("/office")) and number not in text(browser.get("/office/queue?show=skills"))
    assert number in text(browser.get("/office/queue?show=open"))
    assert browser.get(f"/office/cases/{case}").status_code == 200
    browser.post("/office/own", {"do": "skills"})
    assert number in text(browser.get("/office"))


def test_a_substitute_has_the_cases_for_as_long_as_it_lasts(molde, case, nina, ola):
    hers, his, today = desk_of(nina, molde), desk_of(ola, molde), timezone.localdate()
    number = Case.objects.get(pk=case).number
    press(hers, case, "take")
    wrong = hers.post("/office/own", {"stand_in": "", "starts": "x", "ends": ""})
    assert wrong.status_code == 422 and "Velg en dag" in text(wrong)
    form = {"stand_in": str(ola.pk), "starts": today.isoformat(), "ends": (today + timedelta(days=7)).isoformat()}
    assert hers.post("/office/own", form).status_code == 302
    assert number in text(his.get("/office/queue?show=mine"))
    period = re.search(r'name="period" value="(\d+)"', text(hers.get("/office/own")))[1]
    his.post("/office/own", {"do": "end", "period": period})  # not his to end
    assert number in text(his.get("/office/queue?show=mine"))
    hers.post("/office/own", {"do": "end", "period": period})
    assert number not in text(his.get("/office/queue?show=mine"))


def test_the_first_page_and_each_queue_ask_as_little_with_many_cases(molde, case, nina):
    browser, parking_browser = desk_of(nina, molde), client_of(people.person())
    press(browser, case, "take")
    parking(parking_browser)
    paths = ("/office", *(f"/office/queue?show={tab}" for tab in cases.TABS))
    few = {path: queries(browser, path) for path in paths}
    for _more in range(6):
        parking(parking_browser)
    assert {path: queries(browser, path) for path in paths} == few
    assert max(few.values()) < 10


# --- Days ------------------------------------------------------------------------------------------------------


def test_who_handles_it_is_told_five_working_days_before_it_is_due(molde, case, nina, ola):
    from allting.common.registers.models import Contact

    for one in (nina, ola):
        Contact.objects.update_or_create(party=f"person:{one.pk}", defaults={"email": "x@example.org"})
    cases.set_skills(at_work(molde, nina), ["kindergarten-place"])
    cases.set_skills(at_work(molde, ola), ["parking-permit-disabled"])
    row = Effect.objects.get(kind="cases.warn", key=f"{case}:due:{Case.objects.get(pk=case).due}")
    assert timezone.localdate(row.due) == before(Case.objects.get(pk=case).due)

    def told():
        Effect.objects.filter(kind="cases.warn").update(due="2020-01-01T00:00Z", done=None)
        work()
        found = Effect.objects.filter(kind="notification.email", payload__message="work-due")
        return {str(one.payload["party"]) for one in found}

    assert told() == {f"person:{nina.pk}"}  # nobody has taken it: those who handle the service
    cases.take(at_work(molde, ola), case, revision(case))
    Effect.objects.filter(kind="notification.email").delete()
    assert told() == {f"person:{ola.pk}"}
    cases.decide(at_work(molde, ola), case, revision(case), "refused", "Fullt.")
    Effect.objects.filter(kind="notification.email").delete()
    assert told() == set()  # done


def test_a_provisional_reply_is_due_within_a_month_when_the_answer_takes_longer(molde, case):
    row = Case.objects.get(pk=case)
    assert (row.reply_by is None) == (row.due <= timezone.localdate() + timedelta(days=33))
    Case.objects.filter(pk=case).update(reply_by=timezone.localdate())
    officer = people.officer_in(molde)
    assert "forvaltningsloven § 11 a" in text(desk_of(officer, molde).get(f"/office/cases/{case}"))
    cases.delay(at_work(molde, officer), case, revision(case), "Mange søkere.", 3)
    assert Case.objects.get(pk=case).reply_by is None


# --- Four eyes ---------------------------------------------------------------------------------------------------


@pytest.fixture
def assistance(parent):
    """An application that two officers decide."""
    from allting.common.cases.tests.factories import send

    pages = {"need": NEED, "home": HOME | {"lives_with": "no"}, "money": MONEY}
    return send(client_of(parent), "social-assistance", pages)


def test_two_officers_decide_and_the_first_cannot_be_both(molde, parent, assistance, nina, ola):
    hers, his = desk_of(nina, molde), desk_of(ola, molde)
    work()
    before_it = len(letters(parent))
    assert press(hers, assistance, "decide", outcome="refused", grounds="").status_code == 422
    press(hers, assistance, "decide", outcome="refused", grounds="Du har sparepenger.")
    work()
    assert Case.objects.get(pk=assistance).state == "proposed" and len(letters(parent)) == before_it
    assert "Du har sparepenger" not in text(client_of(parent).get(f"/my/cases/{assistance}"))
    same = press(hers, assistance, "countersign")
    assert same.status_code == 403 and "En annen saksbehandler" in text(same)
    assert press(his, assistance, "decide", outcome="granted", grounds="Nei.").status_code == 409
    number = Case.objects.get(pk=assistance).number
    assert number in text(his.get("/office/queue?show=sign"))
    assert number not in text(hers.get("/office/queue?show=sign"))
    assert press(his, assistance, "countersign").status_code == 302
    work()
    row = Case.objects.get(pk=assistance)
    assert (row.state, row.outcome, row.officer) == ("decided", "refused", nina.pk)
    assert len(letters(parent)) == before_it + 1 and "Du har sparepenger" in letters(parent)[-1]


def test_the_second_officer_sends_it_back_with_a_note(molde, parent, assistance, nina, ola):
    hers, his = desk_of(nina, molde), desk_of(ola, molde)
    press(hers, assistance, "take")
    press(hers, assistance, "decide", outcome="granted", grounds="", **{"fact-living": "8000"})
    assert "Livsopphold i måneden" in text(his.get(f"/office/cases/{assistance}"))
    assert press(his, assistance, "send-back", back_why="").status_code == 422
    press(his, assistance, "send-back", back_why="Regn husleien om.")
    assert Case.objects.get(pk=assistance).state == "in-hand"
    assert "Regn husleien om." in text(hers.get(f"/office/cases/{assistance}"))
    assert "Regn husleien om." not in text(client_of(parent).get(f"/my/cases/{assistance}"))
    with pytest.raises(Conflict):
        cases.countersign(at_work(molde, ola), assistance, revision(assistance))


def test_what_waits_for_a_second_officer_takes_no_right_from_the_party(molde, parent, assistance, nina, ola):
    first, second, me = at_work(molde, nina), at_work(molde, ola), Actor(parent.pk)
    cases.decide(first, assistance, revision(assistance), "refused", "Sparepenger.")
    cases.withdraw(me, assistance)  # not decided yet: hers to take back
    cases.reopen(first, assistance, revision(assistance), "Hun ba om det.")
    cases.decide(first, assistance, revision(assistance), "refused", "Sparepenger.")
    cases.countersign(second, assistance, revision(assistance))
    cases.annul(first, assistance, revision(assistance), "invalid", "Feil person.")
    assert Case.objects.get(pk=assistance).state == "proposed"
    with pytest.raises(Conflict):
        cases.withdraw(me, assistance)
    assert cases.view(me, assistance).can == {"appealed"}
    cases.appeal(me, assistance, "Uenig.")
    cases.reverse(first, assistance, revision(assistance), "Riktig likevel.", {"living": "8000"})
    assert cases.view(me, assistance).can == frozenset()
    with pytest.raises(Conflict):
        cases.appeal(me, assistance, "Igjen.")
    with pytest.raises(NotAllowed):
        cases.countersign(first, assistance, revision(assistance))
    cases.countersign(second, assistance, revision(assistance))
    assert Case.objects.get(pk=assistance).outcome == "granted"


# --- Asked and heard -----------------------------------------------------------------------------------------------


def test_those_it_concerns_are_heard_before_it_is_decided(molde, parent, case, nina):
    browser, other = desk_of(nina, molde), people.person(given_name="Nabo")
    wrong = press(browser, case, "hear", notice="", hear_days="1", others="")
    assert wrong.status_code == 422
    nobody = press(browser, case, "hear", notice="Vi tenker å avslå.", hear_days="14", others="11111111111")
    assert nobody.status_code == 422 and "linje 1" in text(nobody) and Case.objects.get(pk=case).state == "received"
    press(browser, case, "hear", notice="Vi tenker å avslå.", hear_days="14", others=other.identity_number)
    work()
    assert Case.objects.get(pk=case).state == "hearing" and "Vi tenker å avslå." in letters(other)[-1]
    assert press(browser, case, "decide", outcome="refused", grounds="Nå.").status_code == 409
    me, neighbour = client_of(parent), client_of(other)
    own = Inquiry.objects.get(case=case, party=f"person:{parent.pk}").pk
    theirs = Inquiry.objects.get(case=case, party=f"person:{other.pk}").pk
    assert f"/my/hearings/{own}" in text(me.get(f"/my/cases/{case}"))
    assert me.get(f"/my/hearings/{theirs}").status_code == 404 and neighbour.get(f"/my/cases/{case}").status_code == 404
    assert me.post(f"/my/hearings/{own}", {"text": " "}).status_code == 422
    me.post(f"/my/hearings/{own}", {"text": "Vi trenger plassen."})
    assert me.post(f"/my/hearings/{own}", {"text": "Mer."}).status_code == 409
    assert Case.objects.get(pk=case).state == "hearing"
    neighbour.post(f"/my/hearings/{theirs}", {"text": "Helt greit for meg."})
    assert Case.objects.get(pk=case).state == "in-hand"
    assert "Helt greit for meg." in text(browser.get(f"/office/cases/{case}"))
    mine = text(me.get(f"/my/cases/{case}"))
    assert "Helt greit for meg." not in mine and "Nabo" not in mine


def test_a_person_who_is_heard_in_an_enterprises_case_is_not_named_in_the_public_journal(molde, case, nina):
    company, other = people.chief_of("Graveren AS")[1], people.person(given_name="Nabo")
    Case.objects.filter(pk=case).update(party=f"organisation:{company.pk}")
    cases.hear(at_work(molde, nina), case, revision(case), "Dere graver ved huset.", 14, other.identity_number)
    work()
    cases.remark(Actor(other.pk), Inquiry.objects.get(party=f"person:{other.pk}").pk, "Helt greit.")
    withheld = dict(Journalled.objects.filter(case=case).values_list("pk", "withheld"))
    with_her = [withheld[one.id] for one in archive.entries(case) if "Nabo" in one.party_name]
    of_them = [withheld[one.id] for one in archive.entries(case) if "Graveren" in one.party_name]
    assert len(with_her) == 2 and all(with_her) and of_them and not any(of_them)


def test_the_case_goes_on_when_the_time_to_speak_is_out(molde, case, nina):
    cases.hear(at_work(molde, nina), case, revision(case), "Vi tenker å avslå.", 14)
    effect = Effect.objects.get(kind="cases.hearing_is_over")
    assert timezone.localdate(effect.due) == Inquiry.objects.get(case=case).due
    Inquiry.objects.filter(case=case).update(due=timezone.localdate())
    Effect.objects.filter(pk=effect.pk).update(due="2020-01-01T00:00Z")
    work()
    assert Case.objects.get(pk=case).state == "in-hand"


def test_another_authority_is_asked_sees_the_question_only_and_answers_once(molde, parent, case, nina):
    alesund = people.municipality("1508")
    browser, theirs = desk_of(nina, molde), desk_of(people.officer_in(alesund), alesund)
    form = {"inquiry": "Har barnet plass hos dere?", "days": "14"}
    assert press(browser, case, "consult", authority="kommune", **form).status_code == 422  # several are called so
    press(browser, case, "consult", authority="ålesund kommune", **form)
    one = Inquiry.objects.get(case=case).pk
    assert f"/office/questions/{one}" in text(theirs.get("/office"))
    page = text(theirs.get(f"/office/questions/{one}"))
    assert "Har barnet plass hos dere?" in page and "Ragnhild" not in page
    assert theirs.get(f"/office/cases/{case}").status_code == 404
    assert browser.get(f"/office/questions/{one}").status_code == 404
    assert theirs.post(f"/office/questions/{one}", {"text": ""}).status_code == 422
    theirs.post(f"/office/questions/{one}", {"text": "Nei, ingen plass."})
    assert theirs.post(f"/office/questions/{one}", {"text": "Jo."}).status_code == 409
    assert "Nei, ingen plass." in text(browser.get(f"/office/cases/{case}"))
    mine = text(client_of(parent).get(f"/my/cases/{case}"))
    assert "Nei, ingen plass." not in mine and "Den andre myndigheten svarte" in mine
    work()
    directions = [one.direction for one in cases.for_officer(at_work(molde, nina), case).journal]
    assert directions == ["in", "out", "in"]


# --- A decision that is taken up or taken back -------------------------------------------------------------------


def test_a_case_is_taken_up_again_and_the_old_decision_stands_meanwhile(molde, parent, case, nina):
    browser, me = desk_of(nina, molde), client_of(parent)
    press(browser, case, "decide", outcome="refused", grounds="Fullt.")
    assert press(browser, case, "reopen", reopen_why="").status_code == 422
    press(browser, case, "reopen", reopen_why="Vi overså et brev.")
    work()
    assert "Vi overså et brev." in letters(parent)[-1]
    page = text(me.get(f"/my/cases/{case}"))
    assert "står til du får et nytt" in page and f"/my/cases/{case}/withdraw" not in page
    press(browser, case, "decide", outcome="granted", grounds="")
    assert Case.objects.get(pk=case).outcome == "granted"
    assert Event.objects.filter(case=case, kind="decided").count() == 2


def test_a_decision_is_annulled_by_a_rule_and_may_be_appealed(molde, parent, case, nina):
    browser = desk_of(nina, molde)
    press(browser, case, "decide", outcome="granted", grounds="")
    assert press(browser, case, "annul", ground="", annul_grounds="").status_code == 422
    press(browser, case, "annul", ground="invalid", annul_grounds="Vedtaket gjaldt feil barn.")
    work()
    row = Case.objects.get(pk=case)
    assert (row.state, row.outcome) == ("annulled", "")
    assert "forvaltningsloven § 35" in letters(parent)[-1] and "Vedtaket gjaldt feil barn." in letters(parent)[-1]
    assert "opphevet" in text(client_of(parent).get(f"/my/cases/{case}"))
    cases.appeal(Actor(parent.pk), case, "Jeg hadde plass.")


def test_the_appeals_body_sends_it_back_and_it_is_handled_anew(molde, parent, case, nina):
    body = people.state("statsforvalteren")
    officer, me = at_work(molde, nina), Actor(parent.pk)
    cases.decide(officer, case, revision(case), "refused", "Fullt.")
    cases.appeal(me, case, "Uenig.")
    cases.forward(officer, case, revision(case), "Vi står ved det.")
    above = desk_of(people.officer_in(body), body)
    press(above, case, "decide-appeal", outcome="returned", grounds="Saken er for dårlig opplyst.")
    row = Case.objects.get(pk=case)
    assert (row.state, row.outcome, row.desk, row.officer) == ("received", "", molde.pk, None)
    with pytest.raises(NotFound):
        cases.take(at_work(body), case, revision(case))
    cases.decide(officer, case, revision(case), "granted", "")
    assert Case.objects.get(pk=case).state == "decided"


def test_a_letter_that_is_no_decision_does_not_move_the_time_to_appeal(molde, case, nina, monkeypatch):
    officer = at_work(molde, nina)
    cases.decide(officer, case, revision(case), "refused", "Fullt.")
    work()
    first = Case.objects.get(pk=case).appeal_until
    from allting.common.cases.following import arrived

    arrived(case=case, on=timezone.localdate() + timedelta(days=10), key=f"case:{case}:{revision(case) + 1}")
    assert Case.objects.get(pk=case).appeal_until == first
    arrived(case=case, on=timezone.localdate() + timedelta(days=10), key=f"case:{case}:{revision(case)}")
    assert Case.objects.get(pk=case).appeal_until > first


def test_a_queue_is_narrowed_by_service_and_theme_and_stays_so(molde, case, nina):
    place, permit = Case.objects.get(pk=case), Case.objects.get(pk=parking(client_of(people.person())))
    office = desk_of(nina, molde)

    def there(query):
        page = text(office.get(f"/office/queue?{query}"))
        return f"/office/cases/{place.pk}" in page, f"/office/cases/{permit.pk}" in page

    assert there("") == (True, True)
    assert there("service=kindergarten-place") == (True, False)
    assert there("theme=barnehage") == (True, False)
    assert there("service=parking-permit-disabled&theme=barnehage") == (False, False)
    assert there("service=no-such&theme=%00") == (True, True)  # what is not offered narrows nothing
    page = text(office.get("/office/queue?show=free&service=kindergarten-place"))
    assert "/office/queue?show=mine&amp;service=kindergarten-place" in page
    back = office.post("/office/together", {"show": "free", "service": "kindergarten-place"})
    assert back["Location"] == "/office/queue?show=free&service=kindergarten-place&none=1"
    assert [one["number"] for one in office.get("/api/office/cases?theme=barnehage").json()] == [place.number]


def test_a_narrowed_queue_asks_little(molde, case, nina):
    parking(client_of(people.person()))
    office = desk_of(nina, molde)
    for query in ("", "?service=kindergarten-place&theme=barnehage", "?show=decided&service=kindergarten-place"):
        queries(office, f"/office/queue{query}")
        assert queries(office, f"/office/queue{query}") < 10
