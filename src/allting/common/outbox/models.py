"""Outgoing effects: rows written in the same transaction as the state change that causes them."""

from django.db import models
from django.utils import timezone


class Effect(models.Model):
    """One effect to be carried out. ``payload`` holds references only, never personal data."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120, help_text="Idempotency key: the same effect is put once")
    payload = models.JSONField(default=dict)
    created = models.DateTimeField(default=timezone.now)
    due = models.DateTimeField(default=timezone.now, help_text="Not tried before this time")
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.DateTimeField(null=True)
    dead = models.DateTimeField(null=True, help_text="Given up: waits for a person")
    error = models.CharField(max_length=200, blank=True, help_text="The last error's class, no contents")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="effect_once")]
        indexes = [
            models.Index(
                fields=["due"], name="effect_waiting", condition=models.Q(done__isnull=True, dead__isnull=True)
            ),
            models.Index(
                fields=["dead"], name="effect_dead", condition=models.Q(done__isnull=True, dead__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
