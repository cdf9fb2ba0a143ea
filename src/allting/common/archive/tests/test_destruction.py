"""Destruction when the years are out: with a report, not before, and not what somebody keeps back."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from allting.common.archive import api as archive
from allting.common.archive.models import Document, Entry, File
from allting.common.archive.tests.test_export import journalled, run
from allting.common.outbox.models import Effect
from allting.common.registers.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def molde():
    return people.municipality()


def aged(authority, number, years_ago, **how):
    case = journalled(authority, number, **how)
    today = timezone.localdate()
    day = today.replace(year=today.year - years_ago) - timedelta(days=1)
    File.objects.filter(case=case).update(
        closed=timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 12))
    )
    return case


def told(*arguments):
    out = StringIO()
    call_command("archive", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_only_what_is_due_goes_and_the_report_says_what(molde, tmp_path):
    gone, kept, lasting = aged(molde, 1, 5), aged(molde, 2, 4), aged(molde, 3, 90, years=None)
    assert "1 cases are due" in told("destroy", "--authority", molde.slug)
    assert Document.objects.exclude(content=None).count() == 9
    report = tmp_path / "destroyed.csv"
    assert "1 cases with 3 documents are destroyed" in told("destroy", "--authority", molde.slug, report)
    rows = list(csv.DictReader(report.open(encoding="utf-8")))
    assert [(one["case"], one["class"], one["years"], one["entries"], one["documents"]) for one in rows] == [
        ("2026/1", "A10", "5", "2", "3")
    ]
    assert "Kari" not in report.read_text(encoding="utf-8")
    of = {
        case: Document.objects.filter(entry__case=case).exclude(content=None).count() for case in (gone, kept, lasting)
    }
    assert of == {gone: 0, kept: 3, lasting: 3}


def test_the_journal_stays_without_the_name(molde, tmp_path):
    case = aged(molde, 1, 5)
    told("destroy", "--authority", molde.slug, tmp_path / "a.csv")
    assert [one.party_name for one in archive.entries(case)] == ["", ""]
    assert Entry.objects.filter(case=case).count() == 2
    assert Effect.objects.filter(kind="archive.destroyed", key=str(case)).exists()
    start = (timezone.localdate() - timedelta(days=3000)).isoformat()
    assert "0 documents" in run(molde, tmp_path / "out", start=start)  # and says in its place that it was destroyed
    assert (tmp_path / "out" / "arkivstruktur.xml").read_text(encoding="utf-8").count("<utfoertKassasjon>") == 3


def test_what_is_kept_back_stays_until_it_is_not(molde, tmp_path):
    aged(molde, 1, 6)
    told("hold", "--authority", molde.slug, "2026/1", "--why", "A claim is in court")
    assert "0 cases are due, and 1 more" in told("destroy", "--authority", molde.slug)
    told("destroy", "--authority", molde.slug, tmp_path / "a.csv")
    assert Document.objects.exclude(content=None).count() == 3
    told("hold", "--authority", molde.slug, "2026/1")
    assert "1 cases with 3 documents" in told("destroy", "--authority", molde.slug, tmp_path / "b.csv")


def test_a_reopened_case_is_not_due(molde):
    archive.reopen(aged(molde, 1, 6), "Molde kommune")
    assert "0 cases are due" in told("destroy", "--authority", molde.slug)


def test_another_authority_that_has_it_still_keeps_the_case(molde, tmp_path):
    case = aged(molde, 1, 6)
    other = people.state("statsforvalteren")
    archive.journal(
        authority=other.pk, case=case, case_number="2026/1", title="Klage", direction="in", document=case,
        party_name="", journalled_on=date(2026, 3, 2),
    )  # fmt: skip
    told("destroy", "--authority", molde.slug, tmp_path / "a.csv")
    assert not Effect.objects.filter(kind="archive.destroyed").exists()


def test_refusals_destroy_nothing(molde, tmp_path):
    aged(molde, 1, 6)
    there = tmp_path / "there.csv"
    there.write_text("mine")
    later = (timezone.localdate() + timedelta(days=1)).isoformat()
    for bad in (
        ("destroy", "--authority", molde.slug, there), ("destroy", "--authority", "nobody", tmp_path / "x"),
        ("destroy", "--authority", molde.slug, "--on", later, tmp_path / "y"),
        ("destroy", "--authority", molde.slug, tmp_path / "no" / "folder.csv"),
        ("hold", "--authority", molde.slug, "2026/99", "--why", "x"),
    ):  # fmt: skip
        with pytest.raises(CommandError):
            told(*bad)
    assert Document.objects.exclude(content=None).count() == 3 and there.read_text() == "mine"
