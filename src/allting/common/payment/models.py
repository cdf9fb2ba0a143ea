"""Money in and money out, in integer øre. A bill is paid once; a month is paid once."""

from typing import Any

from django.db import DatabaseError, models
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
    amount = models.PositiveBigIntegerField(help_text="øre")
    text = models.JSONField()
    kind = models.CharField(max_length=6, default="fee", help_text="fee, claim (paid out, to come back) or tax")
    law = models.CharField(max_length=80, blank=True, help_text="The paragraph that claims it")
    left = models.PositiveBigIntegerField(default=0, help_text="øre still to pay; the ledger says the same")
    added = models.PositiveBigIntegerField(default=0, help_text="øre of fees and interest for paying late, in all")
    credited = models.PositiveBigIntegerField(default=0, help_text="øre that need not be paid after all")
    due = models.DateField(null=True, help_text="The last day to pay in time")
    late_law = models.CharField(max_length=80, blank=True, help_text="Lets late payment cost; empty: it costs nothing")
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded = models.DateField(null=True, help_text="Day of the last reminder")
    interest_to = models.DateField(null=True, help_text="The last day interest is posted for")
    next_look = models.DateField(null=True, db_index=True, help_text="When it is next seen whether it is late")
    parts_wanted = models.PositiveSmallIntegerField(null=True, help_text="In how many parts the payer asks to pay")
    status = models.CharField(max_length=12, default="due")
    created = models.DateTimeField(default=timezone.now)
    paid = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["payer", "-id"], name="bill_payer")]

    def __str__(self) -> str:
        return self.kid


class OwnAccount(models.Model):
    """The bank account an authority is paid to and pays from; one that has none is served by the provider alone."""

    owner = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=140, help_text="As the bank knows the account's holder")
    organisation_number = models.CharField(max_length=9)
    account = models.CharField(max_length=11, unique=True)
    bic = models.CharField(max_length=11)

    def __str__(self) -> str:
        return self.name


class Part(models.Model):
    """A part of a bill that is paid by agreement, and its own last day."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="parts")
    day = models.DateField()
    amount = models.PositiveBigIntegerField(help_text="øre")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bill", "day"], name="part_day_once")]

    def __str__(self) -> str:
        return str(self.day)


class Attempt(models.Model):
    """One try to pay a bill at the provider. ``status``: begun, paid, failed."""

    reference = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="attempts")
    provider = models.CharField(max_length=30)
    amount = models.PositiveBigIntegerField(default=0, help_text="øre")
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
    law = models.CharField(max_length=80, blank=True, help_text="The paragraph that gives it; empty: nobody said")
    amount = models.PositiveBigIntegerField(help_text="øre each time")
    text = models.JSONField()
    every = models.CharField(max_length=5)
    start = models.DateField()
    end = models.DateField(null=True)
    stopped = models.DateField(null=True, help_text="Nothing is paid for months after this day")
    part = models.CharField(max_length=20, blank=True, help_text="Of a decision whose parts change one by one")
    replaced = models.BooleanField(default=False, help_text="By a later decision, which counts what this has paid")

    class Meta:
        indexes = [models.Index(fields=["payee", "-id"], name="plan_payee")]

    def __str__(self) -> str:
        return self.every


class Payout(models.Model):
    """One payment of a plan, for a month. ``status``: waiting, needs-account, in-batch, paid, cancelled.

    Zero and paid: all of it was paid before the decision was changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="payouts")
    month = models.DateField()
    due = models.DateField()
    amount = models.PositiveBigIntegerField(help_text="øre, with what is kept back")
    set_off = models.PositiveBigIntegerField(default=0, help_text="øre kept back to cover a claim")
    status = models.CharField(max_length=13, default="waiting")
    paid = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "month"], name="payout_month_once")]

    def __str__(self) -> str:
        return self.status


class Claimed(models.Model):
    """What of a month's payments a decision claims back; without a month: of what was paid once. It is right again."""

    case = models.UUIDField(db_index=True)
    part = models.CharField(max_length=20, blank=True)
    month = models.DateField(null=True)
    amount = models.PositiveBigIntegerField(help_text="øre")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="claimed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bill", "part", "month"], name="claimed_month_once")]

    def __str__(self) -> str:
        return str(self.month)


