"""Advance tax (forskuddsskatt): what a person is to pay of a year's tax by bills, term by term."""

from django.db import models
from django.utils import timezone
from uuid6 import uuid7


class AdvanceTax(models.Model):
    """A person's advance tax of an income year; its key is what the bills belong to. ``amount`` is what is asked for
    now, billed or not; each change stands in the log and in the case of the tax card."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.UUIDField()
    year = models.PositiveSmallIntegerField(help_text="Income year")
    amount = models.BigIntegerField(default=0, help_text="øre")
    made = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "year"], name="advance_tax_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="advance_tax_not_below_nothing"),
        ]

    def __str__(self) -> str:
        return str(self.year)


class AdvanceTerm(models.Model):
    """A part of it, to be paid by ``day``. ``billed`` is empty until its bill is sent, about three weeks before."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    advance = models.ForeignKey(AdvanceTax, on_delete=models.PROTECT, related_name="terms")
    day = models.DateField()
    amount = models.BigIntegerField(help_text="øre; nothing: the term has fallen away")
    billed = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["advance", "day"], name="advance_term_day")]

    def __str__(self) -> str:
        return str(self.day)
