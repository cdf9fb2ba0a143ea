from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone

from allting.common.audit import api as audit
from allting.common.registers import api as registers
from allting.common.registers.models import Mandate
from allting.common.registers.tests import factories as make
from allting.kernel import events
from allting.kernel.actor import Actor, Capacity, Level, Party, Purpose
from allting.kernel.problems import Invalid, NotFound

pytestmark = pytest.mark.django_db
PURPOSE = Purpose("barnehageloven § 16", "a test")


def actor(person):
    return Actor(person=person.pk, level=Level.SUBSTANTIAL)


def test_a_look_up_answers_and_is_logged():
    kari = make.person()
    found = registers.look_up(actor(kari), PURPOSE, "population.person", kari.pk)
    assert found["name"] == "Kari Prøve"
    assert found["address"]["municipality"] == "1506"
    assert audit.entries_about(actor(kari))[0].dataset == "population.person"


def test_only_living_children_under_18_are_children():
    kari = make.person()
    make.child_of(kari, date(2001, 1, 1), "Grown")
    small = make.child_of(kari)
    (child,) = registers.look_up(actor(kari), PURPOSE, "population.children", kari.pk)
    assert (child["id"], child["lives_with_me"]) == (str(small.pk), True)
    (guardian,) = registers.look_up(actor(kari), PURPOSE, "population.guardians", small.pk)
    assert guardian["id"] == str(kari.pk)


def test_a_person_is_found_by_number_and_an_unknown_one_is_not():
    kari = make.person()
    assert registers.find_person(actor(kari), PURPOSE, kari.identity_number) == kari.pk
    with pytest.raises(NotFound):
        registers.find_person(actor(kari), PURPOSE, "20914695016")


def test_who_may_act_for_whom():
    kari, (siri, company) = make.person(), make.chief_of()
    small, molde = make.child_of(kari), make.municipality()
    nina = make.officer_in(molde)
    assert registers.may_act(kari.pk, Party("person", kari.pk)) is Capacity.CITIZEN
    assert registers.may_act(kari.pk, Party("person", small.pk)) is Capacity.GUARDIAN
    assert registers.may_act(siri.pk, Party("organisation", company.pk)) is Capacity.REPRESENTATIVE
    assert registers.may_act(nina.pk, Party("organisation", molde.pk)) is Capacity.OFFICER
    assert registers.may_act(kari.pk, Party("organisation", company.pk)) is None
    assert registers.may_act(siri.pk, Party("person", small.pk)) is None


def test_a_power_ends_at_once():
    siri, company = make.chief_of()
    Mandate.objects.filter(person=siri).update(ended=timezone.localdate())
    assert registers.may_act(siri.pk, Party("organisation", company.pk)) is None


def test_the_authority_for_an_address():
    molde, county, nav = make.municipality(), make.county(), make.state("nav")
    assert registers.authority_for("every municipality", "1506").id == molde.pk
    assert registers.authority_for("every county", "1506").id == county.pk
    assert registers.authority_for("nav", None).id == nav.pk
    with pytest.raises(NotFound):
        registers.authority_for("every municipality", None)
    with pytest.raises(NotFound):
        registers.authority(uuid4())


def test_a_family_moves_together_and_everyone_who_listens_hears_it():
    heard = []
    events.subscribe("registers.person_moved", lambda person, moved_on: heard.append(person))
    make.municipality("1508")
    kari = make.person()
    small = make.child_of(kari)
    new = {"street": "Kaia 2", "postcode": "6002", "place": "Ålesund", "municipality": "1508"}
    registers.move(actor(kari), PURPOSE, kari.pk, new, date(2026, 11, 23), also=[small.pk])
    assert registers.municipality_of(small.pk) == "1508"
    assert heard == [kari.pk, small.pk]
    assert audit.entries_about(actor(kari))[0].action == "change"
    with pytest.raises(Invalid):
        registers.move(actor(kari), PURPOSE, kari.pk, new | {"municipality": "9999"}, date(2026, 11, 23))
    assert registers.municipality_of(kari.pk) == "1508"


def test_contact_data_is_the_partys_own():
    kari = make.person()
    registers.set_contact(actor(kari), email="a@example.org", mobile="", language="nn", reserved=True)
    assert registers.contact(actor(kari).party) == registers.Contact("a@example.org", "", "nn", True)
    assert registers.contact(Party("person", uuid4())) == registers.Contact()
    assert registers.name_of(actor(kari).party) == "Kari Prøve"
