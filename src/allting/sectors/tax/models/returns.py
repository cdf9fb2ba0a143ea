"""What others report about a person's year, the return made of it, and each time it was delivered."""

from django.db import models
from django.utils import timezone
from uuid6 import uuid7


class TaxReport(models.Model):
    """One amount that somebody reports for an income year. A correction is a new row: nothing is overwritten.

    ``item`` is the same for all versions, and is what a person's change refers to.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.UUIDField()
    version = models.PositiveIntegerField(default=1)
    current = models.BooleanField(default=True, help_text="The latest version")
    reporter = models.UUIDField(help_text="The organisation that reports")
    reporter_name = models.CharField(max_length=200)
    reference = models.CharField(max_length=64, help_text="The reporter's own; a later report with it corrects")
    person = models.UUIDField()
    year = models.PositiveSmallIntegerField(help_text="Income year")
    kind = models.CharField(max_length=20)
    amount = models.BigIntegerField(help_text="øre; nothing takes the report back")
    months = models.PositiveSmallIntegerField(default=0, help_text="Of pension in the year")
    degree = models.PositiveSmallIntegerField(default=0, help_text="Per cent of full retirement pension")
    received = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reporter", "reference", "version"], name="tax_report_version_once"),
            models.UniqueConstraint(
                fields=["reporter", "reference"], condition=models.Q(current=True), name="tax_report_current_once"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="tax_report_not_below_nothing"),
        ]
        indexes = [
            models.Index(fields=["person", "year"], name="tax_report_person", condition=models.Q(current=True)),
            models.Index(fields=["year", "person"], name="tax_report_year", condition=models.Q(current=True)),
        ]

    def __str__(self) -> str:
        return self.kind


class TaxReturn(models.Model):
    """A person's return for an income year. ``case`` is the latest assessment; none: not delivered yet."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.UUIDField()
    year = models.PositiveSmallIntegerField(help_text="Income year")
    due = models.DateField(help_text="The last day to deliver; after it, silence is a yes")
    made = models.DateTimeField(default=timezone.now)
    draft = models.UUIDField(null=True, help_text="Changes that are not delivered, as a draft of cases")
    case = models.UUIDField(null=True)
    revision = models.PositiveIntegerField(default=0, help_text="How many times it was delivered")
    held = models.CharField(max_length=20, blank=True, help_text="Why silence cannot deliver it: a code")
    settled = models.DateField(null=True, help_text="When the year was first settled: interest runs until then")
    assessed = models.UUIDField(null=True, help_text="The case of the assessment that stands")
    number = models.CharField(max_length=20, blank=True, help_text="Its number")
    tax = models.BigIntegerField(null=True, help_text="By it, øre")
    withheld = models.BigIntegerField(null=True, help_text="By it, øre")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "year"], name="tax_return_once")]
        indexes = [
            models.Index(
                fields=["year", "id"], name="tax_return_waits", condition=models.Q(case=None, held=""),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.year)


class Delivery(models.Model):
    """One time a return was delivered, by hand or by silence; each is a case of its own, and a version."""

    taxreturn = models.ForeignKey(TaxReturn, on_delete=models.PROTECT, related_name="deliveries")
    number = models.PositiveIntegerField()
    case = models.UUIDField(unique=True)
    silent = models.BooleanField(help_text="The time was out, and she had said nothing")
    at = models.DateTimeField(default=timezone.now)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["taxreturn", "number"], name="tax_delivery_number_once")]

    def __str__(self) -> str:
        return str(self.number)
