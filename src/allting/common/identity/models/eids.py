"""The eIDs: logins under way, attempts, what people have of each eID, and what is switched off or blocked."""

from django.db import models
from django.utils import timezone
from uuid6 import uuid7


class EidFlow(models.Model):
    """A login at an eID, begun and not finished, in one browser. Only a hash of its cookie is kept."""

    key_hash = models.CharField(max_length=64, primary_key=True)
    sealed = models.BinaryField(help_text="encrypted: how far it has come")
    created = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.key_hash[:8]


class EidSwitch(models.Model):
    """An eID was switched off everywhere, or on again; the newest row of a name holds."""

    name = models.CharField(max_length=40, db_index=True)
    off = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    by = models.UUIDField(null=True, help_text="the officer; empty for the command line")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.name} {'off' if self.off else 'on'}"


class EidBlock(models.Model):
    """A person has said that an eID may not be used for her."""

    person = models.UUIDField()
    name = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="eid_block_once")]

    def __str__(self) -> str:
        return self.name


class Attempts(models.Model):
    """How often somebody has tried, for a credential seen from one place; the key is a keyed hash of both."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last = models.DateTimeField(default=timezone.now, db_index=True)
    until = models.DateTimeField(default=timezone.now, help_text="no new attempt before this")

    def __str__(self) -> str:
        return self.key[:8]


class KnownDevice(models.Model):
    """A browser that has logged in with a credential before: strangers' attempts do not delay it."""

    device_hash = models.CharField(max_length=64)
    credential_hash = models.CharField(max_length=64, db_index=True)
    last = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device_hash", "credential_hash"], name="known_device_once")]

    def __str__(self) -> str:
        return self.device_hash[:8]


class OneTimeCode(models.Model):
    """A code that was sent somewhere: used once, for a short while, with few tries."""

    purpose = models.CharField(max_length=30)
    subject = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    tries_left = models.PositiveSmallIntegerField()
    expires = models.DateTimeField(db_index=True)
    used = models.DateTimeField(null=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["purpose", "subject", "-id"], name="one_time_code_of")]

    def __str__(self) -> str:
        return self.purpose


class MyIdAccount(models.Model):
    """A person's MyID. The identity number is there as a keyed hash only, to find the account by what is typed."""

    person = models.UUIDField(primary_key=True)
    number_hash = models.CharField(max_length=64, unique=True)
    password = models.CharField(max_length=200, help_text="Argon2id")
    mobile = models.BinaryField(help_text="encrypted: where codes are sent")
    totp = models.BinaryField(null=True, help_text="encrypted: the secret shared with an authenticator app")
    totp_step = models.BigIntegerField(default=0, help_text="the last time step used (RFC 6238 section 5.2)")
    created = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(default=timezone.now)
    last_used = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.person)


class RecoveryCode(models.Model):
    """One of the ten codes a person keeps on paper; each is used once."""

    account = models.ForeignKey(MyIdAccount, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class Passkey(models.Model):
    """A WebAuthn credential. ``level`` is the most it gives: that of the login it was added in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.UUIDField(db_index=True)
    credential_id = models.CharField(max_length=1400, unique=True, help_text="base64url")
    public_key = models.BinaryField(help_text="COSE key")
    sign_count = models.BigIntegerField(default=0)
    name = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField()
    synced = models.BooleanField(help_text="the key may be copied to other devices (backup eligible)")
    created = models.DateTimeField(default=timezone.now)
    last_used = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class EidLink(models.Model):
    """A person here is the one that a foreign eID calls ``subject``: she showed both in one sitting."""

    person = models.UUIDField(db_index=True)
    name = models.CharField(max_length=40)
    subject_hash = models.CharField(max_length=64)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "subject_hash"], name="eid_link_once")]

    def __str__(self) -> str:
        return self.name
