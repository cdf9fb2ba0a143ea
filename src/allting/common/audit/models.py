"""The sealed log: who did what with whose data, and why."""

from django.db import models
from django.utils import timezone


class Seal(models.Model):
    """A batch of entries, bound to all batches before it."""

    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.pk}: {self.digest[:12]}"


class Entry(models.Model):
    """One look-up or change. Holds no contents: only which data, of whom, by whom, and why."""

    at = models.DateTimeField(default=timezone.now)
    subject = models.UUIDField(help_text="The person or organisation the data is about")
    person = models.UUIDField(null=True, help_text="Who did it; empty for a rule")
    on_behalf_of = models.CharField(max_length=60, blank=True)
    capacity = models.CharField(max_length=20)
    authority = models.UUIDField(null=True)
    authority_name = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=20)
    dataset = models.CharField(max_length=60)
    fields = models.JSONField(default=list)
    basis = models.CharField(max_length=300)
    reason = models.CharField(max_length=500)
    case = models.UUIDField(null=True)
    seal = models.ForeignKey(Seal, null=True, on_delete=models.PROTECT)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-id"], name="entry_about"),
            models.Index(fields=["id"], name="entry_unsealed", condition=models.Q(seal__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.dataset}"
