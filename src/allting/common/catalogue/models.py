"""Service files as they were: a case follows the file it was begun with, also after the file has changed."""

from django.db import models
from django.utils import timezone


class Version(models.Model):
    """One content of one service file."""

    service = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    text = models.TextField()
    folder = models.CharField(max_length=500)
    seen = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "digest"], name="service_version_once")]

    def __str__(self) -> str:
        return f"{self.service} {self.digest[:8]}"
