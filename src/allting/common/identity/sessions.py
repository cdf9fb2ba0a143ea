"""Django's database sessions, with the person and the sign-on beside them."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> Any:
        from allting.common.identity.models import PortalSession

        return PortalSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        login = data.get("login") or {}
        row.person, row.sid = login.get("person"), login.get("sid", "")
        return row
