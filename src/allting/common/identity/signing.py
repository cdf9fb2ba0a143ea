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


def sign(claims: dict[str, Any]) -> str:
    """A signed JWT (RFC 7519)."""
    key = keys()[-1]
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid, "typ": "JWT"}, claims, key)


def public_keys() -> dict[str, Any]:
    """The JWK set (RFC 7517) that clients check our tokens with."""
    return {"keys": [key.as_dict(private=False, use="sig", alg=ALGORITHM, kid=key.kid) for key in keys()]}


def verified(token: str, jwks: dict[str, Any]) -> dict[str, Any]:
    """The claims of a token signed with a key of ``jwks``; only ES256 is taken. Raises joserfc's JoseError."""
    return dict(jwt.decode(token, KeySet.import_key_set(cast(Any, jwks)), algorithms=[ALGORITHM]).claims)


def keys() -> list[ECKey]:
    """All signing keys, oldest first."""
    return _load(Path(settings.KEY_FOLDER))


@lru_cache(maxsize=4)
def _load(folder: Path) -> list[ECKey]:
    file_key(folder / "oidc-0001.pem", lambda: ECKey.generate_key("P-256", private=True).as_pem(private=True))
    found = []
    for path in sorted(folder.glob("oidc-*.pem")):
        key = ECKey.import_key(file_key(path, bytes))
        key.ensure_kid()  # the RFC 7638 thumbprint
        found.append(key)
    return found
