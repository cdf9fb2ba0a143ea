"""All routes, of which one without parameters is looked for once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls.resolvers import ResolverMatch, RoutePattern, URLResolver


class Remembering(URLResolver):
    """Django tries its routes in turn at every request, a tenth of the time of a short one. What is remembered is only
    paths that stand as they are in a ``urls.py``: no more of them than there are routes, whatever is asked for."""

    def __init__(self, routes: Sequence[Any]) -> None:
        super().__init__(RoutePattern("", is_endpoint=False), list(routes))
        self._found: dict[str, ResolverMatch] = {}

    def resolve(self, path: str) -> ResolverMatch:
        known = self._found.get(str(path))
        if known is None:
            known = super().resolve(path)
            if not known.args and not known.kwargs:
                self._found[str(path)] = known
        return known
