"""What the demo receivers got; a real installation leaves this table empty."""

from django.db import models
from django.utils import timezone


class DemoMessage(models.Model):
    """An e-mail or SMS that reached the demo receiver. The key tells a repeat."""

    kind = models.CharField(max_length=5)
    key = models.CharField(max_length=200, unique=True)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
