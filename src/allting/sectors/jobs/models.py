"""Vacancies, who looks for one, and who is interested in which."""

from django.db import models
from django.utils import timezone
from uuid6 import uuid7


class Vacancy(models.Model):
    """A vacancy that an enterprise has told the public (arbeidsmarkedsloven § 7). Nothing in it is about a person."""

    class State(models.TextChoices):
        OPEN = "open"
        FILLED = "filled"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employer = models.UUIDField(help_text="The organisation")
    employer_name = models.CharField(max_length=200)
    answerable = models.UUIDField(null=True, help_text="In an authority: the officer who answers for it")
    title = models.CharField(max_length=120)
    text = models.TextField()
    occupation = models.CharField(max_length=1, help_text="Major group of STYRK-08")
    skills = models.JSONField(default=list, help_text="What it takes, in words, lower case")
    municipality = models.CharField(max_length=4, help_text="Where one works; official number")
    kind = models.CharField(max_length=12)
    extent = models.PositiveSmallIntegerField(help_text="Per cent of full time, 1 to 100")
    positions = models.PositiveSmallIntegerField(default=1)
    apply_by = models.DateField(help_text="The last day to apply")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    published = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=1)
    words = models.TextField(help_text="What the search looks in, lower case")

    class Meta:
        indexes = [
            models.Index(fields=["state", "apply_by"], name="vacancy_open"),
            models.Index(fields=["employer", "-id"], name="vacancy_employer"),
        ]

    def __str__(self) -> str:
        return self.title


class Profile(models.Model):
    """What somebody can and wants. ``content`` is sealed."""

    person = models.UUIDField(primary_key=True)
    content = models.BinaryField()
    changed = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return "profile"


class Alert(models.Model):
    """A search that somebody wants to hear of. Empty parts let everything through."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.UUIDField(db_index=True)
    query = models.CharField(max_length=100, blank=True)
    occupation = models.CharField(max_length=1, blank=True)
    place = models.CharField(max_length=4, blank=True, help_text="A county's two digits, or a municipality's four")
    kind = models.CharField(max_length=12, blank=True)
    made = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["place", "occupation"], name="alert_reach")]
        constraints = [
            models.UniqueConstraint(fields=["person", "query", "occupation", "place", "kind"], name="alert_once")
        ]

    def __str__(self) -> str:
        return "alert"


class Interest(models.Model):
    """Somebody is interested in a vacancy. ``content`` is sealed: her words, and her profile as it was sent."""

    class State(models.TextChoices):
        SENT = "sent"
        INVITED = "invited"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    vacancy = models.ForeignKey(Vacancy, on_delete=models.CASCADE, related_name="interests")
    person = models.UUIDField(db_index=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.SENT)
    content = models.BinaryField(null=True)
    answer = models.BinaryField(null=True, help_text="What the employer wrote, sealed")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vacancy", "person"], name="interest_once")]

    def __str__(self) -> str:
        return self.state
