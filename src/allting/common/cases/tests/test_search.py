"""Search at work: what is found, by whom, with how little asked, and what the log knows of it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from uuid6 import uuid7

from allting.common.audit.models import Entry
from allting.common.cases import api as cases
from allting.common.cases import searching
from allting.common.cases.models import Case, Word
from allting.common.cases.tests.factories import client_of
from allting.common.cases.tests.test_law import apply, at_work
from allting.common.cases.tests.test_lists import parking
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor
from allting.kernel.problems import Invalid, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def parent(molde):
    return people.person(given_name="Ragnhild", family_name="Åsen Kvam")


@pytest.fixture
def case(parent):
    return apply(parent, people.child_of(parent))


@pytest.fixture
def officer(molde):
    return at_work(molde)


def found(officer, **wanted):
    return [one.id for one in cases.search(officer, cases.Wanted(**wanted))]


def test_a_case_is_found_by_each_of_what_is_known_of_it(officer, parent, case):
    other = parking(client_of(people.person(given_name="Ola")))
    number, today = Case.objects.get(pk=case).number, timezone.localdate()
    for wanted in (
        {"number": number}, {"party": parent.identity_number}, {"party": "ragnhild"}, {"party": "ÅSEN Kvam"},
        {"service": "kindergarten-place"}, {"party": "Ragnhild", "state": "received", "first": today, "last": today},
    ):  # fmt: skip
        assert found(officer, **wanted) == [case], wanted
    assert found(officer) == found(officer, state="received") == [other, case]  # newest first
    for wanted in (
        {"number": "2026/999"}, {"party": "Ragn"}, {"party": "Ragnhild Prøve"}, {"party": "11111111111"},
        {"party": "999999999"}, {"state": "decided"}, {"first": today + timedelta(days=1)}, {"service": "x\x00"},
        {"last": today - timedelta(days=1)}, {"last": date(1, 1, 1)},
    ):  # fmt: skip
        assert found(officer, **wanted) == [], wanted
    assert found(officer, first=date(1, 1, 1), last=date(9999, 12, 31)) == [other, case]
    with pytest.raises(Invalid):
        found(officer, state="no-such-state")
    with pytest.raises(NotAllowed):
        found(Actor(parent.pk), number=number)


def test_an_enterprise_is_found_by_its_number(molde, officer, case):
    _chief, company = people.chief_of("Fjordkroa Drift AS")
    Case.objects.filter(pk=case).update(party=f"organisation:{company.pk}")
    assert found(officer, party=company.organisation_number) == [case]


def test_nothing_of_another_authority_is_found_and_words_tell_nothing_across(parent, case):
    alesund = people.municipality("1508")
    elsewhere = at_work(alesund)
    for wanted in ({"party": "Ragnhild"}, {"party": parent.identity_number}, {"number": "2026/1"}, {}):
        assert found(elsewhere, **wanted) == []
    here = set(Word.objects.filter(case=case).values_list("digest", flat=True))
    assert len(here) == 3 and not [one for one in here if "ragnhild" in one]
    Word.objects.all().delete()
    Case.objects.filter(pk=case).update(desk=alesund.pk)
    call_command("index_cases")
    assert not here & set(Word.objects.values_list("digest", flat=True)) and found(elsewhere, party="Kvam") == [case]


def test_an_appeal_is_found_at_the_body_it_is_sent_to(molde, officer, parent, case):
    from allting.common.cases.tests.test_law import revision

    cases.decide(officer, case, revision(case), "refused", "Fullt.")
    cases.appeal(Actor(parent.pk), case, "Uenig.")
    cases.forward(officer, case, revision(case), "Vi står ved det.")
    assert found(at_work(people.state("statsforvalteren")), party="Ragnhild") == [case]


def test_who_is_sought_by_number_can_read_it_and_a_name_leaves_no_trace_in_the_address(molde, parent, case):
    browser = client_of(people.officer_in(molde), as_officer_of=molde.pk)
    before = Entry.objects.count()
    page = browser.post("/office/search", {"find": parent.identity_number})
    assert Case.objects.get(pk=case).number in page.content.decode() and page.request["QUERY_STRING"] == ""
    assert Entry.objects.count() == before + 1
    mine = client_of(parent).get("/my/lookups").content.decode()
    assert "Søk etter en sak" in mine and "Molde kommune" in mine
    wrong = browser.post("/office/search", {"find": "", "first": "x"})
    assert wrong.status_code == 422 and "Velg en dag" in wrong.content.decode()
    assert "Ingen sak her passer" in browser.post("/office/search", {"find": "Ingen"}).content.decode()


def copies(case, many):
    """Cases like this one, straight into the database."""
    row = Case.objects.get(pk=case)
    rows = []
    for place in range(many):
        rows.append(Case(**{one.attname: getattr(row, one.attname) for one in Case._meta.concrete_fields}))
        rows[-1].pk, rows[-1].number = uuid7(), f"2026/{1000 + place}"
    Case.objects.bulk_create(rows, batch_size=1000)
    words = Word.objects.filter(case=case).values_list("digest", flat=True)
    Word.objects.bulk_create([Word(digest=one, case=new) for one in words for new in rows], batch_size=2000)


def test_search_asks_as_little_with_many_and_comes_a_page_at_a_time(molde, case):
    browser = client_of(people.officer_in(molde), as_officer_of=molde.pk)
    from django.test.utils import CaptureQueriesContext

    def asked(form):
        with CaptureQueriesContext(connection) as seen:
            assert browser.post("/office/search", form).status_code == 200
        return len(seen)

    forms = [{"find": "Ragnhild"}, {"find": "2026/1"}, {"service": "kindergarten-place"}, {"state": "received"}]
    asked(forms[0])
    few = [asked(form) for form in forms]
    copies(case, 130)
    assert [asked(form) for form in forms] == few and max(few) < 10
    seen, form = set(), {"find": "Ragnhild Kvam"}
    for _page in range(3):
        page = browser.post("/office/search", form).content.decode()
        seen |= set(re.findall(r'href="/office/cases/([\w-]{36})"', page))
        form["before"] = (re.search(r'name="before" value="([\w-]+)"', page) or [None, ""])[1]
    assert len(seen) == 131 and not form["before"]


def reads_an_index_and_sorts_nothing(molde, officer, case):
    """At 20 000 cases the plan goes through the index that was made for it, and stops at a page."""
    copies(case, 20_000)
    Case.objects.filter(number__endswith="7").update(state="decided")
    Case.objects.exclude(number__endswith="33").update(officer=officer.person)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case")
        cursor.execute("ANALYZE cases_word")
    from django.test.utils import CaptureQueriesContext

    def plan(ask):
        with CaptureQueriesContext(connection) as seen:
            assert ask()
        sql = next(one["sql"] for one in seen if 'FROM "cases_case"' in one["sql"])
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql}")
            return "\n".join(row[0] for row in cursor.fetchall())

    last, elsewhere = cases.queue(officer, limit=5)[-1], at_work(molde)
    Case.objects.filter(number__in=["2026/1001", "2026/1002"]).update(officer=elsewhere.person)
    a_page = [  # each stops when it has a page: nothing is sorted
        ("case_open", lambda: cases.queue(officer)),
        ("case_open", lambda: cases.queue(officer, after=(last.due, last.id))),
        ("case_free", lambda: cases.queue(officer, "free")),
        ("case_officer", lambda: cases.queue(elsewhere, "mine")),
        ("case_over", lambda: cases.queue(officer, "decided")),
        ("case_", lambda: cases.search(officer, cases.Wanted(state="decided"))),
        ("case_", lambda: cases.search(officer, cases.Wanted(service="kindergarten-place"))),
    ]
    few = [  # each finds so few that they are sorted
        ("case_desk_number", lambda: cases.search(officer, cases.Wanted(number="2026/1100"))),
        ("case_word_once", lambda: cases.search(officer, cases.Wanted(party="Sjelden"))),
    ]
    Word.objects.create(case_id=last.id, digest=searching._digest(officer.authority, "Sjelden"))
    for index, ask in a_page + few:
        text = plan(ask)
        assert index in text and "Seq Scan" not in text, f"{index}: {text}"
        assert (index, ask) in few or "Sort" not in text.replace("Incremental Sort", ""), text


if connection.vendor == "postgresql":  # it is PostgreSQL's plan
    test_each_queue_and_search_reads_an_index_and_sorts_nothing = reads_an_index_and_sorts_nothing
