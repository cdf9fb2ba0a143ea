"""Tax cards, and who employs whom."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from uuid6 import uuid7


class TaxCard(models.Model):
    """A card of one person for one year; the newest counts, and none is ever changed (skattebetalingsloven § 5-1).

    ``basis`` is sealed: what it was counted from, in kroner. It is empty for a card of which nothing was known.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    table = models.PositiveSmallIntegerField(null=True, help_text="The withholding table; empty: a percentage")
    percent = models.PositiveSmallIntegerField(null=True, help_text="Of all pay, or of what no table is used on")
    valid_from = models.DateField()
    made = models.DateTimeField(default=timezone.now)
    case = models.UUIDField(null=True, help_text="The application; empty: made in bulk")
    basis = models.BinaryField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "year", "-id"], name="tax_card_newest"),
            models.Index(fields=["made"], name="tax_card_made"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "year"], condition=Q(case=None), name="tax_card_one_in_bulk"),
            models.CheckConstraint(
                condition=Q(table__isnull=False) | Q(percent__isnull=False), name="tax_card_says_how_much"
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


class Employment(models.Model):
    """That an employer has somebody in its pay, as the employer states it. ``ends`` is the last day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employer = models.UUIDField()
    person = models.UUIDField()
    begins = models.DateField()
    ends = models.DateField(null=True)
    stated = models.DateTimeField(default=timezone.now)
    first_fetched = models.DateTimeField(null=True, help_text="The tax card, for this employment")
    last_fetched = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person"], name="employment_person")]
        constraints = [
            models.UniqueConstraint(fields=["employer", "person", "begins"], name="employment_once"),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=models.F("begins")), name="employment_ends_after"
            ),
        ]

    def __str__(self) -> str:
        return str(self.begins)
