"""What is known of a person's pension earnings, and what she has taken out of them."""

from django.db import models
from django.utils import timezone
from uuid6 import uuid7


class Earnings(models.Model):
    """One figure about a person, as somebody told it. A correction is a new row: nothing is overwritten.

    An income is the pensionable income of a year (folketrygdloven § 3-15); a balance is the whole pension balance on
    1 January of the year, for those whose years before are not here one by one.
    """

    class Kind(models.TextChoices):
        INCOME = "income"
        BALANCE = "balance"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.UUIDField(help_text="In the population register")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    year = models.PositiveSmallIntegerField()
    amount = models.BigIntegerField(help_text="Whole kroner")
    source = models.CharField(max_length=100, help_text="Who says so")
    version = models.PositiveIntegerField(default=1)
    current = models.BooleanField(default=True, help_text="The latest version")
    received = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "year", "version"], name="earnings_version_once"),
            models.UniqueConstraint(
                fields=["person", "kind", "year"], condition=models.Q(current=True), name="earnings_current_once"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="earnings_not_below_nothing"),
        ]

    def __str__(self) -> str:
        return str(self.year)


class TakeUp(models.Model):
    """One decision about how much of the pension is taken, from a month on. The latest that has not fallen holds.

    ``left`` sets the balance on ``first``: what is not made into pension. ``ended``: the first month that a later one
    pays instead.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.UUIDField(unique=True)
    case_number = models.CharField(max_length=40)
    person = models.UUIDField()
    authority = models.UUIDField()
    authority_name = models.CharField(max_length=200)
    first = models.DateField(help_text="The first day of its first month")
    degree = models.PositiveSmallIntegerField(help_text="Per cent; nothing: stopped")
    left = models.BigIntegerField(help_text="Whole kroner of balance that are not taken")
    income_pension = models.BigIntegerField(null=True, help_text="Kroner a year; empty where it was counted by hand")
    years_insured = models.PositiveSmallIntegerField()
    monthly = models.BigIntegerField(help_text="øre, as it was last paid")
    ended = models.DateField(null=True)
    fallen = models.BooleanField(default=False, help_text="Its decision does not hold any more")

    class Meta:
        indexes = [models.Index(fields=["person"], name="take_up_person")]

    def __str__(self) -> str:
        return f"{self.degree} %"


class HeldPerson(models.Model):
    """One whose pension is decided: the row is held meanwhile, so that of two at once one is after the other."""

    person = models.UUIDField(primary_key=True)

    def __str__(self) -> str:
        return str(self.person)
