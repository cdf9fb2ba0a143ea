"""Authorization requests that are signed (RFC 9101), or were pushed beforehand (RFC 9126)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from allting.common.identity import clients, jose
from allting.common.identity.gateway.authorization import Return, checked, return_address
from allting.common.identity.gateway.client_authentication import CARRIES, key_of
from allting.common.identity.gateway.errors import Refused
from allting.common.identity.gateway.sign_on import hashed
from allting.common.identity.models import Client, PushedRequest
from allting.common.identity.once import first_use
from allting.kernel import encryption
from allting.kernel.problems import Invalid, NotFound

URN = "urn:allting:request:"
PUSHED_SECONDS = 120
SIGNED_SECONDS = 600
_KINDS = {jose.UNSAID, jose.JWT, "oauth-authz-req+jwt"}
_NOT_ASKED = {"iss", "aud", "exp", "iat", "nbf", "jti", "sub"}
_DETAILS = "authorization_details"
_AUTHENTICATION = {"client_secret", "client_assertion", "client_assertion_type"}


class Elsewhere(Exception):
    """The request is refused, and the client may be told so at ``back``."""

    def __init__(self, back: Return, refused: Refused) -> None:
        super().__init__(refused.code)
        self.back, self.refused = back, refused


def resolved(sent: Mapping[str, str]) -> tuple[Client | None, Mapping[str, str], Return]:
    """The client, what it asks for, and where the answer goes: read out of a pushed or a signed request where it is
    one. Raises Invalid (for a page) before the client and its address are known, Elsewhere after."""
    client = clients.find(sent.get("client_id", ""))
    if "request_uri" in sent and sent["request_uri"].startswith(URN):
        asked = _taken(client, sent["request_uri"])
        return client, asked, return_address(client, asked)
    asked = _unsigned(client, sent)
    back = return_address(client, asked)
    if "request_uri" in sent:
        raise Elsewhere(back, Refused("request_uri_not_supported", "only requests pushed to us"))
    if client is not None and client.par_required:
        raise Elsewhere(back, Refused("invalid_request", "this client must push its requests"))
    return client, asked, back


def _unsigned(client: Client | None, sent: Mapping[str, str]) -> Mapping[str, str]:
    """What a signed request holds; else what was sent."""
    if "request" not in sent or client is None:
        return sent
    try:
        return _opened(client, sent["request"])
    except Refused as refused:
        raise Elsewhere(return_address(client, sent), refused) from None


def _opened(client: Client, token: str) -> Mapping[str, str]:
    """The parameters in a request object; nothing outside it counts (RFC 9101 § 6.3). Raises Refused."""
    try:
        claims = jose.verified(token, lambda header: key_of(client, header), _KINDS, carries=CARRIES)
        if claims.get("client_id") != client.pk or claims.get("iss", client.pk) != client.pk or "sub" in claims:
            raise jose.BadToken("client_id and iss must be the client's, without a sub")
        audience = claims.get("aud")
        if settings.OIDC_ISSUER not in (audience if isinstance(audience, list) else [audience]):
            raise jose.BadToken("aud must be the issuer")
        ends = jose.in_time(claims, SIGNED_SECONDS)
        if "request" in claims or "request_uri" in claims:
            raise jose.BadToken("a request within a request")
        if "jti" in claims and not first_use("request", client.pk, jose.text(claims, "jti"), ends):
            raise jose.BadToken("jti was used before")
    except jose.BadToken as fault:
        raise Refused("invalid_request_object", str(fault)) from None
    said = {name: value for name, value in claims.items() if name not in _NOT_ASKED}
    if isinstance(said.get(_DETAILS), list):  # RFC 9396 § 2: here they are no text
        said[_DETAILS] = json.dumps(said[_DETAILS])
    return {name: str(value) for name, value in said.items() if isinstance(value, (str, int))}


def push(client: Client, sent: Mapping[str, str], jkt: str) -> dict[str, str | int]:
    """Keep a request of an authenticated client for two minutes (RFC 9126 § 2). Raises Refused."""
    if "request_uri" in sent:
        raise Refused("invalid_request", "request_uri is ours to give")
    asked = _opened(client, sent["request"]) if "request" in sent else sent
    asked = {name: value for name, value in asked.items() if name not in _AUTHENTICATION}
    if jkt and asked.setdefault("dpop_jkt", jkt) != jkt:
        raise Refused("invalid_dpop_proof", "dpop_jkt is of another key than the proof")
    try:
        checked(client, asked, return_address(client, asked))
    except (Invalid, NotFound):
        raise Refused("invalid_request", "redirect_uri is not registered for this client") from None
    uri = URN + secrets.token_urlsafe(32)
    PushedRequest.objects.create(
        uri_hash=hashed(uri),
        client_id=client.pk,
        sealed=encryption.seal_json(asked, f"pushed:{hashed(uri)}"),
        expires=timezone.now() + timedelta(seconds=PUSHED_SECONDS),
    )
    return {"request_uri": uri, "expires_in": PUSHED_SECONDS}


def _taken(client: Client | None, uri: str) -> Mapping[str, str]:
    """A pushed request, which is gone then. Raises Invalid: without it nothing says where an error could go."""
    key = hashed(uri)
    row = PushedRequest.objects.filter(pk=key).first()
    if row is None or client is None or row.client_id != client.pk:
        raise Invalid(code="request-not-pushed")
    if not PushedRequest.objects.filter(pk=key).delete()[0] or row.expires <= timezone.now():
        raise Invalid(code="request-not-pushed")
    return encryption.unseal_json(row.sealed, f"pushed:{key}")  # type: ignore[no-any-return]
