"""A database with bills and payouts from before the ledger comes into it, and comes out even."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from allting.common.payment import doctor, ledger
from allting.common.payment.ledger import Account

BEFORE, NOW = [("payment", "0003_replaced_plans")], [("payment", "0005_immutable")]
AT = datetime(2026, 9, 1, 12, tzinfo=UTC)


def to(target):
    executor = MigrationExecutor(connection)
    executor.migrate(target)
    return executor.loader.project_state(target).apps


@pytest.fixture
def before(transactional_db):
    """The tables as they were, and put back as they are."""
    yield to(BEFORE)
    executor = MigrationExecutor(connection)
    executor.migrate([one for one in executor.loader.graph.leaf_nodes() if one[0] == "payment"])


def old_bill(apps, owner, status, amount):
    bill = apps.get_model("payment", "Bill").objects.create(
        key=f"{status}", kid=f"{amount}", payer="person:x", creditor=owner, creditor_name="Etat", case=uuid4(),
        case_number="2026/1", amount=amount, text={}, status=status, created=AT, paid=AT if status != "due" else None,
    )  # fmt: skip
    apps.get_model("payment", "Attempt").objects.create(bill=bill, provider="demo", status="paid")
    return bill.pk


def old_payout(apps, owner, status, amount):
    plan = apps.get_model("payment", "Plan").objects.create(
        key=status, payee="person:x", debtor=owner, debtor_name="Etat", case=uuid4(), case_number="2026/1",
        amount=amount, text={}, every="once", start=date(2026, 9, 1),
    )  # fmt: skip
    made = {"plan": plan, "month": date(2026, 9, 1), "due": date(2026, 9, 1), "amount": amount, "status": status}
    apps.get_model("payment", "Payout").objects.create(**made, paid=AT if status == "paid" else None)


def test_bills_and_payouts_from_before_are_brought_in_once_and_balance(before):
    owner = uuid4()
    bills = {status: old_bill(before, owner, status, 100 + place)
             for place, status in enumerate(("due", "paid", "cancelled", "to-refund", "refunded"))}  # fmt: skip
    for place, status in enumerate(("waiting", "needs-account", "paid", "cancelled")):
        old_payout(before, owner, status, 1000 + place)
    apps = to(NOW)
    rows = apps.get_model("payment", "Bill").objects
    assert {one.status: one.left for one in rows.all() if one.left} == {"due": 100}
    assert set(apps.get_model("payment", "Attempt").objects.values_list("amount", flat=True)) == {*range(100, 105)}
    found = {one.account: one.balance for one in ledger.trial_balance(owner) if one.balance}
    assert found == {
        Account.RECEIVABLE: 100, Account.PROVIDER: 101 + 103, Account.INCOME: -(100 + 101), Account.OWED: -103,
        Account.GRANTS: 1000 + 1001 + 1002, Account.PAYABLE: -(1000 + 1001), Account.BANK: -1002,
    }  # fmt: skip
    assert ledger.balance(Account.OWED, bills["to-refund"]) == -103
    assert next(doctor.ledger()).level == "ok"


def test_a_tampered_ledger_is_refused_again_after_the_way_back(before):
    old_bill(before, uuid4(), "due", 100)
    to(NOW)
    with pytest.raises(Exception, match="never changed"), connection.cursor() as cursor:
        cursor.execute("UPDATE payment_posting SET amount = 1")
