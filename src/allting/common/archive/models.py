"""The journal: what came in, went out or was written inside, numbered without gaps."""

from django.db import models
from django.utils import timezone
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


class File(models.Model):
    """What an authority has of one case (saksmappe), with its class, and how long it is kept from the day it closes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authority = models.UUIDField()
    case = models.UUIDField()
    case_number = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    klass = models.CharField(max_length=40, help_text="Class of the archive key")
    years = models.PositiveSmallIntegerField(null=True, help_text="Kept so long; empty: for ever")
    opened = models.DateTimeField(default=timezone.now)
    closed = models.DateTimeField(null=True)
    hold = models.CharField(max_length=300, blank=True, help_text="Why it is not to be destroyed yet")
    destroyed = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "case"], name="archive_file_once")]
        indexes = [
            models.Index(fields=["authority", "closed"], name="archive_closed"),
            models.Index(fields=["case"], name="archive_file_case"),
        ]

    def __str__(self) -> str:
        return self.case_number


class Change(models.Model):
    """A change of a file's metadata (Noark 5 endringslogg: M680 to M685). Never changed, never removed."""

    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="changes")
    field = models.CharField(max_length=40, help_text="The Noark element")
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=200)
    before = models.CharField(max_length=300)
    after = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.field


class Entry(models.Model):
    """One journal entry (journalpost; Noark 5: M013 journalaar, M014 journalsekvensnummer, M101 journaldato)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authority = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    file = models.ForeignKey(File, null=True, on_delete=models.PROTECT, related_name="entries")
    case = models.UUIDField()
    case_number = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    direction = models.CharField(max_length=8, choices=[("in", "in"), ("out", "out"), ("internal", "internal")])
    document = models.UUIDField(null=True)
    party_name = models.BinaryField(help_text="Encrypted: sender or recipient")
    withheld = models.CharField(max_length=200, blank=True, help_text="The paragraph that keeps name and document back")
    journalled_on = models.DateField(help_text="Europe/Oslo")
    received_on = models.DateField(null=True, help_text="When it came, where that was before it was journalled")
    created = models.DateTimeField(default=timezone.now)
    once = models.CharField(max_length=100, unique=True, help_text="case, document and direction")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "year", "number"], name="journal_number_once")]
        indexes = [models.Index(fields=["case", "number"], name="journal_case")]

    def __str__(self) -> str:
        return f"{self.number}/{self.year}"


class Document(models.Model):
    """The archive's own copy of a document of an entry (dokumentbeskrivelse and dokumentobjekt), sealed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="documents")
    number = models.PositiveSmallIntegerField(help_text="1 is the main document")
    title = models.BinaryField(help_text="sealed")
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True, help_text="sealed; empty when it is destroyed")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="archive_document_once")]

    def __str__(self) -> str:
        return self.sha256
