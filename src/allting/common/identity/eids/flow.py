"""A login at an eID between its pages: kept here, known by a cookie of its own, so that tabs never mix.

Nothing is kept until a provider has something to keep. When somebody has shown a part of who she is, the cookie
changes (``renew``): one that was planted before is worth nothing. It ends once (``finish``).
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from allting.common.identity.models import EidFlow
from allting.kernel import encryption

KEEP = timedelta(hours=1)  # as the gateway keeps the login's request


class Flow:
    """``data`` is what the provider remembers; ``save`` keeps it."""

    def __init__(self, request: HttpRequest, query: str) -> None:
        self.query = query
        self.tag = sha256(query.encode()).hexdigest()[:8]
        self.data: dict[str, Any] = {}
        self.kept = self.ended = False  # ended: the gateway has taken it over
        self._new_cookie: str | None = None
        self._secret = request.COOKIES.get(self.cookie, "")
        if self._secret:
            self._read()

    @property
    def cookie(self) -> str:
        return f"allting_eid_{self.tag}"

    def _read(self) -> None:
        row = EidFlow.objects.filter(pk=_hash(self._secret), created__gt=timezone.now() - KEEP).first()
        if row is None:
            return
        found = encryption.unseal_json(row.sealed, f"eid-flow:{row.pk}")
        if found.pop("query") == self.query:
            self.data, self.kept = found, True

    def save(self) -> None:
        """Keep ``data``; the first time the browser gets a cookie."""
        if not self.kept:
            self._secret = self._new_cookie = secrets.token_urlsafe(32)
        key = _hash(self._secret)
        sealed = encryption.seal_json(self.data | {"query": self.query}, f"eid-flow:{key}")
        if self.kept:
            EidFlow.objects.filter(pk=key).update(sealed=sealed)
        else:
            EidFlow.objects.create(pk=key, sealed=sealed)
        self.kept = True

    def renew(self) -> None:
        """Keep ``data`` under a new cookie; the old one is worth nothing from now on."""
        self.finish()
        self.save()

    def finish(self) -> bool:
        """End it; False when it had ended already, as by the same answer sent twice."""
        if not self.kept:
            return False
        gone, _each = EidFlow.objects.filter(pk=_hash(self._secret)).delete()
        self.kept, self._new_cookie = False, ""
        return gone == 1

    def mark(self, response: HttpResponse) -> None:
        """Give the browser its cookie, or take it away."""
        if self._new_cookie:
            response.set_cookie(
                self.cookie,
                self._new_cookie,
                max_age=int(KEEP.total_seconds()),
                path="/id",
                httponly=True,
                samesite="Lax",
                secure=settings.SECURE,
            )
        elif self._new_cookie == "":
            response.delete_cookie(self.cookie, path="/id")


def flow_of_state(request: HttpRequest, state: str) -> Flow | None:
    """The login that ``state`` (made by ``state_for``) was sent out with, when this browser began it."""
    tag = state.partition(".")[0]
    secret = request.COOKIES.get(f"allting_eid_{tag}", "")
    row = EidFlow.objects.filter(pk=_hash(secret), created__gt=timezone.now() - KEEP).first() if secret else None
    if row is None:
        return None
    flow = Flow(request, encryption.unseal_json(row.sealed, f"eid-flow:{row.pk}")["query"])
    return flow if flow.kept else None


def state_for(flow: Flow) -> str:
    """A new ``state`` for the way to another site and back."""
    return f"{flow.tag}.{secrets.token_urlsafe(24)}"


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
