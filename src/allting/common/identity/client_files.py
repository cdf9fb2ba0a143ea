"""Clients kept as text: the platform's own, and those of an installation that prefers a file to the pages.

The database is what is asked; a file is read into it (docs/adr/0011). The platform's own are read at ``migrate``, the
installation's (``CLIENTS_FILE``) whenever the file has changed. A client that is no longer in its file is shut off.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from allting.common.identity import jose
from allting.common.identity.models import Client, ClientKey

PACKAGE = Path(__file__).with_name("clients.yaml")
KEY_LIFE = timedelta(days=365)
_log = logging.getLogger("allting.identity")
_FIELDS = {  # the word in the file, and the column
    "name": "name",
    "kind": "kind",
    "auth": "auth_method",
    "redirects": "redirect_uris",
    "after_logout": "post_logout_redirect_uris",
    "frontchannel_logout": "frontchannel_logout_uri",
    "backchannel_logout": "backchannel_logout_uri",
    "scopes": "scopes",
    "on_behalf_of": "on_behalf_of",
    "legal_basis": "legal_basis",
    "subject": "subject_type",
    "signing": "signing_alg",
    "par": "par_required",
    "dpop": "dpop_required",
    "access_seconds": "access_seconds",
    "refresh_seconds": "refresh_seconds",
    "authorization_seconds": "authorization_seconds",
    "demo": "demo",
}
_OF_ITS_OWN = {"owner", "keys"}
_seen: dict[Path, int] = {}


class BadFile(ValueError):
    """A file of clients that cannot be taken; the text says what is wrong."""


def keep_up() -> None:
    """Read the installation's file when it has changed; one with a mistake is logged, and what was known stays."""
    if not settings.CLIENTS_FILE:
        return
    path = Path(settings.CLIENTS_FILE)
    try:
        changed = path.stat().st_mtime_ns
        if _seen.get(path) == changed:
            return
        _seen[path] = changed
        load(path, Client.Source.FILE)
    except (OSError, BadFile) as fault:
        _log.error("the file of clients is not taken", extra={"reason": str(fault)})


def read(path: Path) -> dict[str, dict[str, Any]]:
    """The clients of a file, by id. Raises BadFile, or OSError."""
    try:
        found = yaml.safe_load(path.read_text("utf-8")) or {}
    except yaml.YAMLError as fault:
        raise BadFile(f"{path.name} is not YAML: {fault}") from None
    if not isinstance(found, dict):
        raise BadFile(f"{path.name} must have a client's id on each first line")
    for client_id, facts in found.items():
        if not isinstance(facts, dict) or "name" not in facts:
            raise BadFile(f"{client_id}: the name is missing")
        unknown = set(facts) - set(_FIELDS) - _OF_ITS_OWN
        if unknown:
            raise BadFile(f"{client_id}: unknown {', '.join(sorted(unknown))}")
    return found


def load(path: Path, source: str) -> None:
    """Bring the database up to the file. Raises BadFile or OSError."""
    found = read(path)
    with transaction.atomic():
        for client_id, facts in found.items():
            put(client_id, facts, source)
        Client.objects.filter(source=source, active=True).exclude(pk__in=list(found)).update(active=False)


def put(client_id: str, facts: dict[str, Any], source: str, **more: Any) -> Client:
    """Make or change one client as its file has it. Raises BadFile."""
    values = {column: facts[word] for word, column in _FIELDS.items() if word in facts} | more
    values = {"source": source, "active": True, "auth_method": Client.AuthMethod.NONE} | values
    known = Client.objects.filter(pk=client_id).first()
    if known is not None and known.source != source:
        raise BadFile(f"{client_id}: another client has this id")
    row, _new = Client.objects.update_or_create(pk=client_id, defaults=values)
    put_keys(row, facts.get("keys", []))
    return row


def put_keys(client: Client, jwks: list[dict[str, Any]]) -> None:
    """The client's keys are these. Raises BadFile."""
    for jwk in jwks:
        try:
            jose.imported(jwk)
            kid = jose.text(jwk, "kid", 100)
        except jose.BadToken as fault:
            raise BadFile(f"{client.pk}: {fault}") from None
        ClientKey.objects.get_or_create(
            client=client, kid=kid, defaults={"jwk": jwk, "expires": timezone.now() + KEY_LIFE}
        )
    client.keys.exclude(kid__in=[jwk["kid"] for jwk in jwks]).delete()


def load_package(**_signal: Any) -> None:
    """After ``migrate``: the platform's own clients."""
    load(PACKAGE, Client.Source.PACKAGE)
