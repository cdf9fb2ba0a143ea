"""A draft becomes a case when it is sent; what happens to a case is a row each, and its state follows from them."""

from django.db import models
from django.utils import timezone
from uuid6 import uuid7


class Draft(models.Model):
    """An application being written. It has its own address, so that nothing hangs on a session."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    party = models.CharField(max_length=60)
    person = models.UUIDField()
    service = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    content = models.BinaryField(help_text="sealed: answers, and what was looked up")
    looked_up = models.DateField()
    revision = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(default=timezone.now)
    case = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["party", "-id"], name="draft_party")]

    def __str__(self) -> str:
        return str(self.pk)


class Case(models.Model):
    """One case. ``authority`` decides it; ``desk`` is where it lies now (another one in an appeal)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=20)
    service = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    party = models.CharField(max_length=60)
    applicant = models.UUIDField()
    authority = models.UUIDField()
    desk = models.UUIDField()
    state = models.CharField(max_length=30)
    revision = models.PositiveIntegerField(default=0)
    content = models.BinaryField(help_text="sealed: answers, and what was looked up")
    submitted = models.DateTimeField()
    due = models.DateField(help_text="The day the service promises an answer")
    officer = models.UUIDField(null=True)
    outcome = models.CharField(max_length=10, blank=True)
    decided = models.DateField(null=True)
    appeal_until = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "number"], name="case_number_once")]
        indexes = [
            models.Index(fields=["party", "-id"], name="case_party"),
            models.Index(fields=["desk", "state", "due", "id"], name="case_desk"),
        ]

    def __str__(self) -> str:
        return self.number


class Event(models.Model):
    """Something that happened to a case. Never changed, never removed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=30)
    at = models.DateTimeField(default=timezone.now)
    person = models.UUIDField(null=True)
    capacity = models.CharField(max_length=20)
    on_behalf_of = models.CharField(max_length=60, blank=True, help_text="The party a representative acted for")
    content = models.BinaryField(null=True, help_text="sealed: what was said")

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="event_case")]

    def __str__(self) -> str:
        return self.kind


class Attachment(models.Model):
    """A file sent with a draft or an answer; its bytes are sealed, and it follows the draft into the case."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft = models.ForeignKey(Draft, null=True, on_delete=models.CASCADE, related_name="attachments")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="attachments")
    field = models.CharField(max_length=80)
    name = models.BinaryField()
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.pk)


class Signer(models.Model):
    """Someone besides the applicant who is asked to sign."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="signers")
    person = models.UUIDField()
    due = models.DateField()
    answer = models.CharField(max_length=10, blank=True, help_text="signed, declined, silent or released")
    either = models.BooleanField(default=False, help_text="One of these is enough: a right to sign together")
    answered = models.DateTimeField(null=True)
    remark = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="signer_once")]
        indexes = [models.Index(fields=["person", "answer"], name="signer_person")]

    def __str__(self) -> str:
        return self.answer or "asked"


class Counter(models.Model):
    """The last case number of an authority in a year."""

    authority = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "year"], name="case_counter_once")]

    def __str__(self) -> str:
        return f"{self.year}/{self.last}"
