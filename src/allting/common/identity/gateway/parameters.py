"""What a client sent, each parameter once."""

from __future__ import annotations

from django.http import QueryDict

from allting.common.identity.gateway.errors import Refused


def once(sent: QueryDict) -> dict[str, str]:
    """The parameters that have a value; one that is there twice is refused (RFC 6749 § 3.1 and § 3.2)."""
    twice = [name for name, values in sent.lists() if len(values) > 1]
    if twice:
        raise Refused("invalid_request", "a parameter is there twice")
    return {name: value for name, value in sent.items() if value and "\x00" not in value}  # type: ignore[misc]
