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
from allting.kernel.problems import NotAllowed, NotFound, Problem, Unavailable, wants_json

_log = logging.getLogger("allting.request")

# What to do about a problem, by its code: a sentence, and where the button leads.
ADVICE: dict[str, tuple[Any, str, Any]] = {
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
    "may-not-give-power": (
        _("Only the one it belongs to can give or end a power of attorney: yourself, or for an enterprise somebody who"
          " binds it alone."),
        "/act-as", _("Change who you act for"),
    ),
    "no-co-signer": (
        _("You sign for this enterprise together with another, and no other is registered. Nothing was sent."),
        "/my", _("My page"),
    ),
    "card-not-now": (_("This can no longer be done with the card. Open it again and see."), "/my", _("My page")),
    "police-only": (_("This is the work of the police."), "/office", _("Back to the cases")),
    "not-treasurer": (
        _("This is for those who handle the money where they work."), "/office", _("Back to the cases"),
    ),
    "four-eyes": (
        _("You made this batch, so another treasurer must approve it."), "/office/payments", _("Money in and out"),
    ),
    "unknown-client": (
        _("The service that sent you here is not known to us at this address, so nothing was sent back to it. "
          "Tell those who run the service."), "/", None,
    ),
    "request-not-pushed": (_("The login was begun too long ago. Go back to the service, and log in again."), "/", None),
    "login-too-old": (_("The login was begun too long ago. Go back to the service, and log in again."), "/", None),
    "login-not-started-here": (
        _("This login was not begun in this browser, or it is over. Begin again."), "/login", _("Log in"),
    ),
    "own-case": (
        _("Nobody may handle her own case, or that of somebody close to her. A colleague must do it."),
        "/office", _("Back to the cases"),
    ),
    "case-changed": (_("Somebody has done something with the case. Open it again and see."), "/my", _("My page")),
    "not-now": (_("This can no longer be done with the case. Open it again and see."), "/my", _("My page")),
    "draft-changed": (_("The application was changed in another window. Open it again."), "/my", _("My page")),
    "appeal-too-late": (_("It is more than a year since the decision."), "/my/cases", _("Your cases")),
    "too-large": (_("Go back and choose a smaller file. What you had saved before is kept."), "/my", _("My page")),
    "not-found": (
        _("The address may be wrong, or the page has moved. What is yours you find on your page."), "/", None,
    ),
    "csrf": (_("The page was open for too long, or in another login. Go back, load it again, and send."), "/", None),
    "unavailable": (_("Nothing you have sent is lost. Wait a little, and try again."), "/", None),
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
    advice, way, way_text = ADVICE.get(problem.code, ("", "/", None))
    kept = HttpResponse()
    if problem.code == "other-capacity":
        way = f"{way}?{urlencode({'next': _back(request, kept)})}"
    context = {"problem": problem, "advice": advice, "way": way, "way_text": way_text or _("Go to the front page")}
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
