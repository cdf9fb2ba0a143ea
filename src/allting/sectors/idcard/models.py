"""The register of national ID cards, their certificates, and what was revoked."""

from django.db import models
from django.utils import timezone
from uuid6 import uuid7


class IdentityCheck(models.Model):
    """An officer has met the applicant and seen who she is (ID-kortloven § 3)."""

    holder = models.UUIDField()
    officer = models.UUIDField()
    authority = models.UUIDField()
    document = models.CharField(max_length=20, help_text="What was shown: passport, id-card, other or known")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["holder", "-at"], name="identity_check_holder")]

    def __str__(self) -> str:
        return self.document


class Card(models.Model):
    """One card. ``content`` is sealed: what is printed on it. ``lifecycle`` says which states there are."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=9, unique=True)
    holder = models.UUIDField()
    case = models.UUIDField(null=True, help_text="The order")
    travel = models.BooleanField(help_text="Valid as a travel document (ID-kortloven § 1)")
    delivery = models.CharField(max_length=8, help_text="post or personal")
    state = models.CharField(max_length=13)
    ordered = models.DateTimeField(default=timezone.now)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    content = models.BinaryField(null=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        indexes = [
            models.Index(fields=["holder", "-id"], name="card_holder"),
            models.Index(fields=["state", "id"], name="card_state"),
        ]

    def __str__(self) -> str:
        return self.state


class CardEvent(models.Model):
    """Something that happened to a card: who did it, and for whom. Never changed, never removed."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=13)
    at = models.DateTimeField(default=timezone.now)
    person = models.UUIDField(null=True)
    capacity = models.CharField(max_length=20)
    on_behalf_of = models.CharField(max_length=60, blank=True)
    why = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [models.Index(fields=["card", "id"], name="card_event")]

    def __str__(self) -> str:
        return self.kind


class Certificate(models.Model):
    """A certificate of a card. ``content`` is sealed: the certificate names its holder by her number."""

    serial = models.CharField(max_length=40, primary_key=True, help_text="hexadecimal")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="certificates")
    use = models.CharField(max_length=4, help_text="auth or sign")
    not_after = models.DateTimeField()
    content = models.BinaryField()
    revoked = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True, help_text="CRLReason of RFC 5280 § 5.3.1")
    listed = models.BooleanField(default=True, help_text="The newest revocation list tells its state")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["card", "use"], name="certificate_use_once")]
        indexes = [
            models.Index(fields=["not_after"], name="certificate_revoked", condition=models.Q(revoked__isnull=False)),
            models.Index(fields=["serial"], name="certificate_unlisted", condition=models.Q(listed=False)),
        ]

    def __str__(self) -> str:
        return self.serial[:8]


class RevocationList(models.Model):
    """A signed list of what is revoked; the newest holds. ``number`` is its CRL number."""

    number = models.BigAutoField(primary_key=True)
    this_update = models.DateTimeField()
    next_update = models.DateTimeField()
    der = models.BinaryField()

    def __str__(self) -> str:
        return str(self.number)


class ListLock(models.Model):
    """One row, held by whoever makes the next list, so that two never make the same."""

    name = models.CharField(max_length=10, primary_key=True)

    def __str__(self) -> str:
        return self.name
