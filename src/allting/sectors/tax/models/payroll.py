"""What employers report of each month: one report, and a line for each employee."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from uuid6 import uuid7


class PayrollReport(models.Model):
    """A month's report by its reference; a later one of the same reference replaces it. Sums are in øre."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employer = models.UUIDField()
    month = models.DateField(help_text="Its first day")
    reference = models.CharField(max_length=60, help_text="The employer's own")
    zone = models.CharField(max_length=2, help_text="Of the employers' contribution")
    received = models.DateTimeField(default=timezone.now)
    employees = models.PositiveIntegerField()
    base = models.BigIntegerField(help_text="What the contribution is counted of")
    withheld = models.BigIntegerField()
    contribution = models.BigIntegerField()
    replaced = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["employer", "-month", "-id"], name="payroll_of_employer")]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "month", "reference"], condition=Q(replaced=None), name="payroll_one_that_counts"
            )
        ]

    def __str__(self) -> str:
        return self.reference


class PayrollLine(models.Model):
    """One employee of a report. ``content`` is sealed: income by kind and tax withheld, in øre."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(PayrollReport, on_delete=models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField()
    person = models.UUIDField()
    content = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["person", "report"], name="payroll_of_person")]

    def __str__(self) -> str:
        return str(self.row)
