"""The clients of the gateway: who they are, and the only addresses an answer is sent to."""

from __future__ import annotations

import hmac
import secrets
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from allting.common.identity.models import Client
from allting.common.queries.api import Compiled
from allting.kernel.keys import file_key

PORTAL = "portal"
_LOOPBACK = ("127.0.0.1", "[::1]", "localhost")
_by_id: Compiled[str, Client] = Compiled(
    str, lambda client_id: Client.objects.filter(pk=client_id, active=True), remember=True
)


def find(client_id: str) -> Client | None:
    """The client of this id, as it is now; None when there is none, it is shut off, or it is for demos only."""
    from allting.common.identity import client_files

    client_files.keep_up()
    rows = _by_id(client_id) if client_id and "\x00" not in client_id else []
    return rows[0] if rows and (settings.DEMO or not rows[0].demo) else None


def may_return_to(client: Client, address: str) -> bool:
    """Whether the answer to a login may be sent to ``address``."""
    return any(_fits(address, one) for one in addresses(client.redirect_uris))


def may_leave_to(client: Client, address: str) -> bool:
    """Whether ``address`` may be shown after a logout."""
    return any(_fits(address, one) for one in addresses(client.post_logout_redirect_uris))


def addresses(registered: list[str]) -> list[str]:
    return [one.replace("{base}", settings.BASE_URL) for one in registered]


def origin(address: str) -> str:
    """Where an address leads, as a source of a content security policy."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"


def subject(client: Client, person: UUID) -> str:
    """``sub``: one name of the person for everything that belongs to the client's owner, and another for the next
    owner, so that two of them cannot put together what they know (OpenID Connect Core § 8.1)."""
    if client.subject_type == Client.Subject.PUBLIC:
        return str(person)
    sector = str(client.owner or client.pk)
    return _keyed("pairwise", f"{sector}\0{person}")


def new_secret() -> tuple[str, str]:
    """A random secret, and what is kept of it."""
    secret = secrets.token_urlsafe(32)
    return secret, secret_hash(secret)


def secret_hash(secret: str) -> str:
    """A keyed hash, fast because the secret is random: there is nothing to guess (docs/adr/0010)."""
    return _keyed("client-secrets", secret)


def _keyed(key: str, value: str) -> str:
    return hmac.new(_key(settings.KEY_FOLDER, key), value.encode(), sha256).hexdigest()


@lru_cache(maxsize=8)
def _key(folder: Path, name: str) -> bytes:
    return file_key(Path(folder) / f"{name}.key", lambda: secrets.token_bytes(32))


def _fits(address: str, registered: str) -> bool:
    """The same address, letter by letter; a loopback address registered without a port fits every port."""
    if address == registered:
        return True
    ours = urlsplit(registered)
    if ours.scheme != "http" or ours.netloc not in _LOOPBACK:
        return False
    try:
        port = urlsplit(address).port
    except ValueError:
        return False
    return port is not None and address == registered.replace(ours.netloc, f"{ours.netloc}:{port}", 1)
