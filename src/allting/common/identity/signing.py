"""The gateway's signing keys (ES256): the newest signs, all are published, a ``kid`` is never used twice."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from allting.kernel.keys import file_key

ALGORITHM = "ES256"
JWT = "JWT"


def sign(claims: dict[str, Any], kind: str = JWT) -> str:
    """A signed JWT (RFC 7519); ``kind`` tells one use from another (RFC 8725 § 3.11)."""
    key = keys()[-1]
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid, "typ": kind}, claims, key)


def public_keys() -> dict[str, Any]:
    """The JWK set (RFC 7517) that clients check our tokens with."""
    return {"keys": [key.as_dict(private=False, use="sig", alg=ALGORITHM, kid=key.kid) for key in keys()]}


def verified(token: str, jwks: dict[str, Any], kind: str = JWT) -> dict[str, Any]:
    """The claims of a token of this ``kind``, signed with a key of ``jwks``; only ES256 is taken.

    Raises joserfc's JoseError, or ValueError for a token of another kind. Times and audience are the caller's.
    """
    read = jwt.decode(token, KeySet.import_key_set(cast(Any, jwks)), algorithms=[ALGORITHM])
    if read.header.get("typ") != kind:
        raise ValueError("a token of another kind")
    return dict(read.claims)


def add_key() -> str:
    """Make a new newest key; older keys stay published, so that what they signed still verifies. Returns its kid."""
    folder = Path(settings.KEY_FOLDER)
    number = len(keys()) + 1
    file_key(folder / f"oidc-{number:04}.pem", _new)
    _load.cache_clear()
    return str(keys()[-1].kid)


def _new() -> bytes:
    return ECKey.generate_key("P-256", private=True).as_pem(private=True)


def keys() -> list[ECKey]:
    """All signing keys, oldest first."""
    return _load(Path(settings.KEY_FOLDER))


@lru_cache(maxsize=4)
def _load(folder: Path) -> list[ECKey]:
    file_key(folder / "oidc-0001.pem", _new)
    found = []
    for path in sorted(folder.glob("oidc-*.pem")):
        key = ECKey.import_key(file_key(path, bytes))
        key.ensure_kid()  # the RFC 7638 thumbprint
        found.append(key)
    return found
