"""The ledger balances whatever happens, and remembers everything once."""

from __future__ import annotations

import dataclasses
import threading
from collections import Counter
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allting.common.payment import api as payment
from allting.common.payment import doctor, ledger, models
from allting.common.payment.ledger import Account, BookedOtherwise, Move, book
from allting.common.payment.models import Attempt, Bill, DemoAttempt, Posting
from allting.common.payment.tests.factories import go_to_bank, quiet, send_bill, work
from allting.common.registers.tests import factories as people
from allting.kernel.problems import Conflict

pytestmark = pytest.mark.django_db

STEPS, MOVES = 50, 20  # in each of ten examples: 10 000 operations


def _move(owner, random):
    """One of few keys, so that some come twice; sometimes nothing, and sometimes an account against itself."""
    debit, credit = random.choice(list(Account)), random.choice(list(Account))
    if debit == credit and random.random() < 0.9:
        credit = next(one for one in Account if one != debit)
    amount = random.choice((0, 1, random.randrange(10**12)))
    return Move(f"{owner}:{random.randrange(20_000)}", "test", debit, credit, amount)


class Undo(Exception):
    pass


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.randoms(use_true_random=True))
def test_after_ten_thousand_random_operations_it_balances_and_says_what_a_second_count_says(random):
    owner, counted, known = uuid4(), Counter(), {}
    for _step in range(STEPS):
        moves = [_move(owner, random) for _one in range(MOVES)]
        if random.random() < 0.3 and known:
            moves[0] = random.choice(list(known.values()))
        if not _carry_out(owner, moves, random.random() < 0.8):
            continue
        for one in moves:
            if one.amount and one.key not in known:
                known[one.key] = one
                counted[one.debit] += one.amount
                counted[one.credit] -= one.amount
    lines = ledger.trial_balance(owner)
    assert sum(one.balance for one in lines) == 0
    assert (
        sum(one.debits for one in lines)
        == sum(one.credits for one in lines)
        == sum(one.amount for one in known.values())
    )
    assert {one.account: one.balance for one in lines if one.balance} == {k: v for k, v in counted.items() if v}


def _carry_out(owner, moves, kept):
    """Whether it took hold: not when a key says two things, an account is against itself, or it is undone."""
    try:
        with transaction.atomic():
            book(owner, *moves)
            if not kept:
                raise Undo
    except (Undo, BookedOtherwise, ValueError):
        return False
    return True


STORY = st.lists(st.tuples(st.sampled_from(["bill", "pay", "fail", "again", "cancel", "work"]), st.integers(0, 3)),
                 min_size=30, max_size=30)  # fmt: skip


@pytest.fixture
def payer():
    return people.person()


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(STORY)
def test_whatever_becomes_of_bills_what_is_receivable_is_what_is_left_to_pay(payer, monkeypatch, story):
    quiet(monkeypatch)
    tag, cases = uuid4(), [uuid4() for _place in range(4)]
    for verb, place in story:
        row = Bill.objects.filter(key=f"{tag}{place}").first()
        if verb == "bill":
            send_bill(payer, case=cases[place], key=f"{tag}{place}", amount=1000 + place)
        elif verb == "work":
            work()
        elif row is not None:
            _happen(payer, verb, row)
    work()
    for row in Bill.objects.all():
        assert ledger.balance(Account.RECEIVABLE, row.pk) == row.left
        assert ledger.balance(Account.OWED, row.pk) == 0  # everything owed has been given back
        assert row.status != "to-refund"
    taken = Attempt.objects.filter(status="paid").values_list("pk", flat=True)
    kept = sum(DemoAttempt.objects.filter(pk__in=taken, refunded=False).values_list("amount", flat=True))
    assert sum(ledger.balance(Account.PROVIDER, row.pk) for row in Bill.objects.all()) == kept


def _happen(payer, verb, row):
    if verb == "cancel":
        with transaction.atomic():
            payment.cancel(row.case)
    elif verb == "again":
        for one in row.attempts.all():
            payment.settle(one.pk)
    else:
        try:
            token = go_to_bank(payer, row, "paid" if verb == "pay" else "failed")
        except Conflict:
            return
        if verb != "pay" or row.pk.int % 2:  # some notices are late
            payment.settle(token)


def test_a_posting_is_never_changed_and_money_moves_only_in_a_transaction(payer):
    send_bill(payer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Posting.objects.update(amount=1)
    for refuse in (Posting.objects.all().delete, Posting.objects.get().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            refuse()
    for statement in ("UPDATE payment_posting SET amount = 1", "DELETE FROM payment_posting"):
        if connection.vendor == "postgresql" or statement.startswith("UPDATE"):
            with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
                connection.cursor().execute(statement)
    for wrong in ({"amount": 0}, {"credit": "bank"}):
        row = {"key": "x", "owner": uuid4(), "debit": "bank", "credit": "income", "amount": 1, "kind": "test"} | wrong
        with pytest.raises(DatabaseError), transaction.atomic():
            Posting.objects.create(day="2026-11-01", **row)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_posted():
    with pytest.raises(RuntimeError):
        book(uuid4(), Move("one", "test", Account.BANK, Account.INCOME, 1))


@pytest.mark.django_db(transaction=True)
def test_four_at_once_with_the_same_keys_post_once():
    owner, start, failed = uuid4(), threading.Barrier(4), []
    moves = [Move(f"k{place}", "test", Account.BANK, Account.INCOME, 1 + place) for place in range(50)]

    def one():
        start.wait()
        try:
            with transaction.atomic():
                book(owner, *moves)
        except Exception as error:
            failed.append(error)
        connection.close()

    threads = [threading.Thread(target=one) for _place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed and models.Posting.objects.count() == 50
    assert {one.account: one.balance for one in ledger.trial_balance(owner) if one.balance} == {
        Account.BANK: 1275, Account.INCOME: -1275,
    }  # fmt: skip


def test_the_doctor_sees_a_bill_that_says_another_sum_than_the_ledger(payer):
    send_bill(payer)
    assert next(doctor.ledger()).level == "ok"
    Bill.objects.update(left=1)
    assert next(doctor.ledger()).level == "error"


def test_many_at_once_are_posted_once_and_undone_whole_when_one_key_says_another_thing():
    """On PostgreSQL they go by COPY; it must not be seen from outside."""
    owner, subject = uuid4(), uuid4()
    moves = [Move(f"{owner}:{place}", "test", Account.BANK, Account.INCOME, place + 1, subject) for place in range(700)]
    with transaction.atomic():
        book(owner, *moves[:400])
        book(owner, *moves)
        book(owner, *moves, *moves[:3])
    assert ledger.balance(Account.BANK, subject) == sum(range(701))
    other = dataclasses.replace(moves[350], amount=1)
    for wrong in ([*moves[:349], other], [Move(f"{owner}:x", "test", Account.BANK, Account.OWED, 5)] * 99 + [other]):
        with pytest.raises(BookedOtherwise), transaction.atomic():
            book(owner, *wrong)
    twice = [Move(f"{owner}:y", "test", Account.BANK, Account.OWED, 5 + (place == 99)) for place in range(120)]
    with pytest.raises(BookedOtherwise), transaction.atomic():
        book(owner, *twice)
    assert sum(one.debits for one in ledger.trial_balance(owner)) == sum(range(701))
