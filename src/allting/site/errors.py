"""Pages for when something is wrong: each says what happened and one thing to do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allting.kernel.problems import NotAllowed, NotFound, Problem


def problem_page(request: HttpRequest, problem: Problem) -> HttpResponse:
    return render(request, "site/problem.html", {"problem": problem}, status=problem.status)


def not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    return problem_page(request, NotFound())


def forbidden(request: HttpRequest, exception: Any) -> HttpResponse:
    return problem_page(request, NotAllowed())


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Server error", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem_page(request, NotAllowed(code="csrf"))
