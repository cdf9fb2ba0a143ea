"""Benefits that are paid by reporting cards, their cards, and the days of sickness benefit that were paid for."""

from django.db import models
from django.utils import timezone
from uuid6 import uuid7


class Award(models.Model):
    """A benefit as it was decided: paid by cards, each of two weeks from a Monday."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.CharField(max_length=80, default="unemployment-benefit")
    case = models.UUIDField(unique=True)
    case_number = models.CharField(max_length=20)
    party = models.CharField(max_length=60)
    authority = models.UUIDField()
    authority_name = models.CharField(max_length=200)
    day_rate = models.PositiveIntegerField(help_text="kroner")
    usual_half_hours = models.PositiveSmallIntegerField(help_text="Half hours of work a week before")
    weeks = models.PositiveSmallIntegerField()
    start = models.DateField()
    ended = models.DateField(null=True, help_text="Nothing is paid for days after this one")
    opened = models.DateField(default=timezone.localdate, help_text="The decision's day: no card could come before it")

    class Meta:
        indexes = [models.Index(fields=["party", "-id"], name="award_party")]

    def __str__(self) -> str:
        return self.case_number


class Card(models.Model):
    """What was done in two weeks, as it was sent, or sent again: the last version holds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="cards")
    start = models.DateField(help_text="The period's Monday")
    version = models.PositiveSmallIntegerField(default=1)
    content = models.BinaryField(help_text="sealed: each day's hours and absence")
    sent = models.DateTimeField(default=timezone.now)
    first_sent = models.DateField(help_text="The day the first version came: what is late is seen from it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["award", "start", "version"], name="card_version_once")]

    def __str__(self) -> str:
        return f"{self.start} {self.version}"


class Paid(models.Model):
    """What a period gives now, in øre; its payment is changed when a card is corrected."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="paid")
    start = models.DateField()
    amount = models.PositiveIntegerField()
    times = models.PositiveSmallIntegerField(default=1, help_text="How many times it was counted otherwise")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["award", "start"], name="paid_period_once")]

    def __str__(self) -> str:
        return str(self.start)


class SickLeave(models.Model):
    """Days of sickness benefit that a case has given: Monday to Friday from ``start``, ``days`` of them (§ 8-11)."""

    case = models.UUIDField(primary_key=True)
    party = models.CharField(max_length=60, db_index=True)
    start = models.DateField()
    days = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return str(self.start)


class HeldChild(models.Model):
    """A child somebody asks a benefit for: the row is held meanwhile, so that of two at once one is after the other."""

    child = models.UUIDField(primary_key=True)

    def __str__(self) -> str:
        return "child"
