"""Errors of OAuth 2.0: sent to the client as its RFCs say."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """An error of RFC 6749 § 4.1.2.1 or § 5.2: ``code`` for machines, ``description`` for developers, never secret."""

    def __init__(
        self, code: str, description: str, status: int = 400, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.code, self.description, self.status = code, description, status
        self.headers = dict(headers or {})
