"""Money in and money out, in integer øre. A bill is paid once; a month is paid once."""

from django.db import models
from django.utils import timezone
from uuid6 import uuid7


class Bill(models.Model):
    """Something to pay. ``status``: due, paid, cancelled, to-refund, refunded."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=120, unique=True)
    kid = models.CharField(max_length=25, unique=True)
    payer = models.CharField(max_length=60)
    creditor = models.UUIDField()
    creditor_name = models.CharField(max_length=200)
    case = models.UUIDField(db_index=True)
    case_number = models.CharField(max_length=20)
    service = models.CharField(max_length=80, blank=True)
    amount = models.PositiveIntegerField(help_text="øre")
    text = models.JSONField()
    kind = models.CharField(max_length=6, default="fee", help_text="fee or claim (money paid out that is to come back)")
    law = models.CharField(max_length=80, blank=True, help_text="The paragraph that claims it")
    charged = models.PositiveIntegerField(default=0, help_text="øre that came on top: reminder fee and interest")
    left = models.PositiveIntegerField(default=0, help_text="øre still to pay; the ledger says the same")
    due = models.DateField(null=True, help_text="The last day to pay in time")
    status = models.CharField(max_length=12, default="due")
    created = models.DateTimeField(default=timezone.now)
    paid = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["payer", "-id"], name="bill_payer")]

    def __str__(self) -> str:
        return self.kid


class Attempt(models.Model):
    """One try to pay a bill at the provider. ``status``: begun, paid, failed."""

    reference = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="attempts")
    provider = models.CharField(max_length=30)
    amount = models.PositiveIntegerField(default=0, help_text="øre")
    status = models.CharField(max_length=10, default="begun")
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.reference)


class Plan(models.Model):
    """Money that is paid once, or each month from ``start`` to and with ``end``."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=120, unique=True)
    payee = models.CharField(max_length=60)
    debtor = models.UUIDField()
    debtor_name = models.CharField(max_length=200)
    case = models.UUIDField(db_index=True)
    case_number = models.CharField(max_length=20)
    amount = models.PositiveIntegerField(help_text="øre each time")
    text = models.JSONField()
    every = models.CharField(max_length=5)
    start = models.DateField()
    end = models.DateField(null=True)
    stopped = models.DateField(null=True, help_text="Nothing is paid for months after this day")
    replaced = models.BooleanField(default=False, help_text="By a later decision, which counts what this has paid")

    class Meta:
        indexes = [models.Index(fields=["payee", "-id"], name="plan_payee")]

    def __str__(self) -> str:
        return self.every


class Payout(models.Model):
    """One payment of a plan, for a month. ``status``: waiting, needs-account, with-bank, paid, cancelled.

    Zero and paid: all of it was paid before the decision was changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="payouts")
    month = models.DateField()
    due = models.DateField()
    amount = models.PositiveIntegerField(help_text="øre")
    status = models.CharField(max_length=13, default="waiting")
    paid = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "month"], name="payout_month_once")]

    def __str__(self) -> str:
        return self.status


class Counter(models.Model):
    """The last serial number of bills."""

    name = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last)


class DemoAttempt(models.Model):
    """What the demo provider knows of an attempt."""

    token = models.UUIDField(primary_key=True)
    amount = models.PositiveIntegerField()
    text = models.CharField(max_length=200)
    status = models.CharField(max_length=10, default="begun")
    refunded = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.status


class DemoTransfer(models.Model):
    """What the demo provider has paid out; the key makes a repeat harmless."""

    key = models.CharField(max_length=120, primary_key=True)
    last_digits = models.CharField(max_length=3)
    amount = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.key


class Posting(models.Model):
    """A line of the ledger: ``amount`` øre from the account ``credit`` to the account ``debit`` of one authority.

    Each row is debit and credit at once, so the ledger balances whatever rows there are. Never changed, never
    removed: the database refuses (migration 0004); what was wrong is posted back.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=120, unique=True)
    owner = models.UUIDField()
    debit = models.CharField(max_length=12)
    credit = models.CharField(max_length=12)
    amount = models.PositiveBigIntegerField(help_text="øre")
    kind = models.CharField(max_length=20)
    subject = models.UUIDField(null=True, help_text="The bill or payout it is about")
    day = models.DateField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="posting_amount"),
            models.CheckConstraint(condition=~models.Q(debit=models.F("credit")), name="posting_two_accounts"),
        ]
        indexes = [
            models.Index(fields=["owner", "id"], name="posting_owner"),
            models.Index(fields=["subject"], name="posting_subject"),
        ]

    def __str__(self) -> str:
        return self.kind


