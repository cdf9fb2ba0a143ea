"""Services of different kinds from Start to the letter: tables, three who sign, an association, a rule that pays."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from allting.common.cases.models import Case
from allting.common.cases.tests.factories import client_of, pdf, send, work
from allting.common.mailbox.models import StoredLetter
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Party
from allting.kernel.calendar import months_after
from allting.kernel.encryption import unseal_json

pytestmark = pytest.mark.django_db


def letter_to(party):
    row = StoredLetter.objects.filter(recipient=str(party)).order_by("id").last()
    return unseal_json(bytes(row.content), f"letter:{row.pk}")


def decided(case, organisation, outcome, grounds="Etter en samlet vurdering."):
    """What an officer of the authority sees of the case before she decides it."""
    office = client_of(people.officer_in(organisation), as_officer_of=organisation.pk)
    page = office.get(f"/office/cases/{case}").content.decode()
    form = {"revision": Case.objects.get(pk=case).revision, "outcome": outcome, "grounds": grounds}
    response = office.post(f"/office/cases/{case}/decide", form)
    assert response.status_code == 302, response.content.decode()[-4000:]
    work()
    return page


def test_a_place_in_sfo_is_appealed_to_the_municipalitys_own_board():
    molde = people.municipality()
    people.state("kommunens-klagenemnd")
    parent = people.person()
    child = people.child_of(parent, born=date(2019, 5, 1))
    start = (timezone.localdate() + timedelta(days=30)).isoformat()
    pages = {
        "place": {"child": str(child.pk), "school": "Kvam skole", "grade": "2", "start": start, "size": "full"},
        "needs": {"special_needs": "no"},
    }
    case = send(client_of(parent), "after-school-programme", pages)
    assert Case.objects.get(pk=case).authority == molde.pk
    decided(case, molde, "refused", "Det er ikke ledig plass.")
    letter = letter_to(Party("person", parent.pk))
    assert "kommunens-klagenemnd" in letter["appeal"] and "Kvam skole" in json.dumps(letter, ensure_ascii=False)


def test_the_way_to_school_in_kilometres_with_a_comma():
    county = people.county()
    people.state("statsforvalteren")
    parent = people.person()
    today = timezone.localdate()
    pupil = people.child_of(parent, born=date(today.year - 9, 5, 1))
    pages = {
        "pupil": {"pupil": str(pupil.pk), "school": "Kvam skole", "start": (today + timedelta(days=7)).isoformat()},
        "way": {"distance_km": "4,1", "cannot_walk": "no"},
    }
    case = send(client_of(parent), "school-transport-primary", pages)
    work()
    row = Case.objects.get(pk=case)
    assert (row.authority, row.outcome) == (county.pk, "granted")
    assert "4,1 km" in json.dumps(letter_to(Party("person", parent.pk)), ensure_ascii=False)


def test_cash_for_care_by_hours_in_kindergarten():
    people.state("nav")
    people.state("nav-klageinstans")
    parent = people.person()
    child = people.child_of(parent, born=months_after(timezone.localdate(), -15))
    answers = {"child": str(child.pk), "hours": "9", "shared": "no", "abroad": "no", "member": "yes"}
    case = send(client_of(parent), "cash-for-care", {"child": answers})
    work()
    assert Case.objects.get(pk=case).outcome == "granted"
    letter = json.dumps(letter_to(Party("person", parent.pk)), ensure_ascii=False)
    assert "4\xa0500\xa0kr" in letter and "60\xa0%" in letter


def test_a_marriage_waits_for_three_signatures():
    skatt = people.state("skatteetaten")
    people.state("statsforvalteren")
    me, *others = (people.person(given_name=name) for name in ("Kari", "Ola", "Siri", "Per"))
    pages = {
        "couple": {
            "wedding": (timezone.localdate() + timedelta(days=60)).isoformat(),
            "signers": "\n".join(one.identity_number for one in others),
        },
        "before": {"kin": "no", "free_will": "yes"},
    }
    case = send(client_of(me), "marriage-conditions", pages)
    for one in others:
        assert Case.objects.get(pk=case).state == "signing"
        assert client_of(one).post(f"/my/sign/{case}", {"answer": "yes"}).status_code == 302
    assert Case.objects.get(pk=case).state == "received"
    decided(case, skatt, "granted")
    assert letter_to(Party("person", me.pk))["title"] == "Prøvingsattest"


def test_a_band_asks_for_a_grant_with_its_budget():
    molde = people.municipality()
    people.state("kommunens-klagenemnd")
    chief, band = people.chief_of("Kvam skolekorps")
    pages = {
        "purpose": {
            "kind": "equipment", "what": "Tre saksofoner.", "period": ["2027-08-01", "2027-12-31"],
            "members": "42", "young": "30",
        },
        "money": {
            "costs": ["Saksofoner", "45 000", "Noter", "1 200,50"], "income": ["Loddsalg", "15000"],
            "amount": "30000", "bank": "00000000019", "accounts": pdf(),
        },
    }  # fmt: skip
    party = Party("organisation", band.pk)
    case = send(client_of(chief, acting_for=party), "culture-grant", pages)
    page = decided(case, molde, "granted")
    assert "Noter" in page and "1\xa0200,50" in page
    assert "46\xa0200,50" in page and "31\xa0200,50" in page  # what is computed of it: costs in all, what is missing
    assert "Kvam skolekorps" in letter_to(party)["title"]


def test_a_young_person_applies_for_three_programmes():
    county = people.county()
    people.state("fylkeskommunens-klagenemnd")
    pupil = people.person(born=months_after(timezone.localdate(), -12 * 16))
    wishes = ["el", "Romsdal", "tp", "Romsdal", "st", "Molde"]
    pages = {"wishes": {"wishes": wishes}, "needs": {"special": "no"}}
    case = send(client_of(pupil), "upper-secondary-admission", pages)
    page = decided(case, county, "granted")
    assert "Elektro og datateknologi" in page and "Studiespesialisering" in page


def test_a_childs_name_waits_for_the_other_parent_only_when_there_is_one():
    skatt = people.state("skatteetaten")
    people.state("statsforvalteren")
    mother, father = people.person(given_name="Kari"), people.person(given_name="Ola")
    child = people.child_of(mother, born=timezone.localdate() - timedelta(days=30))
    name = {"first_names": "Per", "middle_names": "", "last_name": "Prøve", "from_parent": "yes"}
    both = {"child": str(child.pk), "alone": "no", "other": father.identity_number}
    case = send(client_of(mother), "child-name", {"child": both, "name": name})
    assert Case.objects.get(pk=case).state == "signing"
    his = {"answer": "yes", "shown": "responsible", "responsible": "yes"}
    assert client_of(father).post(f"/my/sign/{case}", his).status_code == 302
    decided(case, skatt, "granted")
    assert letter_to(Party("person", mother.pk))["title"] == "Barnet har fått navnet Per Prøve"
    alone = {"child": str(child.pk), "alone": "yes"}
    case = send(client_of(mother), "child-name", {"child": alone, "name": name})
    assert Case.objects.get(pk=case).state == "received"


def test_experience_in_a_trade_is_added_up_for_the_officer():
    county = people.county()
    people.state("statsforvalteren")
    carpenter = people.person()
    pages = {
        "trade": {"trade": "Tømrerfaget", "theory": "passed", "exam": pdf()},
        "practice": {
            "practice": ["Hus AS", "2019-08-01", "2023-08-01", "100", "Bygg AS", "2023-08-01", "2025-08-01", "50"],
            "references": pdf(), "place": "", "needs": "",
        },
    }  # fmt: skip
    page = decided(send(client_of(carpenter), "trade-examination", pages), county, "granted")
    assert "Praksis i alt" in page and "60" in page.split("Praksis i alt")[1][:300]
