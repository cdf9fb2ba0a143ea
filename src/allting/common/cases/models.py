"""A draft becomes a case when it is sent; what happens to a case is a row each, and its state follows from them."""

from django.db import models
from django.utils import timezone
from uuid6 import uuid7

# The states of which the queues are made, as the indexes need them; the same as ``lifecycle`` says (a test holds it).
WAITING = ["received", "in-hand", "asked", "hearing", "proposed", "appealed", "forwarded"]
ENDED = ["decided", "annulled", "closed"]
APPEALS = ["appealed", "reversed", "returned", "appeal-decided"]  # the events that figures of appeals are made of


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
    desk = models.UUIDField(null=True, help_text="The authority whose officers enter it for the party")

    class Meta:
        indexes = [
            models.Index(fields=["party", "-id"], name="draft_party"),
            models.Index(
                fields=["desk", "-id"], name="draft_desk", condition=models.Q(desk__isnull=False, case__isnull=True)
            ),
        ]

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
    reply_by = models.DateField(null=True, help_text="The last day for a provisional reply, while none is sent")
    first_decided = models.DateField(null=True, help_text="The day of the first decision: appeals do not move it")
    late = models.BooleanField(default=False, help_text="The first decision came after the day that was promised")
    appeal_until = models.DateField(null=True)
    appeal_result = models.CharField(max_length=10, blank=True, help_text="The appeals body's: upheld or overturned")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "number"], name="case_number_once")]
        indexes = [
            models.Index(fields=["party", "-id"], name="case_party"),
            models.Index(fields=["desk", "due", "id"], name="case_open", condition=models.Q(state__in=WAITING)),
            models.Index(
                fields=["desk", "officer", "due", "id"], name="case_officer", condition=models.Q(state__in=WAITING)
            ),
            models.Index(  # of its own: PostgreSQL sorts what it finds by IS NULL, though it is one value
                fields=["desk", "due", "id"], name="case_free", condition=models.Q(state__in=WAITING, officer=None)
            ),
            models.Index(
                fields=["desk", "service", "due", "id"],
                name="case_open_service",
                condition=models.Q(state__in=WAITING),
            ),
            models.Index(fields=["desk", "-id"], name="case_over", condition=models.Q(state__in=ENDED)),
            models.Index(fields=["desk", "state", "-id"], name="case_desk_state"),
            models.Index(fields=["desk", "party", "-id"], name="case_desk_party"),
            models.Index(fields=["desk", "number"], name="case_desk_number"),
            models.Index(fields=["desk", "service", "-id"], name="case_desk_service"),
            models.Index(fields=["desk", "-id"], name="case_desk_newest"),
            models.Index(fields=["authority", "id"], name="case_authority"),
            models.Index(
                fields=["authority", "first_decided"],
                name="case_first_decided",
                condition=models.Q(first_decided__isnull=False),
            ),
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
        indexes = [
            models.Index(fields=["case", "id"], name="event_case"),
            models.Index(fields=["kind", "at"], name="event_appeal", condition=models.Q(kind__in=APPEALS)),
        ]

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
    answer = models.CharField(max_length=10, blank=True, help_text="signed, declined, silent, released or paper")
    either = models.BooleanField(default=False, help_text="One of these is enough: a right to sign together")
    answered = models.DateTimeField(null=True)
    remark = models.BinaryField(null=True)
    part = models.BinaryField(null=True, help_text="sealed: what she filled in of her own")

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


class Inquiry(models.Model):
    """What is asked in a case: of another authority, or of somebody it concerns (forvaltningsloven §§ 16 and 17)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="inquiries")
    asked_by = models.UUIDField(help_text="The authority that asks")
    authority = models.UUIDField(null=True, help_text="The authority that is asked, or")
    party = models.CharField(max_length=60, blank=True, help_text="the party that is heard")
    content = models.BinaryField(help_text="sealed: the question")
    answer = models.BinaryField(null=True, help_text="sealed")
    asked = models.DateTimeField(default=timezone.now)
    due = models.DateField()
    answered = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "id"], name="inquiry_case"),
            models.Index(fields=["authority", "answered", "due"], name="inquiry_authority"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Skill(models.Model):
    """An officer handles a service in her authority: her own queue is made of these."""

    authority = models.UUIDField()
    person = models.UUIDField()
    service = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "person", "service"], name="skill_once")]

    def __str__(self) -> str:
        return self.service


class Substitute(models.Model):
    """``stand_in`` handles what ``person`` has taken, from ``starts`` to ``ends``, both days included."""

    authority = models.UUIDField()
    person = models.UUIDField()
    stand_in = models.UUIDField()
    starts = models.DateField()
    ends = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["authority", "stand_in", "ends"], name="substitute_stand_in")]

    def __str__(self) -> str:
        return f"{self.starts} {self.ends}"


class Word(models.Model):
    """A word of the party's name, as a keyed digest for each desk, so that a case is found by name without a name
    standing here."""

    digest = models.CharField(max_length=32)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="words")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "case"], name="case_word_once")]

    def __str__(self) -> str:
        return self.digest


class Note(models.Model):
    """An officer's own words about a case, for those who handle it: no part of what is decided."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    authority = models.UUIDField()
    person = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    content = models.BinaryField(help_text="sealed")

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="note_case")]

    def __str__(self) -> str:
        return str(self.pk)


class Reminder(models.Model):
    """A day on which an officer wants to see a case again."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reminders")
    authority = models.UUIDField()
    person = models.UUIDField()
    on = models.DateField()
    done = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["person", "authority", "done", "on"], name="reminder_person")]

    def __str__(self) -> str:
        return str(self.on)


class Phrase(models.Model):
    """A text that an authority's officers use often in letters; ``service`` empty: in all."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authority = models.UUIDField()
    service = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=100)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "service", "title"], name="phrase_once")]

    def __str__(self) -> str:
        return self.title


class Certificate(models.Model):
    """A sealed document that a granted application gave; the bytes are with the letter it came with."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="certificates")
    key = models.CharField(max_length=120, unique=True, help_text="The letter's key")
    title = models.BinaryField(help_text="sealed")
    issued = models.DateField()
    valid_until = models.DateField(null=True)
    withdrawn = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the sealed PDF, when it is made")

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="certificate_case")]

    def __str__(self) -> str:
        return str(self.pk)
