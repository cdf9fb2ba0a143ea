"""What the archive means for cases: from a line of the journal to a request, and gone when the years are out."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from allting.common.archive import api as archive
from allting.common.archive.models import Entry, File
from allting.common.archive.tests.test_export import journalled
from allting.common.cases.models import Attachment, Case, Draft, Event
from allting.common.cases.tests.factories import KINDERGARTEN, client_of, send, work
from allting.common.registers.tests import factories as people
from allting.common.signature import api as signature

pytestmark = pytest.mark.django_db


def test_from_an_entry_to_the_request_for_access():
    """She is asked to log in, and the questions know which case it is about."""

    journalled(people.municipality(), 1)
    people.state("statsforvalteren")
    reader = client_of(people.person())
    sent = {
        "again": "1",
        "ask.body": "1506",
        "ask.case_number": "2026/1",
        "ask.what": "Søknad",
        "ask.other": "x",
    }
    begun = reader.post("/services/document-access/start", sent)
    page = reader.get(begun["Location"]).content.decode()
    assert 'value="2026/1"' in page and "Søknad" in page


def test_the_case_goes_with_its_documents(tmp_path):
    """From an application to nothing but a line in the journal."""

    people.state("statsforvalteren")
    molde = people.municipality()
    parent = people.person()
    child = people.child_of(parent)
    pages = KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}}
    case = send(client_of(parent), "kindergarten-place", pages)
    work()
    archive.close(case, "Molde kommune")
    File.objects.filter(case=case).update(closed=timezone.now() - timedelta(days=365 * 60))
    call_command("archive", "destroy", "--authority", molde.slug, tmp_path / "a.csv")
    work()
    assert not Case.objects.exists() and not Event.objects.exists() and not Draft.objects.exists()
    assert not Attachment.objects.exists() and not signature.has_document(case)
    assert [one.party_name for one in archive.entries(case)] != [] and Entry.objects.filter(case=case).exists()
