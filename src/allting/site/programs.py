"""The endpoints that only programs use are called at once: past sessions, languages, forms and what else readers need.

An eighth of a login's time went to what a token request has no use for. A view says that it is such an endpoint
(``kernel.access.between_programs``); its path has no parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, URLResolver, get_resolver
from django.utils import translation

from allting.site.middleware import Next, Problems


class BetweenPrograms:
    """All that such an endpoint answers, besides what is its own, is a problem as JSON (RFC 9457)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.problems = Problems(self._called)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = doors().get(request.path_info)
        if match is None:
            return self.get_response(request)
        request.resolver_match = match
        request.between_programs = True  # type: ignore[attr-defined]
        request.actor = None  # type: ignore[attr-defined]
        request.get_host()  # raises DisallowedHost
        translation.activate(settings.LANGUAGE_CODE)  # not that of whoever had this thread before
        response = self.problems(request)
        response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

    def _called(self, request: HttpRequest) -> HttpResponse:
        try:
            called: HttpResponse = request.resolver_match.func(request)  # type: ignore[union-attr]
        except Exception as error:
            answered = self.problems.process_exception(request, error)
            if answered is None:
                raise
            return answered
        return called


@cache
def doors() -> dict[str, ResolverMatch]:
    """The endpoints between programs, by path."""
    resolver = get_resolver()
    return {path: resolver.resolve(path) for path in _paths(resolver, "/")}


def _paths(resolver: URLResolver, before: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _paths(one, before + str(one.pattern))
        elif getattr(one.callback, "between_programs", False):
            yield before + str(one.pattern)
