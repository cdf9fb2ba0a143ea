"""Who may act for whom, and how far: roles, ages, guardians and powers of attorney."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allting.common.audit.models import Entry
from allting.common.registers import api as registers
from allting.common.registers import roles
from allting.common.registers.models import Mandate, Relation
from allting.common.registers.powers import PURPOSE
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Actor, Capacity, Level, Party
from allting.kernel.calendar import months_after
from allting.kernel.problems import Invalid, NotAllowed, NotFound
from allting.kernel.scope import Reach

pytestmark = pytest.mark.django_db


def actor(person, **more):
    return Actor(person=person.pk, level=Level.HIGH, **more)


def of(row):
    return Party(row._meta.model_name, row.pk)


def years_ago(years):
    return months_after(timezone.localdate(), -12 * years) - timedelta(days=1)


def in_role(role, company=None):
    person = make.person()
    company = company or make.chief_of()[1]
    Mandate.objects.create(person=person, organisation=company, role=role)
    return person, company


def covers(person, party, service, *themes, authority=None):
    found = registers.mandate(person.pk, of(party))
    return found is not None and found.scope.covers(service, themes, authority)


def test_a_role_does_what_its_file_says():
    for role in ("chief-executive", "board-chair", "signatory"):
        person, company = in_role(role)
        assert covers(person, company, "serving-licence", "handel-og-service")
    procurator, company = in_role("procurator")
    assert covers(procurator, company, "serving-licence", "handel-og-service")
    assert not covers(procurator, company, "transfer-of-property", "kjop-og-salg")
    accountant, company = in_role("accountant")
    tax = make.state("skatteetaten")
    assert covers(accountant, company, "value-added-tax", "avgift")
    assert covers(accountant, company, "anything", "annet", authority=tax.pk)
    assert not covers(accountant, company, "serving-licence", "handel-og-service")


@pytest.mark.parametrize("role", ["employee", "auditor", "contact-person", "made-up"])
def test_a_role_that_is_not_in_the_file_may_do_nothing(role):
    person, company = in_role(role)
    assert registers.may_act(person.pk, of(company)) is None
    assert registers.mandates(person.pk) == []


def test_whoever_signs_together_is_told_so_and_alone_goes_before():
    person, company = in_role("joint-signatory")
    partner, _company = in_role("joint-signatory", company)
    assert registers.mandate(person.pk, of(company)).together
    assert registers.co_signers(person.pk, company.pk) == [partner.pk]
    Mandate.objects.create(person=person, organisation=company, role="signatory")
    assert not registers.mandate(person.pk, of(company)).together
    assert not registers.mandates(person.pk)[0].together


@pytest.mark.parametrize(
    ("years", "all_else", "health"), [(3, True, True), (15, True, True), (16, True, False), (18, False, False)]
)
def test_what_a_parent_may_do_follows_the_childs_age(years, all_else, health):
    parent = make.person()
    child = make.child_of(parent, years_ago(years))
    assert covers(parent, child, "x", "barnehage") is all_else
    assert covers(parent, child, "x", "helsetjenester") is health
    assert bool(registers.mandates(parent.pk)) is all_else


def test_a_guardian_acts_as_far_as_the_decision_says_and_as_long():
    guardian, ward = make.person(), make.person(born=date(1940, 1, 1))
    row = Relation.objects.create(person=guardian, other=ward, kind="guardian", scope="economic")
    assert covers(guardian, ward, "x", "skatt")
    assert not covers(guardian, ward, "x", "helsetjenester")
    row.scope = "personal"
    row.save()
    assert not covers(guardian, ward, "x", "skatt")
    assert covers(guardian, ward, "x", "helsetjenester")
    row.scope = ""
    row.save()
    assert registers.mandate(guardian.pk, of(ward)).scope.limits() is None
    row.ended = timezone.localdate()
    row.save()
    assert registers.mandate(guardian.pk, of(ward)) is None


def test_only_children_have_their_parents_as_guardians():
    parent = make.person()
    grown, small = make.child_of(parent, date(1995, 1, 1)), make.child_of(parent)
    assert registers.look_up(actor(parent), PURPOSE, "population.guardians", grown.pk) == []
    assert len(registers.look_up(actor(parent), PURPOSE, "population.guardians", small.pk)) == 1


def test_a_power_lets_the_receiver_act_from_its_first_to_its_last_day():
    siri, amir = make.person(), make.person()
    today = timezone.localdate()
    row = make.power(siri, amir, reach={"services": ["change-of-address"]}, ends=today)
    assert registers.may_act(amir.pk, of(siri)) is Capacity.ATTORNEY
    assert covers(amir, siri, "change-of-address")
    assert not covers(amir, siri, "child-benefit", "familieytelser")
    assert registers.may_act(siri.pk, of(amir)) is None
    day = timedelta(days=1)
    for change in ({"starts": today + day, "ends": None}, {"starts": today, "ends": today - day}):
        type(row).objects.filter(pk=row.pk).update(**change)
        assert registers.may_act(amir.pk, of(siri)) is None
    type(row).objects.filter(pk=row.pk).update(ends=None)
    assert registers.may_act(amir.pk, of(siri)) is Capacity.ATTORNEY
    type(siri).objects.filter(pk=siri.pk).update(died=today)
    assert registers.may_act(amir.pk, of(siri)) is None


def test_an_organisations_power_is_used_by_those_who_may_give_one_for_it():
    siri, office = make.person(), make.chief_of("Regnskap AS")[1]
    chief = Mandate.objects.get(organisation=office).person
    employee, _office = in_role("employee", office)
    make.power(siri, office)
    assert registers.may_act(chief.pk, of(siri)) is Capacity.ATTORNEY
    assert registers.may_act(employee.pk, of(siri)) is None
    assert [one.name for one in registers.mandates(chief.pk)] == [siri.name, "Regnskap AS"]


def test_several_mandates_cover_what_one_of_them_covers():
    person, company = in_role("accountant")
    make.power(company, person, reach={"services": ["serving-licence"]})
    assert covers(person, company, "serving-licence", "handel-og-service")
    assert covers(person, company, "x", "skatt")
    assert not covers(person, company, "x", "bygging")
    assert len(registers.mandates(person.pk)) == 1


def test_one_query_tells_how_far_and_it_uses_indexes():
    person, company = in_role("accountant")
    child = make.child_of(person)
    make.power(company, person, reach={"services": ["serving-licence"]})
    make.state("skatteetaten")
    registers.mandate(person.pk, of(company))  # the authorities' ids are remembered
    for party in (of(company), of(child)):
        with CaptureQueriesContext(connection) as caught:
            assert registers.may_act(person.pk, party)
        assert len(caught) == 1
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + caught[0]["sql"])
            plan = [row[3] for row in cursor.fetchall()]
        assert not [line for line in plan if line.startswith("SCAN")], plan


def test_eight_hundred_clients_come_a_page_at_a_time_in_the_same_queries():
    accountant = make.person()
    make.client_companies(accountant, 800)
    make.state("skatteetaten")
    registers.mandates(accountant.pk, limit=1)
    seen, last, queries = [], None, set()
    while True:
        with CaptureQueriesContext(connection) as caught:
            page = registers.mandates(accountant.pk, after=last, limit=50)
        queries.add(len(caught))
        if not page:
            break
        seen += [one.name for one in page]
        last = page[-1].party.id
    assert seen == [f"Klient {place:03} AS" for place in range(800)]
    assert max(queries) <= 6
    assert [one.name for one in registers.mandates(accountant.pk, "klient 79")] == [
        f"Klient {place:03} AS" for place in range(790, 800)
    ]


# --- Giving and ending -----------------------------------------------------------------------------


def give(giver, receiver, reach=None, starts=None, ends=None, **acting):
    today = timezone.localdate()
    reach = reach or Reach(services=frozenset({"change-of-address"}))
    return registers.give_power(actor(giver, **acting), receiver, reach, starts or today, ends)


def test_a_power_is_given_and_withdrawn_at_once_and_both_are_logged():
    siri, amir = make.person(), make.person()
    power = give(siri, of(amir))
    assert registers.may_act(amir.pk, of(siri))
    assert registers.powers_given(actor(siri))[0].receiver == of(amir)
    assert registers.powers_received(actor(amir))[0].giver_name == siri.name
    registers.end_power(actor(siri), power)
    registers.end_power(actor(siri), power)
    assert registers.may_act(amir.pk, of(siri)) is None
    entries = Entry.objects.filter(dataset="registers.power")
    assert sorted(entries.values_list("action", "subject")) == sorted(
        (action, person.pk) for action in ("give", "withdraw") for person in (siri, amir)
    )


def test_the_receiver_may_give_it_back_and_nobody_else_sees_it():
    siri, amir, nosy = make.person(), make.person(), make.person()
    power = give(siri, of(amir))
    with pytest.raises(NotFound):
        registers.end_power(actor(nosy), power)
    registers.end_power(actor(amir), power)
    assert registers.power(power).state == "withdrawn"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts": date(2020, 1, 1)}, "starts"),
        ({"ends": date(2020, 1, 1)}, "ends"),
        ({"ends": date(2090, 1, 1)}, "ends"),
        ({"reach": Reach()}, "reach"),
    ],
)
def test_what_cannot_be_given_is_said_at_its_field(change, field):
    with pytest.raises(Invalid) as wrong:
        give(make.person(), of(make.person()), **change)
    assert list(wrong.value.errors) == [field]


def test_nobody_gives_what_is_not_hers():
    siri, company = make.chief_of()
    stranger, child = make.person(), make.child_of(siri)
    for who, party, capacity in (
        (stranger, of(company), Capacity.REPRESENTATIVE), (siri, of(child), Capacity.GUARDIAN),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            give(who, of(stranger), on_behalf_of=party, capacity=capacity)
    with pytest.raises(Invalid):
        give(siri, of(siri))
    acting = {"on_behalf_of": of(company), "capacity": Capacity.REPRESENTATIVE}
    give(siri, of(stranger), **acting)
    assert registers.may_act(stranger.pk, of(company)) is Capacity.REPRESENTATIVE
    with pytest.raises(NotAllowed):  # what was given to her she cannot give on
        give(stranger, of(make.person()), **acting)


def test_a_wrong_name_and_an_unknown_number_are_told_alike_and_only_ten_times():
    siri, amir = make.person(), make.person(family_name="Bolsøy")
    assert registers.find_receiver(actor(siri), amir.identity_number, " bolsøy ") == of(amir)

    def said(number, name):
        with pytest.raises(Invalid) as wrong:
            registers.find_receiver(actor(siri), number, name)
        return wrong.value.errors

    said_first = said(amir.identity_number, "Hansen")
    assert said_first == said("20914695016", "Bolsøy")
    for _time in range(8):
        said("20914695016", "Bolsøy")
    assert said(amir.identity_number, "Bolsøy") != said_first  # right, and yet too late today
    assert registers.find_receiver(actor(make.person()), amir.identity_number, "Bolsøy") == of(amir)


def test_an_enterprise_is_found_by_its_number_and_an_authority_is_not():
    siri, company = make.chief_of()
    assert registers.find_receiver(actor(siri), company.organisation_number, "") == of(company)
    with pytest.raises(Invalid):
        registers.find_receiver(actor(siri), make.state("nav").organisation_number, "")


def test_every_role_names_its_law_in_three_languages():
    for one in roles.ROLES.values():
        assert "§" in one.law
        assert one.name.in_("nn")
