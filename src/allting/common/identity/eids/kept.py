"""What is remembered between two pages of a change of an eID: encrypted in the session, never readable there."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from django.http import HttpRequest

from allting.kernel import encryption


def keep(request: HttpRequest, name: str, data: dict[str, Any]) -> None:
    sealed = encryption.seal_json(data, _context(request, name))
    request.session[f"eid:{name}"] = b64encode(sealed).decode()


def kept(request: HttpRequest, name: str) -> dict[str, Any]:
    """What ``keep`` kept in this session; empty when there is nothing, or it was another's."""
    sealed = request.session.get(f"eid:{name}")
    if not sealed:
        return {}
    try:
        found: dict[str, Any] = encryption.unseal_json(b64decode(sealed), _context(request, name))
    except encryption.NotReadable:
        return {}
    return found


def drop(request: HttpRequest, name: str) -> None:
    request.session.pop(f"eid:{name}", None)


def _context(request: HttpRequest, name: str) -> str:
    """Bound to the login, not only to the session."""
    return f"kept:{name}:{request.session['login']['sid']}"
