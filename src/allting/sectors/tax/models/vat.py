"""VAT returns that were handed in, and which terms an enterprise hands them in for."""

from django.db import models
from django.utils import timezone
from uuid6 import uuid7


class VatTerms(models.Model):
    """The terms of an enterprise from a year on; the newest row that has begun counts.

    The row from year 0 is what everyone begins with. It is held while a return of the enterprise is counted.
    """

    class Kind(models.TextChoices):
        TWO_MONTHLY = "two-monthly"
        YEARLY = "yearly"
        PRIMARY = "primary"  # farming, forestry and fishing: yearly, with a deadline of their own

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enterprise = models.UUIDField()
    from_year = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.TWO_MONTHLY)
    made = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "from_year"], name="vat_terms_once")]

    def __str__(self) -> str:
        return f"{self.kind} from {self.from_year}"


class VatReturn(models.Model):
    """One enterprise's return for one term, one for each time it is handed in; none is ever changed by a later one.

    The newest ``case`` of those that stand counts (they are in the order they were sent). ``amount`` is kroner to pay,
    or to get back when below zero. ``content`` is sealed: the lines as they were handed in, in øre.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enterprise = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    term = models.PositiveSmallIntegerField(help_text="1 to 6, of two months each; 0: the whole year")
    amount = models.BigIntegerField(default=0)
    case = models.UUIDField(unique=True)
    content = models.BinaryField(null=True)
    stands = models.BooleanField(default=True, help_text="Not when the decision that took it is gone")
    decisions = models.PositiveSmallIntegerField(default=0, help_text="From the second on the authority has fixed it")
    made = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["enterprise", "year", "term"], name="vat_return_of_term")]

    def __str__(self) -> str:
        return f"{self.year}-{self.term or 'year'}"