class Batch(models.Model):
    """Money that goes to the bank in one file. ``status``: made, approved, exported, dropped.

    The file is written anew from the rows each time, and is the same each time: ``digest`` is its SHA-256.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.UUIDField()
    status = models.CharField(max_length=8, default="made")
    count = models.PositiveIntegerField()
    sum = models.PositiveBigIntegerField(help_text="øre")
    digest = models.CharField(max_length=64)
    account = models.CharField(max_length=11, help_text="The authority's own")
    bic = models.CharField(max_length=11)
    day = models.DateField(help_text="When the bank is asked to pay")
    made = models.DateTimeField(default=timezone.now)
    maker = models.UUIDField()
    approved = models.DateTimeField(null=True)
    approver = models.UUIDField(null=True)
    exported = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approver=None) | ~models.Q(approver=models.F("maker")), name="batch_four_eyes"
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=("approved", "exported")) | models.Q(approver__isnull=False),
                name="batch_approved_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["owner", "-id"], name="batch_owner")]

    def __str__(self) -> str:
        return self.status


class Transfer(models.Model):
    """Money that the bank is to send. ``status``: waiting, sent (the bank is told), paid (the bank says so).

    In one batch at most, for a row has room for one. ``account`` is empty until a batch is made, unless money goes
    back to where it came from.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=120, unique=True)
    owner = models.UUIDField()
    debit = models.CharField(max_length=12, help_text="The ledger's account that it settles")
    subject = models.UUIDField(help_text="The payout, bill or notice it is about")
    party = models.CharField(max_length=60)
    case = models.UUIDField(null=True)
    account = models.CharField(max_length=11, blank=True)
    fixed = models.BooleanField(default=False, help_text="The account is where the money came from")
    name = models.CharField(max_length=140, blank=True)
    text = models.CharField(max_length=140)
    kid = models.CharField(max_length=25, blank=True)
    amount = models.PositiveBigIntegerField(help_text="øre")
    due = models.DateField()
    status = models.CharField(max_length=7, default="waiting")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="transfers")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="transfer_amount")]
        indexes = [models.Index(fields=["owner", "status", "due"], name="transfer_waiting")]

    def __str__(self) -> str:
        return self.status


class Entry(models.Model):
    """What the bank has told: money that came, or went. Once for each of its references.

    ``status``: placed (a bill or a transfer is known), unplaced (posted, and the treasurer must find out), foreign
    (another currency, not posted), returned (is given back). ``reason`` says what is wrong, as
    ``bankfiles.incoming.REASONS``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=120, unique=True)
    owner = models.UUIDField()
    comes = models.BooleanField()
    amount = models.PositiveBigIntegerField(help_text="hundredths of the currency")
    currency = models.CharField(max_length=3)
    day = models.DateField()
    kid = models.CharField(max_length=35, blank=True, help_text="The reference, as it came")
    account = models.CharField(max_length=11, blank=True, help_text="Where it came from, or went")
    name = models.CharField(max_length=140, blank=True, help_text="Whose that is, as the bank says")
    status = models.CharField(max_length=8)
    reason = models.CharField(max_length=20, blank=True)
    bill = models.ForeignKey(Bill, null=True, on_delete=models.PROTECT, related_name="entries")
    told = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["owner", "status", "-id"], name="entry_owner")]

    def __str__(self) -> str:
        return self.status
