"""Giving, seeing, using and ending a power of attorney, on pages and over REST."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from allting.common.identity.tests.factories import log_in_for_test
from allting.common.mailbox.models import StoredLetter
from allting.common.outbox import api as outbox
from allting.common.registers import api as registers
from allting.common.registers.models import Power
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Level, Party

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def operator():
    return make.state("digitaliseringsdirektoratet")


def browser(person, level=Level.SUBSTANTIAL, **more):
    client = Client()
    log_in_for_test(client, person.pk, level, **more)
    return client


def of(row):
    return Party(row._meta.model_name, row.pk)


def filled(receiver, **more):
    number = getattr(receiver, "identity_number", "") or receiver.organisation_number
    name = getattr(receiver, "family_name", "")
    return {"covers": "services", "chosen": ["change-of-address"], "number": number, "family_name": name} | more


def test_given_on_a_page_seen_by_both_and_withdrawn():
    siri, amir = make.person(given_name="Siri"), make.person(given_name="Amir", family_name="Bolsøy")
    mine, his = browser(siri), browser(amir)
    assert "covers=" not in mine.get("/my/powers/new").content.decode()
    sent = mine.post("/my/powers/new", filled(amir))
    assert sent.status_code == 302, sent.content.decode()[-3000:]
    page = sent["Location"].split("?")[0]
    assert "Amir Bolsøy" in mine.get("/my/powers").content.decode()
    assert "Siri Prøve" in his.get("/my/powers").content.decode()
    assert "Melde flytting" in his.get(page).content.decode()
    assert registers.may_act(amir.pk, of(siri))
    assert mine.get(page + "/end").status_code == 200
    assert registers.may_act(amir.pk, of(siri))
    mine.post(page + "/end")
    assert registers.may_act(amir.pk, of(siri)) is None
    assert mine.get(page + "/end")["Location"] == page
    assert browser(make.person()).get(page).status_code == 404
    while outbox.drain():
        pass
    letters = StoredLetter.objects.exclude(delivered=None)
    assert sorted(letters.values_list("recipient", flat=True)) == sorted([str(of(siri)), str(of(amir))] * 2)


def test_what_was_typed_is_kept_with_what_is_wrong():
    siri = make.person()
    amir = make.person(family_name="Bolsøy")
    answer = browser(siri).post("/my/powers/new", filled(amir, family_name="Hansen", ends="2020-01-01"))
    text = answer.content.decode()
    assert answer.status_code == 422
    for kept in ('value="Hansen"', f'value="{amir.identity_number}"', 'value="change-of-address" checked'):
        assert kept in text
    assert 'id="error-number"' in text
    both = browser(siri).post("/my/powers/new", filled(amir, number="1", chosen=[])).content.decode()
    assert 'id="error-number"' in both
    assert 'id="error-chosen"' in both
    answer = browser(siri).post("/my/powers/new", filled(amir, chosen=[]))
    assert 'id="error-chosen"' in answer.content.decode()
    assert 'id="error-ends"' in browser(siri).post("/my/powers/new", filled(amir, ends="x")).content.decode()
    assert browser(siri).get("/my/powers/new", {"next": "1"}).status_code == 422
    assert not Power.objects.exists()


def test_everything_is_given_by_a_strong_login_only_and_the_form_is_kept_meanwhile():
    siri, amir = make.person(), make.person()
    client = browser(siri)
    away = client.post("/my/powers/new", filled(amir, covers="everything"))
    assert (away.status_code, "level=high" in away["Location"]) == (302, True)
    assert not Power.objects.exists()
    from urllib.parse import parse_qs, urlsplit

    back = parse_qs(urlsplit(away["Location"]).query)["next"][0]
    log_in_for_test(client, siri.pk, Level.HIGH)
    assert f'value="{amir.identity_number}"' in client.get(back).content.decode()
    assert client.post("/my/powers/new", filled(amir, covers="everything")).status_code == 302
    assert registers.mandate(amir.pk, of(siri)).scope.whole


@pytest.mark.parametrize("covers", ["services", "themes", "authority"])
def test_each_kind_shows_what_can_be_chosen(covers):
    text = browser(make.person()).get("/my/powers/new", {"covers": covers}).content.decode()
    assert 'name="chosen"' in text


def test_for_an_enterprise_by_who_binds_it_and_not_by_others():
    siri, company = make.chief_of("Fjordkroa AS")
    amir, child = make.person(), make.child_of(siri)
    assert browser(siri, acting_for=of(company)).post("/my/powers/new", filled(amir)).status_code == 302
    assert registers.mandate(amir.pk, of(company)).scope.covers("change-of-address", ())
    answer = browser(siri, acting_for=of(child)).get("/my/powers/new")
    assert (answer.status_code, "/act-as" in answer.content.decode()) == (403, True)
    # on a limited power one neither sees nor gives
    assert browser(amir, acting_for=of(company)).get("/my/powers").status_code == 403


def test_over_rest_with_the_same_rules():
    siri, amir = make.person(), make.person(family_name="Bolsøy")
    client = browser(siri)
    sent = filled(amir, ends=str(timezone.localdate() + timedelta(days=30)))
    made = client.post("/api/powers", sent, content_type="application/json")
    assert made.status_code == 201, made.content
    (given,) = client.get("/api/powers/given").json()
    assert (given["receiver_name"], given["state"]) == ("Kari Bolsøy", "holds")
    assert browser(amir).get("/api/powers/received").json()[0]["covers"] == {"services": ["change-of-address"]}
    wrong = client.post("/api/powers", filled(amir, chosen=["no-such"]), content_type="application/json")
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["chosen"])
    weak = client.post("/api/powers", filled(amir, covers="everything"), content_type="application/json")
    assert (weak.status_code, weak.json()["level"]) == (401, "idporten-loa-high")
    assert client.post(f"/api/powers/{made.json()['id']}/end").status_code == 204
    assert client.get("/api/powers/given").json()[0]["state"] == "withdrawn"
