"""The registers: people, organisations, addresses, mandates, contact data.

The identity number stands in this one table; everything else refers to a person by her UUID.
"""

from django.db import models
from django.utils import timezone
from uuid6 import uuid7


class Address(models.Model):
    """A place to live or to be found. As long as the answers it may come from (catalogue, kind ``text``)."""

    street = models.CharField(max_length=200)
    postcode = models.CharField(max_length=4)
    place = models.CharField(max_length=200)
    municipality = models.CharField(max_length=4, help_text="Official municipality number")

    class Meta:
        indexes = [
            models.Index(fields=["municipality"], name="address_municipality"),
            models.Index(fields=["postcode", "place"], name="address_postcode"),
        ]

    def __str__(self) -> str:
        return f"{self.postcode} {self.place}"


class Person(models.Model):
    """Someone in the population register."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    identity_number = models.CharField(max_length=11, unique=True)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    birth_date = models.DateField()
    address = models.ForeignKey(Address, null=True, on_delete=models.PROTECT, related_name="residents")
    died = models.DateField(null=True)
    emigrated = models.DateField(null=True, help_text="The day she left Norway; empty for who lives here")

    class Meta:
        indexes = [models.Index(fields=["birth_date"], name="person_born")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


class Relation(models.Model):
    """``person`` is parent, guardian or spouse of ``other``. A guardian's ``scope``: economic, personal, or both."""

    class Kind(models.TextChoices):
        PARENT = "parent"
        GUARDIAN = "guardian"
        SPOUSE = "spouse"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="related")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    scope = models.CharField(max_length=10, blank=True, help_text="economic or personal; empty: both")
    ended = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "other", "kind"], name="relation_once")]

    def __str__(self) -> str:
        return self.kind


class Organisation(models.Model):
    """An enterprise or an authority in the entity register. ``slug`` is set for authorities only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_number = models.CharField(max_length=9, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, help_text="company, state, county or municipality")
    slug = models.CharField(max_length=60, unique=True, null=True)
    number = models.CharField(max_length=4, blank=True, help_text="County or municipality number")
    municipality = models.CharField(max_length=4, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "number"], name="organisation_kind")]

    def __str__(self) -> str:
        return self.name


class Mandate(models.Model):
    """``person`` holds ``role`` in ``organisation``; ``data/roles.yaml`` says what it lets her do."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mandates")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="mandates")
    role = models.CharField(max_length=30)
    ended = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "organisation", "role"], name="mandate_once")]

    def __str__(self) -> str:
        return self.role


class Power(models.Model):
    """A power of attorney: the giver lets the receiver act for her, as far and as long as it says.

    Giver and receiver are each a person or an organisation. An organisation's power is used by those who may
    give one for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    giver_person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="powers_given")
    giver_organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.CASCADE, related_name="powers_given"
    )
    receiver_person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="powers_received")
    receiver_organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.CASCADE, related_name="powers_received"
    )
    scope = models.TextField(help_text="JSON: everything, services, themes or authorities")
    starts = models.DateField()
    ends = models.DateField(null=True, help_text="The last day it holds; empty: until it is withdrawn")
    given = models.DateTimeField(default=timezone.now)
    given_by = models.UUIDField(help_text="The person who gave it, for herself or for the organisation")
    withdrawn = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(giver_person=None) ^ models.Q(giver_organisation=None), name="power_one_giver"
            ),
            models.CheckConstraint(
                condition=models.Q(receiver_person=None) ^ models.Q(receiver_organisation=None),
                name="power_one_receiver",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class FailedSearch(models.Model):
    """Someone named a person who was not found; counted, so that nobody can try numbers."""

    person = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["person", "at"], name="failed_search")]

    def __str__(self) -> str:
        return str(self.at)


class Contact(models.Model):
    """How a person or an organisation is reached, as the contact and reservation register has it."""

    party = models.CharField(max_length=60, primary_key=True)
    email = models.EmailField(blank=True)
    mobile = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=2, default="nb")
    reserved = models.BooleanField(default=False, help_text="Wants letters on paper (eForvaltningsforskriften § 9)")
    account = models.CharField(max_length=11, blank=True, help_text="Account for payments from authorities")
    verified = models.DateField(null=True)

    def __str__(self) -> str:
        return "contact"
