"""Sessions of the gateway and of the portal, and forms kept for whoever was logged out."""

from importlib import import_module

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone


class PortalSession(AbstractBaseSession):
    """A browser logged in to the portal. The columns beside Django's make "log out everywhere" one statement."""

    person = models.UUIDField(null=True, db_index=True)
    sid = models.CharField(max_length=43, blank=True, db_index=True)

    @classmethod
    def get_session_store_class(cls):  # type: ignore[no-untyped-def]
        return import_module(settings.SESSION_ENGINE).SessionStore


class SignOn(models.Model):
    """A login at the gateway, which several clients may share (single sign-on). Only a hash of its cookie is kept."""

    sid = models.CharField(max_length=43, primary_key=True)
    cookie_hash = models.CharField(max_length=64, unique=True)
    person = models.UUIDField(db_index=True)
    level = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=30, help_text="amr: the eID that was used")
    methods = models.CharField(max_length=60, blank=True, help_text="amr: what was shown, by RFC 8176")
    at = models.DateTimeField(default=timezone.now, help_text="auth_time: when she last showed who she is")
    last_seen = models.DateTimeField(default=timezone.now)
    ended = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.sid[:8]


class ParkedForm(models.Model):
    """What someone had typed when her session was over; only the same browser gets it back."""

    key = models.CharField(max_length=43, primary_key=True)
    browser_hash = models.CharField(max_length=64)
    sealed = models.BinaryField()
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.key[:8]
