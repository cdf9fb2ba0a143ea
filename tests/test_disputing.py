"""What a register has wrong is told to its keeper, from the form that it fills in."""

import pytest

from allting.common.cases.models import Case, Draft
from allting.common.cases.tests.factories import begin, client_of, fill_in
from allting.common.catalogue import api as catalogue
from allting.common.exchange import api as exchange
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Party

pytestmark = pytest.mark.django_db


@pytest.fixture
def kari():
    for slug in ("skatteetaten", "skattedirektoratet"):
        people.state(slug)
    return people.person(given_name="Kari", family_name="Nordman")


# An enterprise's account: no register of ours has a service for it. What an employer has reported it corrects itself,
# and the person changes it in her application or her tax return. A VAT return is corrected by the same form.
NO_SERVICE = {("business", "account.number"), ("citizen", "tax.income_so_far"), ("business", "tax.vat_returns")}


def test_every_data_set_that_fills_in_an_answer_can_be_said_to_be_wrong():
    filled = {
        (one.service.audience, catalogue.origin(one.service, field))
        for one in catalogue.services()
        for field in one.service.fields.values()
        if field.prefill and catalogue.origin(one.service, field)
    }
    assert {audience for audience, _dataset in filled} == {"citizen", "business"}
    missing = {(audience, dataset) for audience, dataset in filled if catalogue.correction(dataset, audience) is None}
    assert missing <= NO_SERVICE
    assert all(dataset in exchange.datasets() for _audience, dataset in filled)


def test_a_wrong_name_of_an_enterprise_becomes_a_case_at_the_entity_register(kari):
    for slug in ("bronnoysundregistrene", "narings-og-fiskeridepartementet", "statsforvalteren"):
        people.state(slug)
    people.municipality()
    chief, company = people.chief_of("Fjordkroa AS")
    browser = client_of(chief, acting_for=Party("organisation", company.pk))
    draft = begin(browser, "serving-licence")
    answer = browser.post(f"/drafts/{draft}/place", {"wrong": "place_name"})
    other = answer["Location"].split("/")[2]
    page = browser.get(answer["Location"]).content.decode()
    assert "Fjordkroa AS</textarea>" in page
    fill_in(browser, other, {"mistake": {"what": "Navn: Fjordkroa AS", "right": "Fjordkroen AS"}})
    browser.post(f"/drafts/{other}/review")
    case = Case.objects.get()
    assert (case.service, case.party) == ("wrong-entity-information", f"organisation:{company.pk}")
    assert case.authority == people.state("bronnoysundregistrene").pk


def test_a_wrong_name_becomes_a_case_at_the_registers_keeper(kari):
    browser = client_of(kari)
    draft = begin(browser, "change-of-name")
    page = browser.get(f"/drafts/{draft}/name").content.decode()
    assert page.count('name="wrong"') == 2 and 'value="last_name"' in page
    answer = browser.post(
        f"/drafts/{draft}/name",
        {"first_names": "Kari", "middle_names": "Moe", "last_name": "Nordmann", "wrong": "last_name"},
    )
    where = answer["Location"]
    assert where.endswith("/mistake") and str(draft) not in where
    assert "Etternavn: Nordman</textarea>" in browser.get(where).content.decode()
    kept = browser.get(f"/drafts/{draft}/name").content.decode()
    assert "Moe" in kept and "Nordmann" in kept  # what was typed is kept

    other = where.split("/")[2]
    fill_in(browser, other, {"mistake": {"what": "Etternavn: Nordman", "right": "Nordmann"}})
    browser.post(f"/drafts/{other}/review")
    case = Case.objects.get()
    assert (case.service, case.authority) == ("wrong-information", people.state("skatteetaten").pk)
    assert Draft.objects.get(pk=draft).case is None


@pytest.mark.parametrize("name", ["middle_names", "nothing", "", "\x00"])
def test_what_no_register_filled_in_is_not_disputed(kari, name):
    browser = client_of(kari)
    draft = begin(browser, "change-of-name")
    typed = {"first_names": "Kari", "middle_names": "", "last_name": "Nordman", "wrong": name}
    answer = browser.post(f"/drafts/{draft}/name", typed)
    assert answer["Location"].endswith("/tie")
    assert not Draft.objects.filter(service="wrong-information").exists()
