"""How a client shows that it is the one it says (RFC 6749 § 2.3, RFC 7523 § 3): by a secret, a key, or not at all."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping
from hmac import compare_digest
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from allting.common.identity import clients, jose
from allting.common.identity.gateway.errors import Refused
from allting.common.identity.machine import certificates
from allting.common.identity.models import Client, ClientKey
from allting.common.identity.once import first_use
from allting.common.registers import api as registers
from allting.kernel.problems import NotFound

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 120
CARRIES = ("x5c", "x5t", "x5t#S256")  # an enterprise certificate; x5t only names it: not used, and no harm
_KINDS = {jose.UNSAID, jose.JWT, "client-authentication+jwt"}
_METHOD = Client.AuthMethod


def authenticate(request: HttpRequest, form: Mapping[str, str]) -> Client:
    """The client behind a request to the token endpoint or its like. Raises Refused ("invalid_client").

    Exactly the method the client is registered with is taken; two at once are refused.
    """
    basic = _basic(request)
    used = [
        method
        for method, there in (
            (_METHOD.BASIC, basic is not None),
            (_METHOD.PRIVATE_KEY, "client_assertion" in form or "client_assertion_type" in form),
            (_METHOD.POST, "client_secret" in form),
        )
        if there
    ]
    if len(used) > 1:
        raise Refused("invalid_request", "more than one way of client authentication")
    method = used[0] if used else _METHOD.NONE
    if method == _METHOD.PRIVATE_KEY:
        return _by_assertion(request, form)
    client_id, secret = basic or (form.get("client_id", ""), form.get("client_secret", ""))
    client = _known(client_id, method, form, basic=basic is not None)
    if method != _METHOD.NONE and not _is_secret(client, secret):
        raise _invalid("the secret does not fit, or is too old", basic=basic is not None)
    return client


def _invalid(description: str, *, basic: bool = False) -> Refused:
    headers = {"WWW-Authenticate": 'Basic realm="clients", charset="UTF-8"'} if basic else {}
    return Refused("invalid_client", description, 401, headers)


def _known(client_id: str, method: str, form: Mapping[str, str], *, basic: bool = False) -> Client:
    client = clients.find(client_id)
    if client is None or client.auth_method != method:
        raise _invalid("the client is unknown, or registered with another way of authentication", basic=basic)
    if form.get("client_id", client.pk) != client.pk:
        raise _invalid("client_id is another's", basic=basic)
    return client


def _basic(request: HttpRequest) -> tuple[str, str] | None:
    scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, secret = b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise _invalid("the Authorization header cannot be read", basic=True) from None
    if not colon:
        raise _invalid("the Authorization header cannot be read", basic=True)
    return unquote_plus(name), unquote_plus(secret)


def _is_secret(client: Client, secret: str) -> bool:
    in_time = client.secret_expires is None or client.secret_expires > timezone.now()
    return bool(client.secret_hash) and compare_digest(clients.secret_hash(secret), client.secret_hash) and in_time


def _by_assertion(request: HttpRequest, form: Mapping[str, str]) -> Client:
    if form.get("client_assertion_type") != ASSERTION:
        raise _invalid("client_assertion_type must be jwt-bearer")
    try:
        return _asserted(request, form)
    except jose.BadToken as fault:
        raise _invalid(f"client_assertion: {fault}") from None


def _asserted(request: HttpRequest, form: Mapping[str, str]) -> Client:
    """RFC 7523 § 3, with a lifetime that is short and an audience that is nobody but us."""
    token = form.get("client_assertion", "")
    client = _known(form.get("client_id") or _issuer_of(token), _METHOD.PRIVATE_KEY, form)
    claims = jose.verified(token, lambda header: key_of(client, header), _KINDS, carries=CARRIES)
    if claims.get("iss") != client.pk or claims.get("sub") != client.pk:
        raise jose.BadToken("iss and sub must both be the client's id")
    if not _for_us(claims.get("aud"), request):
        raise jose.BadToken("aud must be the issuer")
    ends = jose.in_time(claims, ASSERTION_SECONDS)
    if not first_use("client_assertion", client.pk, jose.text(claims, "jti"), ends):
        raise jose.BadToken("jti was used before")
    return client


def _issuer_of(token: str) -> str:
    """Who the assertion says it is from, to look up the key it must then fit (RFC 7521 § 4.2)."""
    issuer = jose.unverified(token).get("iss")
    return issuer if isinstance(issuer, str) else ""


def _for_us(audience: Any, request: HttpRequest) -> bool:
    """Every audience is an address of ours: one made out to another provider as well could be used there."""
    ours = {settings.OIDC_ISSUER, settings.OIDC_ISSUER + "/", f"{settings.OIDC_ISSUER}/token"}
    ours.add(settings.OIDC_ISSUER + request.path[len("/id") :])
    said = [audience] if isinstance(audience, str) else audience
    return isinstance(said, list) and bool(said) and all(isinstance(one, str) and one in ours for one in said)


def key_of(client: Client, header: Mapping[str, Any]) -> jose.Key:
    """The key that the client signs with: its owner's enterprise certificate when the header brings one (``x5c``), else
    the registered one that the header names by ``kid``; without a ``kid``, its only one. Raises BadToken."""
    if "x5c" in header:
        return _certified(client, header["x5c"])
    rows = ClientKey.objects.filter(client=client, expires__gt=timezone.now())
    kid = header.get("kid")
    found = [row for row in rows if kid is None or row.kid == kid]
    if len(found) != 1:
        raise jose.BadToken("kid names no valid key of the client")
    return jose.imported(found[0].jwk)


def _certified(client: Client, x5c: Any) -> jose.Key:
    """Chain, validity and revocation are judged before the organisation is believed."""
    try:
        found = certificates.enterprise(x5c)
        owner = registers.entity(client.owner) if client.owner else None
    except certificates.NotTrusted as fault:
        raise jose.BadToken(str(fault)) from None
    except NotFound:
        owner = None
    if owner is None or owner.number != found.number:
        raise jose.BadToken("the certificate belongs to another organisation than the client")
    return jose.imported(found.jwk)
