"""The clients of the gateway: who they are, and the only addresses an answer is sent to.

All are public clients (RFC 6749 § 2.1): what proves them is their registered address and PKCE.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from django.conf import settings

PORTAL = "portal"
_FILE = Path(__file__).with_name("clients.yaml")
_LOOPBACK = ("127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Client:
    """A registered client. ``scopes`` are those it may ask for beside openid."""

    id: str
    name: str
    redirects: tuple[str, ...]
    after_logout: tuple[str, ...]
    scopes: tuple[str, ...]

    def may_return_to(self, address: str) -> bool:
        return any(_fits(address, one) for one in self.redirects)

    def may_leave_to(self, address: str) -> bool:
        """Whether ``address`` may be shown after a logout."""
        return any(_fits(address, one) for one in self.after_logout)


def client(client_id: str) -> Client | None:
    """The client of this id; None when there is none, or only in a demo and this is not one."""
    facts = _registered().get(client_id)
    if facts is None or (facts.get("demo") and not settings.DEMO):
        return None
    return Client(
        id=client_id,
        name=facts["name"],
        redirects=_addresses(facts["redirects"]),
        after_logout=_addresses(facts.get("after_logout", [])),
        scopes=tuple(facts.get("scopes", [])),
    )


def origin(address: str) -> str:
    """Where an address leads, as a source of a content security policy."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"


def _registered() -> dict[str, Any]:
    files = [_FILE, *([Path(settings.CLIENTS_FILE)] if settings.CLIENTS_FILE else [])]
    found: dict[str, Any] = {}
    for file in files:
        found |= _read(file, file.stat().st_mtime_ns)
    return found


_seen: dict[Path, tuple[int, dict[str, Any]]] = {}


def _read(file: Path, changed: int) -> dict[str, Any]:
    """The clients of a file; read again when it has changed, so that a client is added without a restart."""
    if _seen.get(file, (0, {}))[0] != changed:
        _seen[file] = (changed, yaml.safe_load(file.read_text("utf-8")))
    return _seen[file][1]


def _addresses(texts: list[str]) -> tuple[str, ...]:
    return tuple(text.replace("{base}", settings.BASE_URL) for text in texts)


def _fits(address: str, registered: str) -> bool:
    """The same address, letter by letter; a loopback address registered without a port fits every port."""
    if address == registered:
        return True
    ours, theirs = urlsplit(registered), urlsplit(address)
    if ours.scheme != "http" or ours.netloc not in _LOOPBACK:
        return False
    try:
        port = theirs.port
    except ValueError:
        return False
    return port is not None and address == registered.replace(ours.netloc, f"{ours.netloc}:{port}", 1)
