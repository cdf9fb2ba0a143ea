import csv
from itertools import islice
from pathlib import Path

import pytest
from django.core.management import call_command

from allting.common.registers.models import Contact, Mandate, Organisation, Person, Relation
from allting.common.registers.population import households, table
from allting.kernel import numbers

REFERENCE = Path(__file__).resolve().parents[6] / "shared" / "data" / "municipalities.csv"


def people(count, seed=2026):
    return [one for house in households(count, seed) for one in house.adults + house.children]


def test_the_same_seed_gives_the_same_people():
    first, again, other = people(500), people(500), people(500, seed=1)
    assert first == again
    assert [one.identity_number for one in first] != [one.identity_number for one in other]


def test_every_number_is_valid_synthetic_unique_and_tells_the_birth_date():
    crowd = people(20_000)
    assert len(crowd) == len({one.identity_number for one in crowd}) == len({one.id for one in crowd})
    for one in crowd:
        assert numbers.identity_number(one.identity_number)
        assert numbers.is_synthetic(one.identity_number)
        assert numbers.birth_date_in(one.identity_number) == one.birth_date
        assert (one.id.version, one.id.variant) == (8, "specified in RFC 4122")


def test_parents_are_older_than_their_children():
    for house in islice(households(5000), 2000):
        for child in house.children:
            assert (child.birth_date - house.adults[0].birth_date).days > 17 * 365


def test_companies_have_valid_numbers():
    found = [house.company for house in households(3000) if house.company]
    assert len(found) == len({number for _id, number, _name in found}) > 100
    for _id, number, _name in found:
        assert numbers.organisation_number(number) == number


def test_all_counties_and_municipalities_are_there():
    division = table("division")
    assert len(division) == 15
    codes = {number: name for one in division for number, name in one["municipalities"].items()}
    assert len(codes) == 357
    assert codes["1506"] == "Molde"
    if REFERENCE.exists():
        with REFERENCE.open() as file:
            assert codes == {row["number"]: row["name"] for row in csv.DictReader(file)}


@pytest.mark.django_db
def test_the_country_is_loaded_once(capsys):
    call_command("people", count=300)
    counts = [table.objects.count() for table in (Person, Relation, Contact, Mandate, Organisation)]
    assert counts[0] >= 300
    assert Organisation.objects.filter(kind="municipality").count() == 357
    assert Organisation.objects.filter(kind="county").count() == 15
    assert Organisation.objects.filter(kind="state").count() >= 20
    call_command("people", count=300)
    assert counts == [table.objects.count() for table in (Person, Relation, Contact, Mandate, Organisation)]
