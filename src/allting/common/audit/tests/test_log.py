from uuid import uuid4

import pytest
from uuid6 import uuid7

from allting.common.audit import api as audit
from allting.common.audit.models import Entry, Seal
from allting.kernel.actor import Actor, Level, Purpose

pytestmark = pytest.mark.django_db
PURPOSE = Purpose("barnehageloven § 16", "to fill in your application")


def look(subject, times=1):
    officer = Actor(person=uuid7(), level=Level.HIGH).as_officer(uuid4(), "Molde kommune")
    for _ in range(times):
        audit.record(officer, PURPOSE, "population.person", subject, fields=["name"])


def test_a_person_reads_who_looked_and_why_and_nothing_of_others():
    me, other = uuid7(), uuid7()
    look(me)
    look(other)
    (entry,) = audit.entries_about(Actor(person=me))
    assert (entry.who, entry.basis, entry.reason) == ("Molde kommune", PURPOSE.basis, PURPOSE.reason)
    assert entry.fields == ("name",)
    assert not entry.by_me


def test_the_log_is_paged_by_key():
    me = uuid7()
    look(me, 5)
    first = audit.entries_about(Actor(person=me), limit=3)
    rest = audit.entries_about(Actor(person=me), before=first[-1].id, limit=3)
    assert [len(first), len(rest)] == [3, 2]
    assert not {one.id for one in first} & {one.id for one in rest}


def test_sealed_entries_verify_in_several_batches():
    look(uuid7(), 5)
    assert audit.seal_pending(limit=2) == 2
    assert audit.seal_pending() == 3
    assert audit.seal_pending() == 0
    report = audit.verify()
    assert (report.whole, report.seals, report.entries, report.unsealed) == (True, 2, 5, 0)


@pytest.mark.parametrize("tamper", ["change", "remove", "add", "reseal"])
def test_tampering_is_found(tamper):
    look(uuid7(), 4)
    audit.seal_pending(limit=2)
    audit.seal_pending()
    first = Seal.objects.order_by("id").first()
    entries = Entry.objects.filter(seal=first)
    if tamper == "change":
        entries.filter(pk=entries.first().pk).update(reason="something else")
    elif tamper == "remove":
        entries.first().delete()
    elif tamper == "add":
        look(uuid7())
        Entry.objects.filter(seal=None).update(seal=first)
    else:
        Seal.objects.filter(pk=first.pk).update(digest="1" * 64)
    assert audit.verify().broken == first.pk
