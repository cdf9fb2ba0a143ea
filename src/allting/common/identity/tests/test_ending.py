"""Those who run the platform log people out: one person, or everybody."""

import sys
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from allting.common.audit.models import Entry
from allting.common.identity.models import Grant, SignOn
from allting.common.identity.tests import relying
from allting.common.identity.tests.factories import log_in_for_test
from allting.common.outbox.models import Effect
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Level

pytestmark = pytest.mark.django_db
PAGE = "/office/logins"


@pytest.fixture
def office():
    return make.state("digitaliseringsdirektoratet")


@pytest.fixture
def nina(office, client):
    found = make.officer_in(office)
    log_in_for_test(client, found.pk, level=Level.HIGH, as_officer_of=office.pk)
    return found


@pytest.fixture
def kari():
    return make.person()


def browser_of(person):
    found = Client()
    log_in_for_test(found, person.pk)
    assert found.get("/my/sessions").status_code == 200
    return found


def form(person, reason="Telefonen hennes er stjålet"):
    return {"who": "one", "pid": person.identity_number, "reason": reason}


def command(*arguments, typed=""):
    out, before = StringIO(), sys.stdin
    sys.stdin = StringIO(typed)
    try:
        call_command("sessions", *arguments, stdout=out)
    finally:
        sys.stdin = before
    return out.getvalue()


def test_the_operator_ends_a_persons_logins(client, nina, kari):
    relying.registered(backchannel_logout_uri="https://service.example/out", refresh_seconds=600)
    hers, another = [browser_of(kari), browser_of(kari)], browser_of(make.person())
    told = relying.tokens_for(Client(), kari)
    assert client.post(PAGE, form(kari))["Location"] == f"{PAGE}?ended=3"
    assert all(one.get("/my/sessions").status_code == 302 for one in hers)
    assert another.get("/my/sessions").status_code == 200
    bearer = {"Authorization": f"Bearer {told['access_token']}"}
    assert Client().get("/id/userinfo", headers=bearer).status_code == 401
    again = {"grant_type": "refresh_token", "refresh_token": told["refresh_token"], "client_id": "service"}
    assert Client().post("/id/token", again).status_code == 400
    assert Effect.objects.filter(kind="identity.backchannel_logout").count() == 1
    assert "3 innlogginger" in client.get(f"{PAGE}?ended=3").content.decode()


def test_it_stands_in_her_log_who_did_it_and_why(client, nina, kari, office):
    browser_of(kari)
    client.post(PAGE, form(kari))
    line = Entry.objects.get(subject=kari.pk, action="change")
    assert (line.person, line.authority, line.dataset) == (nina.pk, office.pk, "identity.login")
    assert line.reason == "Telefonen hennes er stjålet"
    assert Entry.objects.filter(subject=kari.pk, dataset="population.person", person=nina.pk).exists()  # the look-up


def test_the_operator_ends_everybodys(client, nina, kari):
    browsers = [browser_of(kari), browser_of(kari), browser_of(make.person())]
    assert "3 personer er logget inn" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"who": "everybody", "reason-all": "Nøkler på avveie"}).status_code == 302
    assert all(one.get("/my/sessions").status_code == 302 for one in [*browsers, client])
    assert not SignOn.objects.filter(ended=None).exists()
    assert Entry.objects.filter(reason="Nøkler på avveie", action="change").count() == 3


def test_logins_that_are_over_already_are_not_told_of_but_a_living_token_is(client, nina):
    over, app = make.person(), make.person()
    relying.registered(authorization_seconds=86_400)
    browser_of(over)
    told = relying.tokens_for(Client(), app)
    SignOn.objects.exclude(person=nina.pk).update(at=timezone.now() - timedelta(hours=3))
    Grant.objects.update(until=timezone.now() + timedelta(hours=20))
    client.post(PAGE, {"who": "everybody", "reason-all": "x"})
    assert Entry.objects.filter(action="change", subject=app.pk).exists()
    assert not Entry.objects.filter(action="change", subject=over.pk).exists()
    bearer = {"Authorization": f"Bearer {told['access_token']}"}
    assert Client().get("/id/userinfo", headers=bearer).status_code == 401


@pytest.mark.parametrize(("change", "field"), [
    ({"reason": " "}, "field-reason"), ({"pid": "123"}, "field-pid"), ({"pid": "17898510093"}, "field-pid"),
    ({"who": "everybody", "reason-all": ""}, "field-reason-all"),
])  # fmt: skip
def test_what_is_missing_or_wrong_is_said_and_nothing_ends(client, nina, kari, change, field):
    hers = browser_of(kari)
    page = client.post(PAGE, form(kari) | change)
    assert page.status_code == 422
    assert f'href="#{field}"' in page.content.decode()
    assert hers.get("/my/sessions").status_code == 200


def test_others_do_not_end_anybodys(client, office, kari):
    hers, molde = browser_of(kari), make.municipality()
    log_in_for_test(client, make.officer_in(molde).pk, level=Level.HIGH, as_officer_of=molde.pk)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, form(kari)).status_code == 403
    log_in_for_test(client, make.officer_in(office).pk, level=Level.HIGH)  # at home, not at work
    assert client.post(PAGE, form(kari)).status_code == 403
    log_in_for_test(client, make.officer_in(office).pk, as_officer_of=office.pk)
    assert client.post(PAGE, form(kari))["Location"].startswith("/login?")  # at level high
    assert Client().get(PAGE)["Location"].startswith("/login?")
    assert hers.get("/my/sessions").status_code == 200


def test_who_must_log_in_higher_comes_back_to_work(office):
    nina, other = make.officer_in(office), make.officer_in(office)

    def raised(person):
        client = Client()
        log_in_for_test(client, nina.pk, as_officer_of=office.pk)
        there = client.get(client.get(PAGE)["Location"])["Location"]
        eid = client.get(there)["Location"]
        back = client.post(eid, {"pid": person.identity_number, "level": "high"})["Location"]
        return client.get(client.get(back)["Location"]).status_code, "acting" in client.session

    assert raised(nina) == (200, True)
    assert raised(other) == (403, False)  # another at the same machine chooses for herself


def test_the_command(office, kari):
    hers, another = browser_of(kari), browser_of(make.person())
    assert "2 people" in command()
    assert "1 logins ended" in command("end-person", "--reason", "Stjålet", typed=kari.identity_number + "\n")
    assert hers.get("/my/sessions").status_code == 302
    assert another.get("/my/sessions").status_code == 200
    assert Entry.objects.get(subject=kari.pk, action="change").authority == office.pk
    assert "1 people were" in command("end-all", "--reason", "Nøkler på avveie")
    assert another.get("/my/sessions").status_code == 302


def test_the_command_wants_a_reason_and_a_person():
    with pytest.raises(CommandError, match="--reason"):
        command("end-all")
    with pytest.raises(CommandError, match="nobody"):
        command("end-person", "--reason", "x", typed="123\n")
