"""Passkeys (WebAuthn): made and checked by the library, kept and weighed by us.

A passkey gives at most the level of the login it was added in. One that may be copied between devices (backup
eligible) gives substantial at most: level high wants a means that cannot be duplicated ((EU) 2015/1502, 2.2.1).
The authenticator must have verified its user each time; without that it proves one factor only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from allting.common.identity.eids.hashing import keyed_hash
from allting.common.identity.models import Passkey
from allting.kernel.actor import Level

MOST = 20  # keys of one person


class NotThisKey(Exception):
    """The answer is not from a passkey of ours, for this question, at this address."""


def rp_id() -> str:
    """The name passkeys are bound to: the host of BASE_URL."""
    return urlsplit(settings.BASE_URL).hostname or ""


def ready() -> bool:
    """Passkeys want a name (not a number) and TLS, or localhost (WebAuthn § 5.1.2, secure contexts)."""
    host = rp_id()
    return host == "localhost" or (bool(settings.SECURE) and not host.replace(".", "").isdigit() and ":" not in host)


def of_person(person: UUID) -> Sequence[Passkey]:
    return list(Passkey.objects.filter(person=person).order_by("created"))


def registration(person: UUID, name: str) -> tuple[str, str]:
    """Options for the browser (JSON), and the challenge to keep."""
    options = webauthn.generate_registration_options(
        rp_id=rp_id(),
        rp_name="Allting",
        user_id=_handle(person),
        user_name=name,
        user_display_name=name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id)) for one in of_person(person)
        ],
    )
    return options_to_json(options), bytes_to_base64url(options.challenge)


def register(person: UUID, name: str, level: Level, credential: str, challenge: str) -> Passkey:
    """Keep a new passkey, after a login at ``level``. Raises NotThisKey."""
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=rp_id(),
            expected_origin=settings.BASE_URL,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as fault:
        raise NotThisKey(type(fault).__name__) from None
    key = bytes_to_base64url(made.credential_id)
    if Passkey.objects.filter(credential_id=key).exists() or Passkey.objects.filter(person=person).count() >= MOST:
        raise NotThisKey("known already, or too many")
    return Passkey.objects.create(
        person=person,
        credential_id=key,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name,
        level=level,
        synced=made.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
    )


def question() -> tuple[str, str]:
    """Options for a login with whichever passkey the person has here (JSON), and the challenge to keep."""
    options = webauthn.generate_authentication_options(
        rp_id=rp_id(), user_verification=UserVerificationRequirement.REQUIRED
    )
    return options_to_json(options), bytes_to_base64url(options.challenge)


def answered(credential: str, challenge: str) -> tuple[UUID, Level]:
    """Whose passkey answered, and the level it gives. Raises NotThisKey, also when the counter has gone back, as it
    does for a copy (WebAuthn § 6.1.1)."""
    told = _read(credential)
    with transaction.atomic():
        row = Passkey.objects.select_for_update().filter(credential_id=told.get("id", "")).first()
        if row is None:
            raise NotThisKey("unknown")
        try:
            found = webauthn.verify_authentication_response(
                credential=told,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=rp_id(),
                expected_origin=settings.BASE_URL,
                credential_public_key=bytes(row.public_key),
                credential_current_sign_count=row.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as fault:
            raise NotThisKey(type(fault).__name__) from None
        handle = told.get("response", {}).get("userHandle")
        if handle and base64url_to_bytes(handle) != _handle(row.person):
            raise NotThisKey("of another user")
        row.sign_count, row.last_used = found.new_sign_count, timezone.now()
        row.save(update_fields=["sign_count", "last_used"])
    return row.person, level_of(row)


def level_of(row: Passkey) -> Level:
    return Level.SUBSTANTIAL if row.synced else Level(row.level)


def _read(credential: str) -> dict[str, Any]:
    try:
        told = json.loads(credential)
    except ValueError:
        raise NotThisKey("not JSON") from None
    if not isinstance(told, dict) or not isinstance(told.get("id"), str) or not isinstance(told.get("response"), dict):
        raise NotThisKey("not a credential")
    return told


def _handle(person: UUID) -> bytes:
    """What the authenticator calls the person: the same each time, and nothing that says who it is."""
    return bytes.fromhex(keyed_hash("passkey-user", str(person)))
