"""What sending an application leaves behind: what was looked up, the files, the journal."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection

from allting.common.archive.models import Entry as JournalEntry
from allting.common.audit import api as audit
from allting.common.cases import api as cases
from allting.common.cases.models import Attachment, Case
from allting.common.cases.tests.factories import KINDERGARTEN, begin, client_of, fill_in, pdf, send, work
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor, Level
from allting.kernel.problems import Invalid

pytestmark = pytest.mark.django_db
PROJECT = {"address": "Storgata 1", "what": "garage", "describe": "36 m²"}


@pytest.fixture
def parent(molde):
    return people.person()


@pytest.mark.django_db(transaction=True)
def test_who_was_looked_up_stands_in_the_log_also_when_nothing_was_sent():
    """Nineteen numbers that are somebody's and one that is not would else tell who exists, and leave no trace."""
    people.municipality()
    builder, neighbour = people.person(), people.person()
    numbers = f"{neighbour.identity_number}\n20914695016"
    browser = client_of(builder)
    draft = begin(browser, "neighbour-notice")
    fill_in(browser, draft, {"project": PROJECT, "neighbours": {"neighbours": numbers}})
    answer = browser.post(f"/drafts/{draft}/review")
    assert answer.status_code == 422 and "linje 2" in answer.content.decode() and Case.objects.count() == 0
    (entry,) = audit.entries_about(Actor(neighbour.pk))
    assert entry.dataset == "population.person" and entry.basis == "plan- og bygningsloven § 21-3"


def test_a_draft_that_changes_while_it_is_sent_is_not_sent_with_other_neighbours(molde, parent, monkeypatch):
    from allting.common.cases import submitting
    from allting.kernel.problems import Conflict

    first, second = people.person(), people.person()
    browser = client_of(parent)
    draft = begin(browser, "neighbour-notice")
    pages = {"project": PROJECT, "neighbours": {"neighbours": first.identity_number}}
    fill_in(browser, draft, pages)
    look = submitting._named

    def meanwhile(actor, form):
        found = look(actor, form)
        cases.save(actor, form.id, "neighbours", {"neighbours": [second.identity_number]})
        return found

    monkeypatch.setattr(submitting, "_named", meanwhile)
    with pytest.raises(Conflict):
        cases.submit(Actor(parent.pk, Level.SUBSTANTIAL), UUID(draft))
    assert Case.objects.count() == 0


def test_a_file_of_a_question_that_is_no_longer_asked_is_not_sent(molde, parent):
    child = people.child_of(parent)
    browser = client_of(parent)
    draft = begin(browser, "kindergarten-place")
    fill_in(browser, draft, {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}})
    browser.post(f"/drafts/{draft}/work", {"shift_work": "yes", "employer_letter": pdf(), "upload": "employer_letter"})
    assert Attachment.objects.count() == 1
    fill_in(browser, draft, {"work": {"shift_work": "no"}})
    browser.post(f"/drafts/{draft}/review")
    assert Case.objects.count() == 1 and Attachment.objects.count() == 0


def test_no_name_of_anybody_stands_open_in_the_journal(molde, parent):
    """Party names are sealed there; a decision's own title would tell the child's."""
    child = people.child_of(parent, given_name="Lillebror")
    pages = KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}}
    case = send(client_of(parent), "kindergarten-place", pages)
    officer = Actor(people.officer_in(molde).pk, name="Nina").as_officer(molde.pk, "Molde kommune")
    cases.decide(officer, case, Case.objects.get().revision, "granted", "Plass.")
    work()
    titles = list(JournalEntry.objects.order_by("number").values_list("title", flat=True))
    assert titles == ["Barnehageplass", "Vedtak: Barnehageplass"]


def test_nothing_personal_stands_open_in_the_database(molde, parent):
    """All columns that are not sealed, after a walk: no name, number or word of hers outside the registers."""
    child = people.child_of(parent, given_name="Lillebror")
    pages = KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}}
    pages = pages | {"work": {"shift_work": "no", "message": "Hun er allergisk mot nøtter."}}
    case = send(client_of(parent), "kindergarten-place", pages)
    officer = Actor(people.officer_in(molde, "Nina").pk, name="Nina Prøve").as_officer(molde.pk, "Molde kommune")
    cases.ask(officer, case, Case.objects.get().revision, "Hvilke nøtter?")
    cases.answer(Actor(parent.pk), case, "Alle nøtter.")
    cases.decide(officer, case, Case.objects.get().revision, "refused", "Vi har ingen nøttefri avdeling.")
    cases.appeal(Actor(parent.pk), case, "Dere kan lage en nøttefri avdeling.")
    work()
    seen = ""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("registers_", "identity_", "django_", "catalogue_")):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            values = [one for row in cursor.fetchall() for one in row if not isinstance(one, (bytes, memoryview))]
            seen += table + " ".join(map(str, values)) + "\n"
    secrets = ("Lillebror", "Kari", "Prøve", "nøtt", parent.identity_number, child.identity_number, "@example.org")
    assert [(secret, line) for secret in secrets for line in seen.splitlines() if secret in line] == []


def test_a_stopped_application_looks_nobody_up(molde, parent):
    """What is missing is told before anybody is looked up."""
    neighbour = people.person()
    browser = client_of(parent)
    draft = begin(browser, "neighbour-notice")
    fill_in(browser, draft, {"project": PROJECT})
    with pytest.raises(Invalid):
        cases.submit(Actor(parent.pk, Level.SUBSTANTIAL), UUID(draft))
    assert audit.entries_about(Actor(neighbour.pk)) == []
