"""Django's database sessions, with the person and the sign-on beside them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from allting.common.queries.api import Compiled


@cache
def _by_key() -> Compiled[str, Any]:
    from allting.common.identity.models import PortalSession

    return Compiled(str, lambda key: PortalSession.objects.filter(session_key=key))


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> Any:
        from allting.common.identity.models import PortalSession

        return PortalSession

    def _get_session_from_db(self) -> Any:
        """Django's own read, with SQL that is made once; the time is looked at here."""
        found = _by_key()(self.session_key) if self.session_key else []
        if found and found[0].expire_date > timezone.now():
            return found[0]
        self._session_key = None
        return None

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Plain JSON: the row is ours, and a signature on it would be made and checked on every page for nothing."""
        return json.dumps(session_dict, separators=(",", ":"))

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(session_data)
        except ValueError:  # of an older installation: whoever had it logs in again
            return {}
        return found

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        login = data.get("login") or {}
        row.person, row.sid = login.get("person"), login.get("sid", "")
        return row
