"""What clients were let have at a login, and what may be used only once."""

from datetime import datetime
from uuid import UUID

from django.db import models
from django.utils import timezone

from allting.common.identity.models.sign_on import SignOn


class Grant(models.Model):
    """What a login gave a client: first a code (RFC 6749 § 4.1.2), then the tokens that come of it.

    Only hashes of secrets are kept. Level, method and time are those of the login when the code was made: a session
    that is raised later does not raise tokens that others asked for. ``family`` names the chain of refresh tokens,
    of which only the newest works; an older one ends the grant (RFC 9700 § 4.14.2).
    """

    person: UUID  # whose login it is of, and when that ended: where ``grant_rows`` has read it
    ended: datetime | None

    code_hash = models.CharField(max_length=64, primary_key=True)
    client_id = models.CharField(max_length=60)
    redirect_uri = models.CharField(max_length=500)
    sign_on = models.ForeignKey(SignOn, on_delete=models.CASCADE)
    level = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=30)
    methods = models.CharField(max_length=60, blank=True)
    auth_time = models.DateTimeField()
    scope = models.CharField(max_length=500, default="openid")
    nonce = models.CharField(max_length=200, blank=True)
    challenge = models.CharField(max_length=43)
    locale = models.CharField(max_length=2, default="nb")
    on_behalf_of = models.CharField(max_length=60, blank=True)
    party = models.CharField(max_length=50, blank=True, help_text="for whom she chose to act; empty: for herself")
    for_service = models.CharField(max_length=100, blank=True, help_text="at which service; empty: all the client does")
    jkt = models.CharField(max_length=43, blank=True, help_text="thumbprint of the DPoP key the grant is bound to")
    until = models.DateTimeField(help_text="the end of the authorization")
    family = models.CharField(max_length=22, null=True, unique=True)
    refresh_hash = models.CharField(max_length=64, blank=True)
    refresh_until = models.DateTimeField(null=True)
    created = models.DateTimeField(default=timezone.now)
    used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.client_id


class PushedRequest(models.Model):
    """An authorization request that a client has pushed (RFC 9126); gone when it is used."""

    uri_hash = models.CharField(max_length=64, primary_key=True)
    client_id = models.CharField(max_length=60)
    sealed = models.BinaryField(help_text="the parameters; a login_hint may be personal")
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.client_id


class UsedOnce(models.Model):
    """An identifier (``jti``) of a signed message that is taken once, until the message is too old anyway."""

    key = models.CharField(max_length=64, primary_key=True)
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key[:8]
