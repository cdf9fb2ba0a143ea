"""Machine to machine: scopes, who has them, and who may use them for another."""

from django.db import models
from django.utils import timezone
from uuid6 import uuid7


class ScopePrefix(models.Model):
    """What scopes of one authority begin with. ``owner`` is its organisation; empty for the platform's own."""

    prefix = models.CharField(max_length=30, primary_key=True)
    owner = models.UUIDField(null=True, db_index=True)
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.prefix


class Scope(models.Model):
    """An access to an API, ``prefix:subscope``. The columns have the names of Maskinporten's own scope register."""

    name = models.CharField(max_length=150, primary_key=True)
    prefix = models.ForeignKey(ScopePrefix, on_delete=models.PROTECT, related_name="scopes")
    description = models.CharField(max_length=500)
    accessible_for_all = models.BooleanField(default=False, help_text="any organisation has it, on the terms if any")
    terms = models.TextField(blank=True, help_text="what an organisation must accept to have an open scope")
    delegable = models.BooleanField(default=False, help_text="a consumer may let a supplier use it")
    at_max_age = models.PositiveIntegerField(default=600, help_text="seconds an access token lasts at most")
    allowed_integration_types = models.JSONField(default=list, help_text="maskinporten, idporten or both")
    active = models.BooleanField(default=True)
    created = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name


class ScopeAccess(models.Model):
    """``organisation`` has a scope: given by its owner, or taken on the terms of an open one. Kept when withdrawn."""

    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="accesses")
    organisation = models.UUIDField()
    accepted = models.BooleanField(default=False, help_text="by accepting the terms, not given by the owner")
    at = models.DateTimeField(default=timezone.now)
    by = models.UUIDField(help_text="the person who did it")
    withdrawn = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "scope"], condition=models.Q(withdrawn=None), name="scope_access_once"
            )
        ]

    def __str__(self) -> str:
        return self.scope_id


class Delegation(models.Model):
    """``consumer`` lets ``supplier`` use a scope for it, from and to and including these days. Kept when withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="delegations")
    consumer = models.UUIDField()
    supplier = models.UUIDField()
    starts = models.DateField()
    ends = models.DateField(null=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.UUIDField(help_text="the person who did it")
    withdrawn = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["consumer", "supplier"], name="delegation_parties"),
            models.Index(fields=["supplier"], name="delegation_supplier"),
        ]

    def __str__(self) -> str:
        return self.scope_id


class ScopeUse(models.Model):
    """The last day a token was given: for ``consumer``, to ``asker`` (the supplier, or the consumer itself)."""

    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="uses")
    consumer = models.UUIDField()
    asker = models.UUIDField()
    last = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "consumer", "asker"], name="scope_use_once")]

    def __str__(self) -> str:
        return self.scope_id
