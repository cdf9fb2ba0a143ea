"""The sealed document that a granted application gives: in the letter, on the case, in the archive, and taken back."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from allting.common.archive.models import Document
from allting.common.cases.models import Case, Certificate
from allting.common.cases.tests.factories import client_of, work
from allting.common.cases.tests.test_lists import parking
from allting.common.mailbox import api as mailbox
from allting.common.mailbox.models import StoredLetter
from allting.common.registers.tests import factories as people
from allting.common.signature import api as signature
from allting.kernel.actor import Actor
from allting.kernel.problems import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def kari(molde):
    return people.person(given_name="Kari")


@pytest.fixture
def office(molde, nina):
    return client_of(nina, as_officer_of=molde.pk)


def act(office, case, action, **form):
    form["revision"] = Case.objects.get(pk=case).revision
    answer = office.post(f"/office/cases/{case}/{action}", form)
    assert answer.status_code == 302, answer.content.decode()[-3000:]


@pytest.fixture
def granted(kari, office):
    case = parking(client_of(kari))
    act(office, case, "decide", outcome="granted", grounds="Du trenger det.")
    return case


def document_of(kari, case):
    letter = StoredLetter.objects.get(key=Certificate.objects.get(case=case).key)
    return mailbox.enclosure(Actor(kari.pk), letter.pk)


def checked(client, data):
    return client.post("/verify", {"document": SimpleUploadedFile("a.pdf", data)}).content.decode()


def test_it_comes_with_the_letter_and_anyone_can_check_it(kari, granted):
    work()
    browser = client_of(kari)
    page = browser.get(f"/my/cases/{granted}").content.decode()
    assert "Bekreftelse på parkeringstillatelse" in page and "enclosure.pdf" in page and "Gyldig" in page
    letter = StoredLetter.objects.get(key=Certificate.objects.get(case=granted).key)
    assert "Last ned Bekreftelse på parkeringstillatelse" in browser.get(f"/my/letters/{letter.pk}").content.decode()
    pdf = browser.get(f"/my/letters/{letter.pk}/enclosure.pdf").content
    report = signature.verify(pdf)
    assert report.valid and report.signatures[0].by == "platform"
    assert "ingenting er endret siden" in checked(browser, pdf)
    assert Document.objects.filter(entry__case=granted, entry__direction="out").count() == 2


def test_another_and_a_refused_one_have_none(kari, granted, office):
    work()
    letter = StoredLetter.objects.get(key=Certificate.objects.get(case=granted).key)
    with pytest.raises(NotFound):
        mailbox.enclosure(Actor(people.person().pk), letter.pk)
    refused = parking(client_of(kari))
    act(office, refused, "decide", outcome="refused", grounds="Nei.")
    work()
    plain = StoredLetter.objects.filter(case=refused).get()
    assert client_of(kari).get(f"/my/letters/{plain.pk}/enclosure.pdf").status_code == 404
    assert not Certificate.objects.filter(case=refused).exists()


@pytest.mark.parametrize("made_first", [True, False])
def test_an_annulled_decision_takes_it_back_also_when_the_worker_comes_late(kari, granted, office, made_first):
    if made_first:
        work()
    act(office, granted, "annul", ground="invalid", annul_grounds="Feil person.")
    work()
    pdf = document_of(kari, granted)
    assert not signature.verify(pdf).valid
    assert "har trukket det tilbake" in checked(client_of(kari), pdf)
    page = client_of(kari).get(f"/my/cases/{granted}").content.decode()
    assert "Trukket tilbake" in page and "enclosure.pdf" not in page


def test_a_new_decision_gives_a_new_one_and_takes_the_old_one_back(kari, granted, office):
    work()
    old = document_of(kari, granted)
    act(office, granted, "reopen", reopen_why="Ny legeerklæring.")
    assert signature.verify(old).valid  # the decision stands meanwhile
    act(office, granted, "decide", outcome="granted", grounds="Fortsatt.")
    work()
    assert not signature.verify(old).valid
    first, second = Certificate.objects.filter(case=granted).order_by("id")
    assert first.withdrawn is not None and second.withdrawn is None and first.sha256 != second.sha256


def test_one_whose_last_day_is_over_holds_no_more(kari, granted):
    Certificate.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    work()
    page = client_of(kari).get(f"/my/cases/{granted}").content.decode()
    assert "Gjelder ikke lenger" in page and "enclosure.pdf" not in page


def test_it_is_printed_beside_a_letter_on_paper(kari, granted, tmp_path):
    StoredLetter.objects.update(channel="paper")
    work()
    mailbox.print_waiting(tmp_path)
    assert len(list(tmp_path.glob("*-1.pdf"))) == 1
    assert "-1.pdf" in next(tmp_path.glob("list-*.csv")).read_text("utf-8-sig")
