"""What an owner does with her organisation's clients. Each change stands in the organisation's log."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from allting.common.audit import api as audit
from allting.common.identity import clients, jose
from allting.common.identity.models import Client, ClientKey
from allting.common.identity.owners.settings_of_client import FIELDS, checked
from allting.kernel.actor import Actor, Capacity, Purpose
from allting.kernel.problems import Conflict, Invalid, NotAllowed, NotFound

SECRET_LIFE = timedelta(days=360)
KEY_LIFE = timedelta(days=365)
MOST_KEYS = 5
_OWN = Purpose("eForvaltningsforskriften § 4", "Egen forvaltning av innloggingsklienter")
_PEM = "-----BEGIN"


def owner(actor: Actor) -> UUID:
    """The organisation whose clients ``actor`` sees: the one she represents, or works in. Raises NotAllowed."""
    if actor.is_officer and actor.authority is not None:
        return actor.authority
    party = actor.on_behalf_of
    if actor.capacity is Capacity.REPRESENTATIVE and party is not None and party.kind == "organisation":
        return party.id
    raise NotAllowed(code="other-capacity")


def own(actor: Actor) -> list[Client]:
    """The organisation's clients, by name."""
    return list(Client.objects.filter(owner=owner(actor)).order_by(F("active").desc(), "name", "pk"))


def one(actor: Actor, client_id: str) -> Client:
    """One of them. Raises NotFound, for another's as well."""
    return _find(actor, client_id, Client.objects.all())


def _find(actor: Actor, client_id: str, rows: QuerySet[Client]) -> Client:
    row = rows.filter(owner=owner(actor), pk=client_id).first() if "\x00" not in client_id else None
    if row is None:
        raise NotFound()
    return row


def _editable(actor: Actor, client_id: str) -> Client:
    """The row, locked. Raises Conflict for one that a file keeps."""
    row = _find(actor, client_id, Client.objects.select_for_update())
    if row.source in (Client.Source.FILE, Client.Source.PACKAGE):
        raise Conflict(_("This client is kept in a file by those who run the installation."), code="kept-in-file")
    return row


def register(actor: Actor, given: Mapping[str, Any]) -> tuple[Client, str]:
    """A new client, and its secret when it is to have one: shown now and never again. Raises Invalid."""
    _may_set(actor, given)
    draft = checked(Client(owner=owner(actor), name=""), given)
    secret = ""
    with transaction.atomic():
        if draft.auth_method in (Client.AuthMethod.BASIC, Client.AuthMethod.POST):
            secret = _give_secret(draft)
        draft.save(force_insert=True)
        _note(actor, draft, "register", sorted(name for name in FIELDS if name in given))
    return draft, secret


def _may_set(actor: Actor, given: Mapping[str, Any]) -> None:
    """Only an authority can say by which law it gets identity numbers; others get a name of their own for each
    person, until those who run the installation have agreed with them."""
    if str(given.get("legal_basis", "")).strip() and not actor.is_officer:
        raise Invalid(errors={"legal_basis": [_("Only an authority can state a legal basis here.")]})


def change(actor: Actor, client_id: str, given: Mapping[str, Any]) -> Client:
    """Other settings; the log tells which. Raises NotFound, Conflict or Invalid."""
    _may_set(actor, given)
    with transaction.atomic():
        row = _editable(actor, client_id)
        before = {name: getattr(row, name) for name in FIELDS}
        checked(row, given)
        changed = sorted(name for name in FIELDS if getattr(row, name) != before[name])
        if changed:
            row.save()
            _note(actor, row, "change", changed)
    return row


def new_secret(actor: Actor, client_id: str) -> tuple[Client, str]:
    """Another secret; the old one is worth nothing from now on. Raises Conflict for a client without."""
    with transaction.atomic():
        row = _editable(actor, client_id)
        if row.auth_method not in (Client.AuthMethod.BASIC, Client.AuthMethod.POST):
            raise Conflict(_("This client has no secret."), code="no-secret")
        secret = _give_secret(row)
        row.save()
        _note(actor, row, "change", ["secret"])
    return row, secret


def _give_secret(row: Client) -> str:
    secret, row.secret_hash = clients.new_secret()
    row.secret_expires = timezone.now() + SECRET_LIFE
    return secret


def keys(row: Client) -> list[ClientKey]:
    return list(row.keys.order_by("-created"))


def add_key(actor: Actor, client_id: str, text: str) -> tuple[Client, ClientKey, dict[str, Any]]:
    """Register a public key, a JWK or PEM; with an empty ``text`` we make one, and the third that is returned is its
    private half, shown now and never again. Raises Conflict or Invalid."""
    private: dict[str, Any] = {}
    if text.strip():
        jwk = _public_key(text.strip())
    else:
        made = RSAKey.generate_key(2048, private=True)
        private = made.as_dict(private=True, kid=made.thumbprint(), use="sig", alg="RS256")
        jwk = made.as_dict(private=False, kid=made.thumbprint(), use="sig", alg="RS256")
    with transaction.atomic():
        row = _editable(actor, client_id)
        if row.auth_method != Client.AuthMethod.PRIVATE_KEY:
            raise Conflict(_("This client does not use keys."), code="no-keys")
        if row.keys.count() >= MOST_KEYS:
            full = _("A client has at most %(num)d keys. Remove one first.") % {"num": MOST_KEYS}
            raise Invalid(errors={"key": [full]})
        if row.keys.filter(kid=jwk["kid"]).exists():
            raise Invalid(errors={"key": [_("There is a key with this kid already. Give the new one another.")]})
        key = ClientKey.objects.create(client=row, kid=jwk["kid"], jwk=jwk, expires=timezone.now() + KEY_LIFE)
        _note(actor, row, "change", ["keys"])
    return row, key, private


def _public_key(text: str) -> dict[str, Any]:
    try:
        jwk = _from_pem(text) if text.startswith(_PEM) else json.loads(text)
        if not isinstance(jwk, dict):
            raise jose.BadToken("it is no key")
        jwk.setdefault("kid", jose.imported(jwk).thumbprint())
        jose.text(jwk, "kid", 100)
    except (ValueError, JoseError, TypeError) as fault:
        told = str(fault) if isinstance(fault, jose.BadToken) else ""
        wrong = _("Paste a public key of RSA (2048 bits or more) or P-256, as JWK or PEM.")
        raise Invalid(errors={"key": [f"{wrong} ({told})" if told else wrong]}) from None
    return jwk


def _from_pem(text: str) -> dict[str, Any]:
    if "PRIVATE" in text:
        raise jose.BadToken("this is a private key")
    for kind in (RSAKey, ECKey):
        try:
            return dict(kind.import_key(text).as_dict(private=False))
        except (ValueError, JoseError, TypeError, AttributeError):
            continue
    raise jose.BadToken("the key cannot be read")


def remove_key(actor: Actor, client_id: str, kid: str) -> Client:
    """From now on nothing signed with it is taken."""
    with transaction.atomic():
        row = _editable(actor, client_id)
        if row.keys.filter(kid=kid).delete()[0]:
            _note(actor, row, "change", ["keys"])
    return row


def set_active(actor: Actor, client_id: str, active: bool) -> Client:
    """Shut the client off, or let it in again. It holds at once, for tokens it has as well."""
    with transaction.atomic():
        row = _editable(actor, client_id)
        if row.active is not active:
            row.active = active
            row.save()
            _note(actor, row, "change", ["active"])
    return row


def _note(actor: Actor, row: Client, action: str, fields: Sequence[str]) -> None:
    audit.record(actor, _OWN, "identity.client", owner(actor), action=action, fields=list(fields))
