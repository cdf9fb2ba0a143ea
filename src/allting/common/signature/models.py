"""Who signed what: the hash of the document, the text shown, the level and the time."""

from django.db import models
from uuid6 import uuid7


class Signature(models.Model):
    """One person's signature under one document, for herself or for another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.UUIDField(help_text="What is signed: a case, say")
    person = models.UUIDField()
    party = models.CharField(max_length=60, help_text="For whom: the person herself, or the one acted for")
    capacity = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    text = models.TextField(help_text="What the signer was shown and agreed to")
    level = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reference", "person"], name="signature_once")]

    def __str__(self) -> str:
        return f"{self.reference} {self.at}"
