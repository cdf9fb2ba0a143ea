"""Who signed what: the hash of the document, the text shown, the level and the time; and certificates and documents."""

from django.db import models
from django.utils import timezone
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


class SignedDocument(models.Model):
    """The document under a reference, with the signatures so far inside it."""

    reference = models.UUIDField(primary_key=True)
    pdf = models.BinaryField(help_text="sealed: PDF/A with PAdES signatures")
    changed = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.reference)


class Withdrawn(models.Model):
    """A sealed document, by its digest, whose issuer has taken it back."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.sha256


class Certificate(models.Model):
    """A certificate our authority issued to a signer, or one of its own that was revoked."""

    serial = models.CharField(primary_key=True, max_length=40, help_text="hexadecimal")
    person = models.UUIDField(null=True)
    issued = models.DateTimeField(default=timezone.now)
    not_after = models.DateTimeField()
    revoked = models.DateTimeField(null=True)
    reason = models.CharField(max_length=30, blank=True)

    class Meta:
        indexes = [models.Index(fields=["revoked"], name="signature_revoked")]

    def __str__(self) -> str:
        return self.serial
