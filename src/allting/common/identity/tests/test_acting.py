from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from allting.common.identity import api as identity
from allting.common.identity.tests.factories import log_in_for_test
from allting.common.registers.models import Mandate
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Party

pytestmark = pytest.mark.django_db


def test_choosing_whom_to_act_for(client):
    siri, company = make.chief_of("Fjordkroa AS")
    log_in_for_test(client, siri.pk)
    assert "Fjordkroa AS" in client.get("/act-as").content.decode()
    assert client.post("/act-as", {"party": f"organisation:{company.pk}"})["Location"] == "/my"
    assert client.session["acting"]["name"] == "Fjordkroa AS"
    client.post("/act-as", {"party": ""})
    assert "acting" not in client.session


def test_an_officer_goes_to_work(client):
    molde = make.municipality()
    log_in_for_test(client, make.officer_in(molde).pk)
    assert client.post("/act-as", {"party": f"organisation:{molde.pk}"})["Location"] == "/office"


@pytest.mark.parametrize("kind", ["organisation", "person"])
def test_acting_for_others_needs_a_mandate(client, kind):
    _siri, company = make.chief_of()
    stranger = make.person()
    log_in_for_test(client, make.person().pk)
    party = Party(kind, company.pk if kind == "organisation" else stranger.pk)
    assert client.post("/act-as", {"party": str(party)}).status_code == 403
    assert "acting" not in client.session
    assert client.post("/act-as", {"party": "nonsense"}).status_code == 422


def test_a_power_that_ends_is_gone_at_the_next_click(client):
    siri, company = make.chief_of()
    log_in_for_test(client, siri.pk, acting_for=Party("organisation", company.pk))
    assert company.name in client.get("/my/sessions").content.decode()
    Mandate.objects.filter(person=siri).update(ended=timezone.localdate())
    assert company.name not in client.get("/my/sessions").content.decode()
    assert "acting" not in client.session


def test_a_form_sent_after_the_session_is_given_back_to_the_same_browser_only(client):
    answer = client.post("/act-as", {"party": "typed with care"})
    assert answer.status_code == 302
    assert "typed" not in answer["Location"]
    path = next(row for row in answer["Location"].split("&") if "next=" in row).split("next=")[1]
    key = path.split("parked%3D")[1]

    def given_back(cookies):
        request = RequestFactory().get("/act-as", {"parked": key})
        request.COOKIES.update(cookies)
        return identity.parked(request)

    mine = {name: morsel.value for name, morsel in client.cookies.items()}
    assert given_back(mine)["party"] == "typed with care"
    assert given_back({}) is None
    other = Client()
    other.post("/act-as", {"party": "x"})
    assert given_back({name: morsel.value for name, morsel in other.cookies.items()}) is None


def test_a_choice_sent_too_late_is_still_chosen_after_the_login(client):
    siri, company = make.chief_of("Fjordkroa AS")
    session = log_in_for_test(client, siri.pk)
    session["login"]["seen"] -= 3600
    session.save()
    party = f"organisation:{company.pk}"
    back = parse_qs(urlsplit(client.post("/act-as", {"party": party})["Location"]).query)["next"][0]
    log_in_for_test(client, make.person().pk)
    assert f'value="{party}" checked' not in client.get(back).content.decode()  # not for the next one at the machine
    log_in_for_test(client, siri.pk)
    assert f'value="{party}" checked' in client.get(back).content.decode()


def test_one_query_tells_who_is_logged_in(client, django_assert_num_queries):
    log_in_for_test(client, make.person().pk)
    with django_assert_num_queries(2):  # the session, and the list of logins
        client.get("/my/sessions")


def test_many_clients_are_found_by_name_and_a_page_at_a_time(client, django_assert_max_num_queries):
    accountant = make.person()
    companies = make.client_companies(accountant, 120)
    make.child_of(accountant, given_name="Ella")
    make.power(make.person(given_name="Siri"), accountant, reach={"services": ["change-of-address"]})
    log_in_for_test(client, accountant.pk)
    with django_assert_max_num_queries(8):
        page = client.get("/act-as").content.decode()
    assert all(name in page for name in ("Ella", "Siri", "Klient 000 AS", "Klient 049 AS"))
    assert "Klient 050 AS" not in page
    more = client.post("/act-as", {"find": "1", "q": "", "after": str(companies[49].pk)}).content.decode()
    assert "Klient 050 AS" in more
    assert "Ella" not in more
    found = client.post("/act-as", {"find": "1", "q": "klient 119"}).content.decode()
    assert "Klient 119 AS" in found
    assert "Klient 000 AS" not in found
    assert "acting" not in client.session
    assert client.post("/act-as", {"find": "1", "q": "nobody", "after": "x"}).status_code == 200


def test_the_actor_carries_how_far_she_may_act(client):
    siri, amir = make.person(), make.person()
    make.power(siri, amir, reach={"services": ["change-of-address"]})
    session = log_in_for_test(client, amir.pk, acting_for=Party("person", siri.pk))
    actor = identity.actor_of(session)
    assert (actor.person, actor.on_behalf_of, actor.capacity) == (amir.pk, Party("person", siri.pk), "attorney")
    assert not actor.scope.whole
    assert client.get("/my/contact").status_code == 403
    assert client.get("/my").status_code == 200
