"""What every request passes: the log line, the content security policy, and problems made into pages."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from allting.kernel.problems import Problem, TooLarge, wants_json
from allting.site import metrics
from allting.site.errors import WrongMethod, answer, problem_page, unavailable
from allting.site.rest import problem_response

Next = Callable[[HttpRequest], HttpResponse]
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_log = logging.getLogger("allting.request")


class RequestLog:
    """One line for each request: its route, how it went and how long it took; who asked is not in it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.id = given if _ID.fullmatch(given) else uuid4().hex  # type: ignore[attr-defined]
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=request.id):  # type: ignore[attr-defined]
            response = self.get_response(request)
            self._note(request, response, time.perf_counter() - began)
        response.headers["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response

    def _note(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        match = request.resolver_match
        if match is None and response.status_code in (200, 304):
            return  # a static file
        route = match.route if match else "-"
        actor = getattr(request, "actor", None)
        metrics.request(request.method or "-", route, response.status_code, seconds)
        facts = {
            "method": request.method,
            "route": route,
            "status": response.status_code,
            "ms": round(seconds * 1000, 1),
            "capacity": actor.capacity.value if actor else "nobody",
        }
        _log.info("request", extra=facts)


class ContentSecurityPolicy:
    """Scripts, styles and forms only from ourselves; a view may set its own policy first.

    ``request.form_leads_to`` is one more origin that the answer to the page's form may lead to, as the client of a
    login: browsers hold redirects to ``form-action`` too. ``request.frames`` are the origins of the frames on the page.
    """

    POLICY = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self' {live}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
        "manifest-src 'self'"
    )

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.policy = self.POLICY.format(live=settings.LIVE_URL)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        leads_to = getattr(request, "form_leads_to", "")
        policy = self.policy.replace("form-action 'self'", f"form-action 'self' {leads_to}".rstrip())
        frames = getattr(request, "frames", ())
        if frames:
            policy += "; frame-src " + " ".join(frames)
        response.headers.setdefault("Content-Security-Policy", policy)
        return response


class Problems:
    """A Problem raised in a page's view becomes a page that says what is wrong and what to do."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.most = (2 * settings.UPLOAD_MAX_MB + 1) * 1024 * 1024

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit() and int(length) > self.most:
            request.actor = None  # type: ignore[attr-defined]
            return answer(request, TooLarge())  # before a byte of it is read
        response = self.get_response(request)
        if response.status_code != 405 or response.get("Content-Type") == "application/problem+json":
            return response
        refused = answer(request, WrongMethod())
        refused["Allow"] = response.get("Allow", "")  # RFC 9110 § 15.5.6
        return refused

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        down = unavailable(error)
        if down is not None:
            _log.error("a part is down", exc_info=error, extra={"part": down.extra["part"]})
            request.actor = None  # type: ignore[attr-defined]
            return answer(request, down)
        if not isinstance(error, Problem):
            return None
        if request.path.startswith("/api/") or wants_json(request):
            return problem_response(request, error)
        return problem_page(request, error)
