"""Read and check a JWT-bearer assertion (RFC 7523 § 3, RFC 8725): who sent it, and that it is new.

The claims are Maskinporten's: ``iss`` is a client id, or with an organisation's own certificate its number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils import timezone

from allting.common.identity import jose
from allting.common.identity.machine import certificates
from allting.common.identity.machine.issuer import issuer
from allting.common.identity.models import Client, ClientKey
from allting.common.identity.once import first_use
from allting.common.queries.api import Compiled
from allting.common.registers import api as registers
from allting.kernel.numbers import BadNumber, organisation_number
from allting.kernel.problems import NotFound

LONGEST = 120  # seconds from iat to exp
SKEW = 10  # seconds iat may be off our clock
KINDS = {jose.JWT, jose.UNSAID}
CARRIES = ("x5c", "x5t", "x5t#S256")  # x5t only names the certificate: not used, and no harm
KEY, CERTIFICATE = "private_key_jwt", "virksomhetssertifikat"
_ISSUER = re.compile(r"[A-Za-z0-9._~:-]{1,60}")


class Refused(Exception):
    """An error of RFC 6749 § 5.2: ``code`` for machines, ``description`` for whoever builds the client."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(code)
        self.code, self.description = code, description


@dataclass(frozen=True, slots=True)
class Assertion:
    """A checked assertion. ``client`` is None for an organisation that came with its certificate alone."""

    client: Client | None
    organisation: registers.Entity
    method: str
    claims: dict[str, Any]

    @property
    def client_id(self) -> str:
        return self.client.id if self.client else self.organisation.number


def read(text: str) -> Assertion:
    """Check the signature, the sender and the claims of ``text``, and use it up. Raises Refused."""
    try:
        sender = _Sender(jose.unverified(text))
        claims = jose.verified(text, sender.key, KINDS, carries=CARRIES)
        _check(claims)
        _use_up(text, claims)
    except (jose.BadToken, certificates.NotTrusted) as fault:
        raise Refused("invalid_grant", f"Invalid assertion: {fault}.") from None
    return Assertion(sender.client, sender.organisation, sender.method, claims)


# --- Who sent it -------------------------------------------------------------------------------------


class _Sender:
    """Whose key the assertion must be signed with, by its ``iss`` and its header; found out before it is believed."""

    client: Client | None
    organisation: registers.Entity
    method: str

    def __init__(self, claims: dict[str, Any]) -> None:
        name = claims.get("iss")
        if not isinstance(name, str) or not _ISSUER.fullmatch(name):
            raise jose.BadToken("iss must be your client id")
        self.name, self.client = name, machine_client(name)

    def key(self, header: dict[str, Any]) -> jose.Key:
        """Raises BadToken or NotTrusted."""
        if ("kid" in header) == ("x5c" in header):
            raise jose.BadToken("the header must have either kid or x5c")
        return self._registered(header["kid"]) if "kid" in header else self._certified(header["x5c"])

    def _registered(self, kid: Any) -> jose.Key:
        if self.client is None:
            raise jose.BadToken("there is no such client of kind machine (iss)")
        self.organisation, self.method = _owner(self.client), KEY
        held = (one for one in _keys_of(self.client.pk) if one.kid == kid and one.expires > timezone.now())
        row = next(held, None)
        if row is None:
            raise jose.BadToken("the client has no such key (kid), or its time is out")
        return jose.imported(row.jwk)

    def _certified(self, x5c: Any) -> jose.Key:
        found = certificates.enterprise(x5c)
        if self.client is None and self.name.removeprefix("0192:") != found.number:
            raise jose.BadToken("iss is neither a client of kind machine nor the certificate's organisation number")
        if self.client is not None and _owner(self.client).number != found.number:
            raise jose.BadToken("the certificate belongs to another organisation than the client")
        try:
            self.organisation, self.method = registers.entity(found.number), CERTIFICATE
        except NotFound:
            raise jose.BadToken("the certificate's organisation is not in the entity register") from None
        return jose.imported(found.jwk)


_client: Compiled[str, Client] = Compiled(str, lambda one: Client.objects.filter(pk=one))
_keys_of: Compiled[str, ClientKey] = Compiled(str, lambda one: ClientKey.objects.filter(client=one))


def machine_client(name: str) -> Client | None:
    """The client of this id when it is of kind machine and may be used here."""
    found = next(iter(_client(name)), None)
    if found is None or found.kind != Client.Kind.MACHINE or not found.active or (found.demo and not settings.DEMO):
        return None
    return found


def _owner(client: Client) -> registers.Entity:
    try:
        if client.owner is not None:
            return registers.entity(client.owner)
    except NotFound:
        pass
    raise jose.BadToken("the client's organisation is not in the entity register")


# --- What it says ------------------------------------------------------------------------------------


def _check(claims: dict[str, Any]) -> None:
    """Audience and times, as Maskinporten's protocol has them."""
    audience = claims.get("aud")
    audience = audience[0] if isinstance(audience, list) and len(audience) == 1 else audience
    if audience not in (issuer(), f"{issuer()}/"):
        raise jose.BadToken(f"aud must be {issuer()}")
    issued, expires, now = jose.moment(claims, "iat"), jose.moment(claims, "exp"), timezone.now().timestamp()
    if abs(issued - int(now)) > SKEW:
        raise jose.BadToken(f"iat must be within {SKEW} seconds of our clock")
    if not 0 < expires - issued <= LONGEST:
        raise jose.BadToken(f"exp must be at most {LONGEST} seconds after iat")
    if expires <= now - SKEW:
        raise jose.BadToken("it has expired")
    if "nbf" in claims and jose.moment(claims, "nbf") > now + SKEW:
        raise jose.BadToken("it is not valid yet (nbf)")


def _use_up(text: str, claims: dict[str, Any]) -> None:
    """Each is used once, in whichever process it comes; without a ``jti`` what was signed stands in for it."""
    jti = claims.get("jti", "")
    if not isinstance(jti, str) or len(jti) > 200:
        raise jose.BadToken("jti must be a text of at most 200 characters")
    jti = jti.encode("unicode_escape").decode() or sha256(text.rpartition(".")[0].encode()).hexdigest()
    if not first_use("machine", claims["iss"], jti, claims["exp"]):
        raise jose.BadToken("it has been used before (jti)")


def organisation(text: Any, claim: str) -> registers.Entity:
    """The organisation that ``claim`` names, by nine digits or ISO 6523 (0192:…). Raises Refused."""
    try:
        return registers.entity(organisation_number(str(text).removeprefix("0192:")))
    except (BadNumber, NotFound):
        raise Refused(
            "invalid_request", f"{claim} is not the number of an organisation in the entity register"
        ) from None
