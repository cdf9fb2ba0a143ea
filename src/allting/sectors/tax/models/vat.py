"""VAT returns that were handed in."""

from django.db import models
from django.utils import timezone
from uuid6 import uuid7


class VatReturn(models.Model):
    """One enterprise's return for one term; ``amount`` is kroner to pay, or to get back when below zero."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enterprise = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    term = models.PositiveSmallIntegerField(help_text="1 to 6, of two months each")
    amount = models.BigIntegerField()
    case = models.UUIDField(null=True)
    made = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "year", "term"], name="vat_return_once")]

    def __str__(self) -> str:
        return f"{self.year}-{self.term}"
