"""The ledger holds by itself: no posting is changed or removed, and bills from before it are brought into it."""

from django.db import migrations
from django.db.models import F

POSTGRES = """
CREATE FUNCTION payment_posting_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a posting is never changed or removed'; END $$;
CREATE TRIGGER payment_posting_stays BEFORE UPDATE OR DELETE ON payment_posting
FOR EACH ROW EXECUTE FUNCTION payment_posting_stays();
"""
# SQLite's own "delete everything" between tests is a DELETE, so there removal is refused in Python only.
SQLITE = """
CREATE TRIGGER payment_posting_stays BEFORE UPDATE ON payment_posting
BEGIN SELECT RAISE(ABORT, 'a posting is never changed or removed'); END
"""


def guard(apps, editor):
    editor.execute(POSTGRES if editor.connection.vendor == "postgresql" else SQLITE)


def unguard(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER payment_posting_stays ON payment_posting")
        editor.execute("DROP FUNCTION payment_posting_stays()")
    else:
        editor.execute("DROP TRIGGER payment_posting_stays")


def bring_in(apps, editor):
    """Bills, payments and payouts from before there was a ledger."""
    bill, posting = apps.get_model("payment", "Bill"), apps.get_model("payment", "Posting")
    attempt, payout = apps.get_model("payment", "Attempt"), apps.get_model("payment", "Payout")
    for one in attempt.objects.select_related("bill").iterator():
        attempt.objects.filter(pk=one.pk).update(amount=one.bill.amount)
    bill.objects.filter(status="due").update(left=F("amount"))

    def post(key, owner, kind, debit, credit, amount, subject, at):
        posting.objects.create(
            key=key, owner=owner, kind=kind, debit=debit, credit=credit, amount=amount, subject=subject, day=at.date()
        )

    for row in bill.objects.filter(status__in=("due", "paid", "to-refund", "refunded"), amount__gt=0).iterator():
        post(f"bill:{row.pk}", row.creditor, "billed", "receivable", "income", row.amount, row.pk, row.created)
        if row.status != "due":
            paid = row.paid or row.created
            post(f"before:{row.pk}", row.creditor, "paid", "provider", "receivable", row.amount, row.pk, paid)
        if row.status in ("to-refund", "refunded"):
            post(f"cancel:{row.pk}:paid", row.creditor, "cancelled", "income", "owed", row.amount, row.pk, paid)
        if row.status == "refunded":
            post(f"refunded:{row.pk}", row.creditor, "refunded", "owed", "provider", row.amount, row.pk, paid)
    for row in payout.objects.exclude(status="cancelled").filter(amount__gt=0).select_related("plan").iterator():
        owner = row.plan.debtor
        at = row.paid or row.plan.start
        day = at.date() if hasattr(at, "date") else at
        posting.objects.create(
            key=f"payout:{row.pk}", owner=owner, kind="granted", debit="grants", credit="payable", amount=row.amount,
            subject=row.pk, day=day,
        )  # fmt: skip
        if row.status == "paid":
            posting.objects.create(
                key=f"payout:{row.pk}:paid", owner=owner, kind="paid-out", debit="payable", credit="bank",
                amount=row.amount, subject=row.pk, day=day,
            )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("payment", "0004_ledger")]
    operations = [migrations.RunPython(bring_in, migrations.RunPython.noop), migrations.RunPython(guard, unguard)]
