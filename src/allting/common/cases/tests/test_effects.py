"""What a granted application changes in the population register, with the log and the event."""

from datetime import date

import pytest

from allting.common.audit import api as audit
from allting.common.cases.models import Case
from allting.common.cases.tests.factories import client_of, pdf, send, work
from allting.common.registers.models import Person
from allting.common.registers.tests import factories as people
from allting.kernel import events
from allting.kernel.actor import Actor

pytestmark = pytest.mark.django_db
NAME = {
    "name": {"first_names": "Kari", "middle_names": "Moe", "last_name": "Nes"},
    "tie": {"tie": "free", "ten_years": "no"},
}


@pytest.fixture
def heard(monkeypatch):
    found = []
    monkeypatch.setattr(events, "publish", lambda name, **facts: found.append((name, facts)))
    return found


@pytest.fixture
def tax():
    for slug in ("statsforvalteren", "skattedirektoratet"):
        people.state(slug)
    return people.state("skatteetaten")


def decide(case, tax, outcome="granted"):
    office = client_of(people.officer_in(tax), as_officer_of=tax.pk)
    form = {"revision": Case.objects.get(pk=case).revision, "outcome": outcome, "grounds": "Slik er det."}
    return office.post(f"/office/cases/{case}/decide", form)


def test_a_granted_name_is_the_registers_and_a_refused_one_is_not(tax, heard):
    kari = people.person(given_name="Kari", family_name="Nordman")
    assert decide(send(client_of(kari), "change-of-name", NAME), tax, "refused").status_code == 302
    assert Person.objects.get(pk=kari.pk).name == "Kari Nordman"
    assert decide(send(client_of(kari), "change-of-name", NAME), tax).status_code == 302
    row = Person.objects.get(pk=kari.pk)
    assert (row.given_name, row.family_name) == ("Kari Moe", "Nes")
    assert ("registers.person_renamed", {"person": kari.pk}) in heard
    changes = [one for one in audit.entries_about(Actor(kari.pk)) if one.action == "change"]
    assert (changes[0].who, changes[0].basis, changes[0].fields) == (
        "Skatteetaten", "navneloven § 1", ("given_name", "family_name"),
    )  # fmt: skip


def test_a_name_that_the_register_has_no_room_for_is_said_and_nothing_is_decided(tax):
    kari = people.person(given_name="Kari")
    case = send(client_of(kari), "change-of-name", NAME | {"name": NAME["name"] | {"last_name": "x" * 81}})
    assert decide(case, tax).status_code == 422
    assert Case.objects.get(pk=case).outcome == "" and Person.objects.get(pk=kari.pk).family_name == "Prøve"


def test_who_moves_abroad_with_her_child_has_emigrated_with_her_address_there(tax, heard):
    kari = people.person()
    child = people.child_of(kari)
    left = date.today().isoformat()  # noqa: DTZ011
    pages = {
        "where": {"country": "Canada", "leaves": left, "long": "yes", "address_abroad": "12 Lake Road\nToronto",
                  "passport": pdf(), "upload": "passport"},
    }  # fmt: skip
    from allting.common.cases.models import Draft
    from allting.common.cases.tests.factories import begin, fill_in

    browser = client_of(kari)
    draft = begin(browser, "moving-abroad")
    browser.post(f"/drafts/{draft}/where", pages["where"])
    del pages["where"]["passport"], pages["where"]["upload"]
    pages["ties"] = {"home": "no", "work": "no", "family": "no", "also": str(child.pk), "agreed": "yes"}
    fill_in(browser, draft, pages)
    browser.post(f"/drafts/{draft}/review")
    assert decide(Draft.objects.get(pk=draft).case, tax).status_code == 302
    work()
    for one in (kari, child):
        row = Person.objects.select_related("address").get(pk=one.pk)
        assert row.emigrated.isoformat() == left
        assert (row.address.street, row.address.place) == ("12 Lake Road Toronto", "Canada")
        assert ("registers.person_emigrated", {"person": one.pk, "left_on": row.emigrated}) in heard
