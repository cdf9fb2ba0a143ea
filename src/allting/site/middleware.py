"""What every request passes: the log line, the content security policy, and problems made into pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from allting.kernel.problems import Problem
from allting.site.errors import problem_page
from allting.site.rest import problem_response

Next = Callable[[HttpRequest], HttpResponse]


class RequestLog:
    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class ContentSecurityPolicy:
    """Scripts, styles and forms only from ourselves; a view may set its own policy first."""

    POLICY = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self' {live}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
        "manifest-src 'self'"
    )

    def __init__(self, get_response: Next) -> None:
        from django.conf import settings

        self.get_response = get_response
        self.policy = self.POLICY.format(live=settings.LIVE_URL)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class Problems:
    """A Problem raised in a page's view becomes a page that says what is wrong and what to do."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Problem):
            return None
        if request.path.startswith("/api/"):
            return problem_response(request, error)
        return problem_page(request, error)
