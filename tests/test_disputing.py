"""What a register has wrong is told to its keeper, from the form that it fills in."""

import pytest

from allting.common.cases.models import Case, Draft
from allting.common.cases.tests.factories import begin, client_of, fill_in
from allting.common.catalogue import api as catalogue
from allting.common.exchange import api as exchange
from allting.common.registers.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def kari():
    for slug in ("skatteetaten", "skattedirektoratet"):
        people.state(slug)
    return people.person(given_name="Kari", family_name="Nordman")


def test_every_data_set_that_fills_in_a_citizens_answer_can_be_said_to_be_wrong():
    filled = {
        catalogue.origin(one.service, field)
        for one in catalogue.services()
        for field in one.service.fields.values()
        if field.prefill and one.service.audience == "citizen"
    }
    assert filled - {""}
    assert not [dataset for dataset in filled - {""} if catalogue.correction(dataset) is None]
    assert all(dataset in exchange.datasets() for dataset in filled - {""})


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
