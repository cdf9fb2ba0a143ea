from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction

from allting.common.archive import api as archive
from allting.common.archive.models import Entry

pytestmark = pytest.mark.django_db


def enter(authority, *, case=None, document=None, direction="in", on=date(2026, 3, 2)):
    return archive.journal(
        authority=authority,
        case=case or uuid4(),
        case_number="2026/1",
        title="Søknad om barnehageplass",
        direction=direction,
        document=document,
        party_name="Kari Prøve",
        journalled_on=on,
    )


def test_numbers_run_without_gaps_per_authority_and_year():
    molde, oslo = uuid4(), uuid4()
    numbers = [enter(molde).number, enter(molde).number]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enter(molde)
        1 / 0  # noqa: B018
    numbers.append(enter(molde).number)
    assert numbers == [1, 2, 3]
    assert enter(oslo).number == 1
    assert enter(molde, on=date(2027, 1, 4)).number == 1


def test_the_same_document_is_journalled_once():
    authority, case, document = uuid4(), uuid4(), uuid4()
    first = enter(authority, case=case, document=document)
    assert enter(authority, case=case, document=document) == first
    assert enter(authority, case=case, document=document, direction="out").number == 2
    assert [entry.number for entry in archive.entries(case)] == [1, 2]


def test_the_name_is_encrypted_at_rest():
    entry = enter(uuid4())
    assert entry.party_name == "Kari Prøve"
    assert b"Kari" not in bytes(Entry.objects.get().party_name)


def test_an_unknown_direction_is_refused():
    with pytest.raises(ValueError, match="direction"):
        enter(uuid4(), direction="sideways")
