import threading
from uuid import uuid4

import pytest
from django.db import connection
from uuid6 import uuid7

from allting.common.audit import api as audit
from allting.common.audit import sealing
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


@pytest.mark.parametrize("tamper", ["change", "remove", "add", "reseal", "seal all anew"])
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
    elif tamper == "seal all anew":  # by someone who knows how, and has the database but not the key
        entries.filter(pk=entries.first().pk).update(reason="something else")
        forge()
    else:
        Seal.objects.filter(pk=first.pk).update(digest="1" * 64)
    assert audit.verify().broken == first.pk


def forge():
    previous = sealing._FIRST
    for seal in Seal.objects.order_by("id"):
        digest, _count = sealing._digest(b"a guess", previous, sealing._rows(seal))
        Seal.objects.filter(pk=seal.pk).update(previous=previous, digest=digest)
        previous = digest


def test_a_log_that_was_cut_short_is_found_by_a_digest_that_was_written_down():
    look(uuid7(), 2)
    audit.seal_pending()
    look(uuid7(), 2)
    audit.seal_pending()
    head = audit.verify().head
    assert audit.verify(head).whole
    last = Seal.objects.order_by("id").last()
    Entry.objects.filter(seal=last).delete()
    last.delete()
    assert audit.verify().whole  # nothing in the database tells
    assert not audit.verify(head).whole


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sealed_before", [0, 1])
def test_workers_that_seal_at_the_same_moment_make_one_chain(sealed_before):
    """Any number of workers may run: none may seal upon the seal that another has just built on."""
    look(uuid7(), sealed_before)
    audit.seal_pending()
    look(uuid7(), 40)
    start = threading.Barrier(4)

    def work():
        start.wait()
        while audit.seal_pending(limit=3):
            look(uuid7())
            if Entry.objects.count() > 60:
                break
        connection.close()

    threads = [threading.Thread(target=work) for _worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    audit.seal_pending()
    report = audit.verify()
    assert report.whole and report.entries == Entry.objects.count()
