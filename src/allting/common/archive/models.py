"""The journal: what came in, went out or was written inside, numbered without gaps."""

from django.db import models
from uuid6 import uuid7


class Counter(models.Model):
    """The last journal number of an authority in a year. Its row is the lock that keeps gaps away."""

    authority = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "year"], name="journal_counter_once")]

    def __str__(self) -> str:
        return f"{self.authority} {self.year}: {self.last}"


class Entry(models.Model):
    """One journal entry (journalpost; Noark 5: M013 journalaar, M014 journalsekvensnummer, M101 journaldato)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authority = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    case = models.UUIDField()
    case_number = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    direction = models.CharField(max_length=8, choices=[("in", "in"), ("out", "out"), ("internal", "internal")])
    document = models.UUIDField(null=True)
    party_name = models.BinaryField(help_text="Encrypted: sender or recipient")
    journalled_on = models.DateField(help_text="Europe/Oslo")
    once = models.CharField(max_length=100, unique=True, help_text="case, document and direction")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "year", "number"], name="journal_number_once")]
        indexes = [models.Index(fields=["case", "number"], name="journal_case")]

    def __str__(self) -> str:
        return f"{self.number}/{self.year}"
