"""Pages for when something is wrong: each says what happened and one thing to do."""

from __future__ import annotations

import errno
import logging
import sys
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from allting.common.identity import api as identity
from allting.kernel.problems import NotAllowed, NotFound, Problem, Unavailable, advice_on, wants_json

_log = logging.getLogger("allting.request")

# What to do about the problems that no room owns; a room tells about its own.
ADVICE: dict[str, tuple[Any, ...]] = {
    "other-capacity": (
        _("You act for somebody this page is not for. Change who you act for, and open it again."),
        "/act-as",
        _("Change who you act for"),
    ),
    "act-for-enterprise": (
        _("This is for enterprises. Choose the one you act for."), "/act-as", _("Change who you act for"),
    ),
    "outside-mandate": (
        _("You act for another, and what you have been given to do does not cover this. Act for yourself, or ask for a"
          " power of attorney that covers it."),
        "/act-as", _("Change who you act for"),
    ),
    "too-large": (_("Go back and choose a smaller file. What you had saved before is kept."), "/my", _("My page")),
    "not-found": (
        _("The address may be wrong, or the page has moved. What is yours you find on your page."),
    ),
    "csrf": (_("The page was open for too long, or in another login. Go back, load it again, and send."),),
    "unavailable": (_("Nothing you have sent is lost. Wait a little, and try again."),),
}  # fmt: skip


class BadRequest(Problem):
    code = "bad-request"
    title = _("We did not understand the request")


class WrongMethod(Problem):
    status = 405
    code = "wrong-method"
    title = _("This address is not used that way")


class ServerError(Problem):
    status = 500
    code = "server-error"
    title = _("Something went wrong with us")


def problem_page(request: HttpRequest, problem: Problem, **more: Any) -> HttpResponse:
    """The problem as a page in the reader's language."""
    advice, kept = advice_on(problem.code), HttpResponse()
    way = advice.way
    if problem.code == "other-capacity":
        way = f"{way}?{urlencode({'next': _back(request, kept)})}"
    context = {"problem": problem, "advice": advice.text, "way": way, "way_text": advice.way_text}
    response = render(request, "site/problem.html", context | more, status=problem.status)
    response.cookies.update(kept.cookies)
    return response


def _back(request: HttpRequest, kept: HttpResponse) -> str:
    """Where to come back to when she has changed role; a form that was sent is kept meanwhile."""
    return identity.park(request, kept) if request.method == "POST" else request.get_full_path()


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as whoever asked can read it: problem details (RFC 9457) or a page."""
    if request.path.startswith("/api/") or wants_json(request):
        response = JsonResponse(problem.as_details(request.path), status=problem.status)
        response["Content-Type"] = "application/problem+json"
        return response
    return problem_page(request, problem)


def unavailable(error: BaseException | None) -> Unavailable | None:
    """What is down, when ``error`` says that the database is away or the disk is full."""
    full = isinstance(error, OSError) and error.errno == errno.ENOSPC
    full = full or (isinstance(error, DatabaseError) and "full" in str(error))
    if full:
        return Unavailable(code="unavailable", part="disk")
    if isinstance(error, (OperationalError, InterfaceError)):
        return Unavailable(code="unavailable", part="database")
    return None


def bad_request(request: HttpRequest, exception: Any) -> HttpResponse:
    return answer(request, BadRequest())


def not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    return answer(request, NotFound())


def forbidden(request: HttpRequest, exception: Any) -> HttpResponse:
    return answer(request, NotAllowed())


def server_error(request: HttpRequest) -> HttpResponse:
    """For what we did not foresee: no database, no session, and plain text when even the page fails."""
    request.actor = None  # type: ignore[attr-defined]
    problem: Problem = unavailable(sys.exc_info()[1]) or ServerError(
        _("It is our fault, and it has been noted. If you ask us about it, give this reference: %(reference)s.")
        % {"reference": getattr(request, "id", "-")}
    )
    try:
        return answer(request, problem)
    except Exception:
        _log.exception("the error page failed")
        text = f"{problem.title}. {getattr(request, 'id', '')}"
        return HttpResponse(text, status=problem.status, content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form with an old token. One of our own pages' forms can be sent again with a press; another's cannot."""
    problem = NotAllowed(code="csrf")
    if request.headers.get("Origin") != settings.BASE_URL or request.FILES:
        return answer(request, problem)
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    again = {"action": request.get_full_path(), "fields": [one for one in fields if one[0] != "csrfmiddlewaretoken"]}
    return problem_page(request, problem, again=again)
