"""Signed messages of others, read strictly: what RFC 8725 warns of is refused before a signature is looked at.

Never the algorithm, the key or the use that the message itself would like: the caller names the algorithms and the
kinds (``typ``) it takes, and finds the key.
"""

from __future__ import annotations

import json
import math
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import Any

from django.utils import timezone
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

JWT = "jwt"
UNSAID = ""  # a message without a ``typ``
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256")  # what clients may sign with
LEEWAY_SECONDS = 10
LEAST_RSA_BITS = 2048
LONGEST = 32_768  # a header may hold certificates
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_KEYS_OF_ITS_OWN = ("jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256")
Key = ECKey | RSAKey


class BadToken(ValueError):
    """The message is not taken; the text says why, to the one who sent it."""


def header_of(token: str) -> dict[str, Any]:
    """The header, not yet believed. Raises BadToken when the message has not the form of a signed one."""
    return _part(token, 0)


def unverified(token: str) -> dict[str, Any]:
    """The claims, not yet believed: only to look up whose key they must be signed with. Raises BadToken."""
    return _part(token, 1)


def _part(token: str, place: int) -> dict[str, Any]:
    if len(token) > LONGEST or not _COMPACT.fullmatch(token):
        raise BadToken("not a signed JWT")
    part = token.split(".")[place]
    try:
        found = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):  # also what is nested too deeply
        raise BadToken("it cannot be read") from None
    if not isinstance(found, dict):
        raise BadToken("it cannot be read")
    return found


def verified(
    token: str,
    find: Callable[[dict[str, Any]], Key],
    kinds: Collection[str],
    algorithms: Collection[str] = ALGORITHMS,
    carries: Iterable[str] = (),
) -> dict[str, Any]:
    """The claims of ``token``, signed with the key that ``find`` gives for its header. Raises BadToken.

    ``carries`` are the members by which the header may bring its own key; ``find`` then judges that key.
    Times, issuer and audience are the caller's.
    """
    header = header_of(token)
    algorithm = header.get("alg")
    if algorithm not in algorithms:
        raise BadToken("the algorithm is not taken")
    if "crit" in header or "b64" in header or "zip" in header:
        raise BadToken("the header has an extension that is not taken")
    if set(_KEYS_OF_ITS_OWN) - set(carries) & set(header):
        raise BadToken("the header names a key of its own")
    if kind_of(header) not in kinds:
        raise BadToken("a token of another kind")
    key = find(header)
    _fits(key, str(algorithm))
    try:
        return dict(jwt.decode(token, key, registry=registry(str(algorithm))).claims)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise BadToken("the signature does not fit") from None


@cache
def registry(algorithm: str) -> JWSRegistry:
    """What joserfc is told: this algorithm and no other."""
    found = JWSRegistry(algorithms=[algorithm])
    found.max_header_length = LONGEST
    return found


def kind_of(header: dict[str, Any]) -> str:
    """``typ`` in small letters without "application/" (RFC 7515 § 4.1.9); empty when it is not there."""
    return str(header.get("typ", UNSAID)).lower().removeprefix("application/")


def _fits(key: Key, algorithm: str) -> None:
    if algorithm.startswith("ES"):
        if not isinstance(key, ECKey) or key.curve_name != "P-256":
            raise BadToken("ES256 needs a key on the curve P-256")
    elif not isinstance(key, RSAKey) or key.raw_value.key_size < LEAST_RSA_BITS:
        raise BadToken(f"{algorithm} needs an RSA key of {LEAST_RSA_BITS} bits or more")


def imported(jwk: dict[str, Any]) -> Key:
    """A public key (RFC 7517). Raises BadToken for a private, a weak or an unknown one."""
    if jwk.get("kty") not in ("EC", "RSA"):
        raise BadToken("only EC and RSA keys are taken")
    if set(jwk) & {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}:
        raise BadToken("this is a private key")
    if jwk.get("use", "sig") != "sig":
        raise BadToken("the key is not for signatures")
    try:
        key: Key = ECKey.import_key(jwk) if jwk["kty"] == "EC" else RSAKey.import_key(jwk)
        _fits(key, "ES256" if isinstance(key, ECKey) else "RS256")
    except (JoseError, ValueError, TypeError, KeyError) as fault:
        raise fault if isinstance(fault, BadToken) else BadToken("the key cannot be read") from None
    return key


def moment(claims: dict[str, Any], name: str) -> float:
    """A time among the claims (NumericDate, RFC 7519 § 2). Raises BadToken when it is missing or no number."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise BadToken(f"{name} is missing or no time")
    return float(value)


def in_time(claims: dict[str, Any], most: float) -> float:
    """Is it valid now, and for at most ``most`` seconds more? Returns when it ends. Raises BadToken."""
    now, ends = timezone.now().timestamp(), moment(claims, "exp")
    if ends <= now - LEEWAY_SECONDS:
        raise BadToken("exp has passed")
    if ends > now + most + LEEWAY_SECONDS:
        raise BadToken(f"exp is more than {most:.0f} seconds away")
    for name in ("iat", "nbf"):
        if name in claims and moment(claims, name) > now + LEEWAY_SECONDS:
            raise BadToken(f"{name} has not come yet")
    return ends


def text(claims: dict[str, Any], name: str, most: int = 300) -> str:
    """A claim that is a text, not empty. Raises BadToken."""
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise BadToken(f"{name} is missing, or too long")
    return value
