"""Letters, encrypted at rest."""

from django.db import models
from uuid6 import uuid7

PAPER, POST = "paper", "post"


class StoredLetter(models.Model):
    """One letter to one party. ``content`` and ``pdf`` are encrypted; made by the worker."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=120, unique=True, help_text="The same letter is delivered once")
    recipient = models.CharField(max_length=60)
    sender = models.UUIDField()
    case = models.UUIDField(null=True)
    service = models.CharField(max_length=80, blank=True)
    channel = models.CharField(max_length=7, default="digital", help_text="digital, paper (reserved), or post only")
    content = models.BinaryField(help_text="Encrypted: the letter as data")
    pdf = models.BinaryField(null=True, help_text="Encrypted: the sealed PDF")
    enclosure = models.BinaryField(null=True, help_text="Encrypted: the sealed PDF that goes with it, where one does")
    delivered = models.DateTimeField(null=True)
    opened = models.DateTimeField(null=True)
    print_batch = models.UUIDField(null=True, help_text="Which list of letters on paper it stands on")
    printed = models.DateTimeField(null=True, help_text="When its file was handed to the printer")

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "-id"], name="letter_inbox"),
            models.Index(
                fields=["id"],
                name="letter_to_print",
                condition=models.Q(channel__in=(PAPER, POST), printed__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
