"""Additional advance tax (tilleggsforskudd): what a person has chosen to pay of a year's tax before it is due."""

from django.db import models
from django.utils import timezone
from uuid6 import uuid7


class AdditionalTax(models.Model):
    """A person's additional advance tax of an income year; its key is what the bills belong to. The amounts stand on
    the bills: one at a time is to be paid."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.UUIDField()
    year = models.PositiveSmallIntegerField(help_text="Income year")
    asked = models.PositiveIntegerField(default=0, help_text="How many times she has asked for a bill")
    made = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "year"], name="additional_tax_once")]

    def __str__(self) -> str:
        return str(self.year)
