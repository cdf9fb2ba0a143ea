from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from allting.common.outbox import api as outbox
from allting.common.outbox.models import Effect


@pytest.fixture
def seen():
    calls = []
    outbox.handles("test.effect", lambda payload, key: calls.append((payload["n"], key)))
    return calls


@pytest.mark.django_db
def test_an_effect_takes_hold_once(seen):
    outbox.put("test.effect", "a", {"n": 1})
    outbox.put("test.effect", "a", {"n": 2})
    assert outbox.drain() == 1
    assert outbox.drain() == 0
    assert seen == [(1, "a")]


@pytest.mark.django_db
def test_an_effect_not_yet_due_waits(seen):
    outbox.put("test.effect", "later", {"n": 1}, due=timezone.now() + timedelta(days=7))
    assert outbox.drain() == 0
    assert outbox.waiting() == 1


@pytest.mark.django_db
def test_a_failing_effect_is_put_off_and_others_go_on(seen):
    def fail(payload, key):
        raise ConnectionError("no server")

    outbox.handles("test.fail", fail)
    outbox.put("test.fail", "x")
    outbox.put("test.effect", "b", {"n": 3})
    outbox.drain()
    row = Effect.objects.get(kind="test.fail")
    assert (row.attempts, row.error, row.done) == (1, "ConnectionError", None)
    assert row.due > timezone.now()
    assert seen == [(3, "b")]


@pytest.mark.django_db
def test_after_the_last_attempt_a_person_must_retry(seen):
    outbox.put("test.unknown", "x")
    outbox.drain()
    (dead,) = outbox.dead()
    assert dead.error == "NoHandler"
    outbox.handles("test.unknown", lambda payload, key: None)
    assert outbox.drain() == 0
    outbox.retry(dead.id)
    assert outbox.drain() == 1


@pytest.mark.django_db(transaction=True)
def test_an_effect_without_its_cause_is_refused():
    with pytest.raises(RuntimeError):
        outbox.put("test.effect", "a", {"n": 1})


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_leaves_no_effect(seen):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.put("test.effect", "a", {"n": 1})
        1 / 0  # noqa: B018
    assert outbox.waiting() == 0


@pytest.mark.django_db(transaction=True)
def test_on_the_outside_no_lock_is_held_and_nobody_else_takes_it():
    during = []

    def slow(payload, key):
        during.append((connection.in_atomic_block, outbox.drain()))

    outbox.handles("test.outside", slow, outside=True)
    with transaction.atomic():
        outbox.put("test.outside", "o")
    assert outbox.drain() == 1
    assert during == [(False, 0)]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_on_the_outside_is_followed_by_another(seen):
    class Killed(BaseException):
        pass

    def die(payload, key):
        raise Killed

    outbox.handles("test.dies", die, outside=True)
    with transaction.atomic():
        outbox.put("test.dies", "d", {"n": 4})
    with pytest.raises(Killed):
        outbox.drain()
    assert (outbox.drain(), outbox.waiting()) == (0, 1)
    Effect.objects.update(due=timezone.now())
    outbox.handles("test.dies", lambda payload, key: seen.append(key))
    assert outbox.drain() == 1
    assert seen == ["d"]


@pytest.mark.django_db
def test_what_no_retry_can_mend_is_dead_at_once_with_its_reason():
    def refuse(payload, key):
        raise outbox.GiveUp("SMTP 550 recipient")

    outbox.handles("test.refused", refuse)
    outbox.put("test.refused", "x")
    outbox.drain()
    (dead,) = outbox.dead()
    assert (dead.attempts, dead.error) == (1, "SMTP 550 recipient")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "patient"),
    [(outbox.PutOff("ConnectionRefusedError"), True), (OSError(28, "full"), True),
     (OperationalError("disk full"), True), (ValueError("a bug"), False)],
)  # fmt: skip
def test_a_day_without_a_server_or_a_disk_kills_no_effect_and_a_bug_does(seen, error, patient):
    def fail(payload, key):
        raise error

    outbox.handles("test.away", fail)
    outbox.put("test.away", "x", {"n": 1})
    for _hour in range(24):
        outbox.drain()
        Effect.objects.filter(dead=None).update(due=timezone.now())
    assert bool(outbox.dead()) is not patient
    outbox.handles("test.away", lambda payload, key: seen.append(key))
    outbox.drain()
    assert seen == (["x"] if patient else [])


@pytest.mark.django_db
def test_what_is_away_for_good_is_a_persons_to_look_at(seen):
    def fail(payload, key):
        raise outbox.PutOff("ConnectionRefusedError")

    outbox.handles("test.gone", fail)
    outbox.put("test.gone", "x")
    Effect.objects.update(attempts=outbox.PATIENCE - 1)
    outbox.drain()
    assert outbox.dead()[0].error == "PutOff"
