"""Who may ask the gateway for a login or a token: registered clients and their keys."""

from uuid import uuid4

from django.db import models
from django.utils import timezone


def new_client_id() -> str:
    return str(uuid4())


class Client(models.Model):
    """A registered client (RFC 6749 § 2; OpenID Connect Dynamic Client Registration 1.0 § 2 has the names).

    ``owner`` is the organisation in the entity register that answers for it; empty for the platform's own.
    """

    class Kind(models.TextChoices):
        WEB = "web"
        BROWSER = "browser"
        NATIVE = "native"
        MACHINE = "machine"

    class AuthMethod(models.TextChoices):
        NONE = "none"
        BASIC = "client_secret_basic"
        POST = "client_secret_post"
        PRIVATE_KEY = "private_key_jwt"

    class Subject(models.TextChoices):
        PAIRWISE = "pairwise"
        PUBLIC = "public"

    class Algorithm(models.TextChoices):
        RS256 = "RS256"
        ES256 = "ES256"

    class Source(models.TextChoices):
        """Who keeps it: its owner on the pages, or a file that is read again when it changes."""

        OWNER = "owner"
        PACKAGE = "package"
        FILE = "file"
        DEMO = "demo"

    id = models.CharField(max_length=60, primary_key=True, default=new_client_id)
    name = models.CharField(max_length=120)
    owner = models.UUIDField(null=True, db_index=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.WEB)
    auth_method = models.CharField(max_length=30, choices=AuthMethod.choices, default=AuthMethod.PRIVATE_KEY)
    secret_hash = models.CharField(max_length=64, blank=True, help_text="keyed hash (HMAC-SHA-256) of a random secret")
    secret_expires = models.DateTimeField(null=True)
    redirect_uris = models.JSONField(default=list)
    post_logout_redirect_uris = models.JSONField(default=list)
    frontchannel_logout_uri = models.CharField(max_length=500, blank=True)
    frontchannel_logout_session_required = models.BooleanField(default=True)
    backchannel_logout_uri = models.CharField(max_length=500, blank=True)
    scopes = models.JSONField(default=list, help_text="what it may ask for beside openid and profile")
    on_behalf_of = models.JSONField(default=dict, help_text="onbehalfof values, with organisation numbers")
    subject_type = models.CharField(max_length=10, choices=Subject.choices, default=Subject.PAIRWISE)
    signing_alg = models.CharField(max_length=5, choices=Algorithm.choices, default=Algorithm.RS256)
    legal_basis = models.CharField(
        max_length=300, blank=True, help_text="the law by which the owner gets identity number and name; empty: neither"
    )
    par_required = models.BooleanField(default=False)
    dpop_required = models.BooleanField(default=False)
    access_seconds = models.PositiveIntegerField(default=120)
    refresh_seconds = models.PositiveIntegerField(default=600)
    authorization_seconds = models.PositiveIntegerField(default=7200)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.OWNER)
    demo = models.BooleanField(default=False, help_text="only taken where ALLTING_DEMO is on")
    active = models.BooleanField(default=True)
    created = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.id


class ClientKey(models.Model):
    """A public key (JWK, RFC 7517) that a client signs with; at most five at a time, each for a year at most."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="keys")
    kid = models.CharField(max_length=100)
    jwk = models.JSONField()
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "kid"], name="client_key_once")]

    def __str__(self) -> str:
        return self.kid