class SetOff(models.Model):
    """A treasurer's decision to cover a claim from later payments; until it is ended. One at a time for a bill."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="set_offs")
    law = models.CharField(max_length=80)
    appeal = models.CharField(max_length=80)
    monthly = models.PositiveBigIntegerField(help_text="øre from each payment")
    spare = models.PositiveBigIntegerField(help_text="øre a month beyond what the payer needs to live on, as looked at")
    start = models.DateField(help_text="The first month")
    why = models.TextField()
    made = models.DateTimeField(default=timezone.now)
    made_by = models.UUIDField()
    contested = models.TextField(blank=True, help_text="Why the payer does not agree")
    answer = models.TextField(blank=True)
    answered = models.DateTimeField(null=True)
    ended = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bill"], condition=models.Q(ended=None), name="set_off_one_at_a_time")
        ]

    def __str__(self) -> str:
        return self.law


class Batch(models.Model):
    """Payments that go to the bank in one file. ``status``: made, approved, sent, dropped.

    Whoever made it cannot approve it: the table refuses as well.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.UUIDField()
    status = models.CharField(max_length=8, default="made")
    day = models.DateField(help_text="When the bank is to pay")
    count = models.PositiveIntegerField()
    total = models.PositiveBigIntegerField(help_text="øre")
    made = models.DateTimeField(default=timezone.now)
    made_by = models.UUIDField()
    approved = models.DateTimeField(null=True)
    approved_by = models.UUIDField(null=True)
    sent = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the file")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(approved_by=models.F("made_by")), name="batch_four_eyes"),
            models.CheckConstraint(
                condition=~models.Q(status__in=("approved", "sent")) | models.Q(approved_by__isnull=False),
                name="batch_approved_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["owner", "-id"], name="batch_owner")]

    def __str__(self) -> str:
        return self.status


class Transfer(models.Model):
    """One payment of a batch, or one that waits for a batch: a payout, or money that is given back.

    ``key`` says what it pays, so that it is paid once. The account is the one that was registered when it was made.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=120, unique=True)
    owner = models.UUIDField()
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="transfers")
    kind = models.CharField(max_length=6, help_text="payout or refund")
    subject = models.UUIDField(help_text="The payout or the bill it is about")
    payee_name = models.CharField(max_length=140)
    account = models.CharField(max_length=11, blank=True, help_text="Empty: nobody knows one yet")
    amount = models.PositiveBigIntegerField(help_text="øre")
    text = models.CharField(max_length=140)

    class Meta:
        indexes = [models.Index(fields=["owner", "batch"], name="transfer_owner")]

    def __str__(self) -> str:
        return self.kind


class BankFile(models.Model):
    """A file of the bank that was read; the same file again is known by its checksum."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    message = models.CharField(max_length=35, blank=True)
    read = models.DateTimeField(default=timezone.now)
    read_by = models.UUIDField(null=True, help_text="The treasurer; empty: the command")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "sha256"], name="bank_file_once")]

    def __str__(self) -> str:
        return self.message


class Receipt(models.Model):
    """Money that came to an authority's account. ``status``: posted, part (of what was to pay), unmatched, handled.

    ``key`` holds the bank's own reference, so that it is posted once, whichever files tell of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=90, unique=True)
    owner = models.UUIDField()
    file = models.ForeignKey(BankFile, on_delete=models.PROTECT)
    amount = models.PositiveBigIntegerField(help_text="øre")
    day = models.DateField()
    kid = models.CharField(max_length=35, blank=True)
    text = models.CharField(max_length=140, blank=True)
    payer_name = models.CharField(max_length=140, blank=True)
    payer_account = models.CharField(max_length=34, blank=True)
    bill = models.ForeignKey(Bill, null=True, on_delete=models.PROTECT, related_name="receipts")
    status = models.CharField(max_length=9)
    why = models.CharField(max_length=20, blank=True, help_text="Why it is unmatched")

    class Meta:
        indexes = [models.Index(fields=["owner", "status"], name="receipt_owner")]

    def __str__(self) -> str:
        return self.status


class Counter(models.Model):
    """The last serial number of bills, and the last day that was looked over for late ones."""

    name = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last)


class DemoAttempt(models.Model):
    """What the demo provider knows of an attempt."""

    token = models.UUIDField(primary_key=True)
    amount = models.PositiveBigIntegerField()
    text = models.CharField(max_length=200)
    status = models.CharField(max_length=10, default="begun")
    refunded = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.status


class DemoTransfer(models.Model):
    """What the demo provider has paid out; the key makes a repeat harmless."""

    key = models.CharField(max_length=120, primary_key=True)
    last_digits = models.CharField(max_length=3)
    amount = models.PositiveBigIntegerField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.key


class Postings(models.QuerySet["Posting"]):
    """Rows that stay. The database refuses as well; on SQLite removal is refused here only."""

    def delete(self) -> tuple[int, dict[str, int]]:
        raise DatabaseError("a posting is never changed or removed")

    def update(self, **values: Any) -> int:
        raise DatabaseError("a posting is never changed or removed")


class Posting(models.Model):
    """A line of the ledger: ``amount`` øre from the account ``credit`` to the account ``debit`` of one authority.

    Each row is debit and credit at once, so the ledger balances whatever rows there are. Never changed, never
    removed: the database refuses (migration 0005); what was wrong is posted back.
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
    objects = Postings.as_manager()

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

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise DatabaseError("a posting is never changed or removed")
