"""The issuers' signing keys, RSA and EC: the newest signs, all whose tokens may still live are published.

A key file is a PEM with the time it signs from in its first line, so that a key can be published before it is used.
Where keys live in a device (``KEY_DEVICE``), the file has the key's label there, and its public half.
A ``kid`` is the key's thumbprint (RFC 7638) and therefore never used twice. The folder is looked at anew when it
changes: running processes take up a new key without a restart.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias, cast

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils import timezone
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from allting.common.identity import jose
from allting.kernel.device import line_for, named_in
from allting.kernel.keys import file_key

RS256, ES256 = "RS256", "ES256"
ALGORITHMS = (RS256, ES256)
JWT = "JWT"
LONGEST_TOKEN = timedelta(days=1)  # no token is valid for longer
RSA_BITS = 2048
OIDC, MACHINE = "oidc", "machine"  # a ring of keys for each issuer: what one signed is never taken for the other's
RINGS = {OIDC: {RS256: "oidc-rsa", ES256: "oidc"}, MACHINE: {RS256: "machine"}}
Key: TypeAlias = ECKey | RSAKey
_FROM = b"# signs from "
_ALWAYS = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key of ours. ``until`` is when its successor began to sign; None while it is the newest."""

    key: Key
    kid: str
    algorithm: str
    public: dict[str, Any]
    since: datetime
    until: datetime | None = None

    def published(self, now: datetime) -> bool:
        """Whether a token signed with it may still be valid (or it is to sign soon)."""
        return self.until is None or now < self.until + LONGEST_TOKEN


def sign(claims: dict[str, Any], kind: str = JWT, algorithm: str = ES256, ring: str = OIDC) -> str:
    """A signed JWT (RFC 7519); ``kind`` tells one use from another (RFC 8725 § 3.11)."""
    now = timezone.now()
    one = next(one for one in reversed(key_ring(ring)) if one.algorithm == algorithm and one.since <= now)
    header = {"alg": algorithm, "kid": one.kid, "typ": kind}
    return jwt.encode(header, claims, one.key, registry=jose.registry(algorithm))


def public_keys(ring: str = OIDC) -> dict[str, Any]:
    """The JWK set (RFC 7517) that clients check our tokens with."""
    now = timezone.now()
    return {"keys": [one.public for one in key_ring(ring) if one.published(now)]}


def verified(token: str, jwks: dict[str, Any], kind: str = JWT) -> dict[str, Any]:
    """The claims of a token of this ``kind``, signed with a key of ``jwks`` as RS256 or ES256.

    Raises ValueError. Times and audience are the caller's.
    """

    def find(header: dict[str, Any]) -> jose.Key:
        try:
            return cast(jose.Key, KeySet.import_key_set(cast(Any, jwks)).get_by_kid(header.get("kid")))
        except (JoseError, ValueError):
            raise jose.BadToken("the key is unknown") from None

    return jose.verified(token, find, {kind.lower()}, ALGORITHMS)


def own(token: str, kind: str = JWT, ring: str = OIDC) -> dict[str, Any]:
    """The claims of a token that we signed, also with a key that is no longer published. Raises BadToken."""

    def find(header: dict[str, Any]) -> jose.Key:
        for one in key_ring(ring):
            if one.kid == header.get("kid"):
                return one.key
        raise jose.BadToken("the key is unknown")

    return jose.verified(token, find, {kind.lower()}, ALGORITHMS)


def add_keys(delay: timedelta = timedelta(0), ring: str = OIDC) -> list[str]:
    """Make a new key of each kind, which signs from ``delay`` from now; returns their ids.

    Older keys stay published until what they signed has expired.
    """
    folder, known = Path(settings.KEY_FOLDER), {one.kid for one in key_ring(ring)}
    since = timezone.now() + delay
    for algorithm, name in RINGS[ring].items():
        number = max(int(path.stem[-4:]) for path in folder.glob(f"{name}-[0-9]*.pem")) + 1
        file_key(folder / f"{name}-{number:04}.pem", partial(_new, name, algorithm, since))
    return [one.kid for one in key_ring(ring) if one.kid not in known]


def _new(name: str, algorithm: str, since: datetime) -> bytes:
    begins = _FROM + since.isoformat().encode() + b"\n"
    if settings.KEY_DEVICE:
        key = settings.KEY_DEVICE.make(name, "RSA" if algorithm == RS256 else "P-256")
        return begins + line_for(key) + key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    fresh: Key = RSAKey.generate_key(RSA_BITS, private=True) if algorithm == RS256 else ECKey.generate_key("P-256")
    return begins + fresh.as_pem(private=True)


def key_ring(ring: str = OIDC) -> tuple[SigningKey, ...]:
    """All signing keys, oldest first of each kind."""
    folder = settings.KEY_FOLDER
    try:
        changed = os.stat(folder).st_mtime_ns  # noqa: PTH116 - at each token; a new Path costs more than the question
    except FileNotFoundError:
        changed = 0
    return _load(Path(folder) if isinstance(folder, str) else folder, changed, ring)


@lru_cache(maxsize=8)
def _load(folder: Path, changed: int, ring: str) -> tuple[SigningKey, ...]:
    found: list[SigningKey] = []
    for algorithm, name in RINGS[ring].items():
        file_key(folder / f"{name}-0001.pem", partial(_new, name, algorithm, _ALWAYS))
        kind: type[ECKey] | type[RSAKey] = RSAKey if algorithm == RS256 else ECKey
        pairs = [_read(path, kind) for path in sorted(folder.glob(f"{name}-[0-9]*.pem"))]
        later = [since for _key, since in pairs[1:]]
        for (key, since), until in zip(pairs, [*later, None], strict=True):
            kid = str(key.thumbprint())
            public = dict(key.as_dict(private=False, use="sig", alg=algorithm, kid=kid))
            found.append(SigningKey(key, kid, algorithm, public, since, until))
    return tuple(found)


def _read(path: Path, kind: type[ECKey] | type[RSAKey]) -> tuple[Key, datetime]:
    contents = file_key(path, bytes)
    line = contents.splitlines()[0]
    since = datetime.fromisoformat(line.removeprefix(_FROM).decode()) if line.startswith(_FROM) else _ALWAYS
    inside: Any = named_in(contents, settings.KEY_DEVICE)
    pem = contents[contents.index(b"-----BEGIN") :]
    # A key in a device has no private numbers to be told, so it is told what is public of it.
    key = kind(inside, dict(kind.import_key(pem).as_dict(private=False))) if inside else kind.import_key(pem)
    return key, since


def half_hash(token: str) -> str:
    """``at_hash``: the left half of the token's SHA-256 (OpenID Connect Core § 3.1.3.6)."""
    return urlsafe_b64encode(sha256(token.encode()).digest()[:16]).rstrip(b"=").decode()
