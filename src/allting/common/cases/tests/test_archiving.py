"""What comes in and goes out is in the archive, as the bytes that were sent."""

import pytest

from allting.common.archive.models import Document, Entry, File
from allting.common.cases.models import Case
from allting.common.cases.tests.factories import KINDERGARTEN, client_of, send, work
from allting.common.cases.tests.test_walk import act, officer_at
from allting.common.mailbox.models import StoredLetter
from allting.common.registers.tests import factories as people
from allting.kernel.encryption import unseal

pytestmark = pytest.mark.django_db


def kept(entry):
    return [unseal(bytes(one.content), f"archive:{one.pk}") for one in entry.documents.order_by("number")]


def test_application_letter_and_appeal_are_kept_and_the_file_closes_and_opens():
    people.state("statsforvalteren")
    molde, parent = people.municipality(), people.person()
    child = people.child_of(parent)
    pages = KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}}
    browser = client_of(parent)
    case = send(browser, "kindergarten-place", pages)
    office, _officer = officer_at(molde)
    act(office, case, "decide", outcome="refused", grounds="Det er fullt.")
    work()
    work()  # once more changes nothing
    application, letter = Entry.objects.order_by("number")
    assert kept(application)[0].startswith(b"%PDF-")
    stored = StoredLetter.objects.get()
    assert kept(letter) == [unseal(bytes(stored.pdf), f"letter-pdf:{stored.pk}")]
    file = File.objects.get()
    assert file.closed and (file.klass, file.title) != ("Uklassifisert", "") and file.years
    assert "forvaltningsloven § 13" in letter.withheld
    sent = browser.post(f"/my/cases/{case}/appeal", {"why": "Jeg er uenig.", "revision": Case.objects.get().revision})
    assert sent.status_code == 302
    work()
    assert File.objects.get().closed is None
    assert [one.after for one in file.changes.order_by("id")] == ["Avsluttet", "Under behandling"]
    assert Document.objects.count() == 3
