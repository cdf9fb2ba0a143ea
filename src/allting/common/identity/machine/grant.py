"""The JWT-bearer grant (RFC 7523): an assertion is exchanged for an access token as Maskinporten's."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from allting.common.identity.machine import assertion, issuer, reach
from allting.common.identity.machine.assertion import Assertion, Refused
from allting.common.identity.models import Scope, ScopeUse
from allting.common.registers import api as registers
from allting.kernel.numbers import BadNumber, identity_number

MOST_SCOPES, MOST_RESOURCES = 30, 10
_SCOPE = re.compile(r"[a-z0-9._-]+:[A-Za-z0-9._/-]+")
_RESOURCE = re.compile(r"[!-~]{1,300}")


def token(form: QueryDict) -> dict[str, Any]:
    """The token response (RFC 6749 § 5.1). Raises Refused (§ 5.2)."""
    if any(len(form.getlist(name)) > 1 for name in ("grant_type", "assertion")):
        raise Refused("invalid_request", "A parameter is given twice.")
    if form.get("grant_type") != issuer.JWT_BEARER:
        raise Refused("unsupported_grant_type", f"grant_type must be {issuer.JWT_BEARER}.")
    text = form.get("assertion", "")
    if not text:
        raise Refused("invalid_request", "The assertion is missing.")
    asked = assertion.read(text)
    consumer = _consumer(asked)
    scopes = _scopes(asked)
    fault = reach.hindrance(scopes, consumer.id, asked.organisation.id)
    if fault is not None:
        raise Refused("invalid_scope", f"{fault[0]}: {fault[1]}.")
    seconds = min(scope.at_max_age for scope in scopes)
    claims = _claims(asked, consumer, scopes, seconds)
    _remember(scopes, consumer, asked.organisation)
    return {
        "access_token": issuer.sign(claims),
        "token_type": "Bearer",
        "expires_in": seconds,
        "scope": claims["scope"],
    }


def _consumer(asked: Assertion) -> registers.Entity:
    """For whom: the one that ``consumer_org`` or the client's own ``iss_onbehalfof`` names, else the sender itself."""
    claims = asked.claims
    if "consumer_org" in claims and "iss_onbehalfof" in claims:
        raise Refused("invalid_request", "Give consumer_org or iss_onbehalfof, not both.")
    if "consumer_org" in claims:
        return assertion.organisation(claims["consumer_org"], "consumer_org")
    if "iss_onbehalfof" not in claims:
        return asked.organisation
    named = asked.client.on_behalf_of if asked.client else {}
    value = claims["iss_onbehalfof"]
    if not isinstance(value, str) or value not in named:
        raise Refused("invalid_request", "iss_onbehalfof is not registered on the client.")
    return assertion.organisation(named[value], "iss_onbehalfof")


def _scopes(asked: Assertion) -> list[Scope]:
    text = asked.claims.get("scope")
    names = list(dict.fromkeys(text.split())) if isinstance(text, str) else []
    if not 1 <= len(names) <= MOST_SCOPES:
        raise Refused("invalid_scope", f"scope must name 1 to {MOST_SCOPES} scopes, with spaces between.")
    if not all(_SCOPE.fullmatch(name) and len(name) <= 150 for name in names):
        raise Refused("invalid_scope", "A scope is written prefix:subscope.")
    if asked.client is not None and asked.client.scopes:  # else what its organisation has
        missing = [name for name in names if name not in asked.client.scopes]
        if missing:
            raise Refused("invalid_scope", f"{missing[0]}: not registered on the client.")
    found = reach.scopes(names)
    unknown = [name for name in names if name not in found]
    if unknown:
        raise Refused("invalid_scope", f"{unknown[0]}: there is no such scope.")
    return [found[name] for name in names]


def _claims(asked: Assertion, consumer: registers.Entity, scopes: list[Scope], seconds: int) -> dict[str, Any]:
    now = int(timezone.now().timestamp())
    claims: dict[str, Any] = {
        "iss": issuer.issuer(),
        "client_id": asked.client_id,
        "client_amr": asked.method,
        "client_orgno": asked.organisation.number,
        "scope": " ".join(scope.name for scope in scopes),
        "token_type": "Bearer",
        "iat": now,
        "exp": now + seconds,
        "jti": secrets.token_urlsafe(32),
        "consumer": _iso6523(consumer),
    }
    if consumer != asked.organisation:
        claims |= {"supplier": _iso6523(asked.organisation), "delegation_source": settings.BASE_URL}
    return claims | _restrictions(asked.claims)


def _restrictions(claims: Mapping[str, Any]) -> dict[str, Any]:
    """What the client asks to be bound to: the APIs it is for (``resource``, RFC 8707 § 2) and a person (``pid``)."""
    found: dict[str, Any] = {}
    if "resource" in claims:
        resource = claims["resource"]
        listed = resource if isinstance(resource, list) else [resource]
        if not 1 <= len(listed) <= MOST_RESOURCES or not all(_is_resource(one) for one in listed):
            raise Refused("invalid_target", "resource must be one or a few absolute addresses without a fragment.")
        found["aud"] = resource
    if "pid" in claims:
        try:
            found["pid"] = identity_number(str(claims["pid"]))
        except BadNumber:
            raise Refused("invalid_request", "pid is not an identity number.") from None
    return found


def _is_resource(text: Any) -> bool:
    if not isinstance(text, str) or not _RESOURCE.fullmatch(text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path)) and "#" not in text


def _iso6523(entity: registers.Entity) -> dict[str, str]:
    """ISO/IEC 6523 with Norway's registrar of organisation numbers (ICD 0192)."""
    return {"authority": "iso6523-actorid-upis", "ID": f"0192:{entity.number}"}


def _remember(scopes: list[Scope], consumer: registers.Entity, asker: registers.Entity) -> None:
    """The day each scope was last used: written once a day, by each process that gives such a token."""
    today = timezone.localdate()
    new = [one for one in scopes if _noted.add((one.name, consumer.id, asker.id), today)]
    rows = [ScopeUse(scope=one, consumer=consumer.id, asker=asker.id, last=today) for one in new]
    if rows:
        ScopeUse.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["scope", "consumer", "asker"], update_fields=["last"]
        )


class _Noted:
    """What this process has written today, so that most tokens need no look at the table."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._keys: set[tuple[str, UUID, UUID]] = set()

    def add(self, key: tuple[str, UUID, UUID], day: date) -> bool:
        """Whether it is new."""
        if day != self._day:
            self._day, self._keys = day, set()
        new = key not in self._keys
        self._keys.add(key)
        return new


_noted = _Noted()
