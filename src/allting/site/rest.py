"""The REST API: each ``rest.py`` or ``*_rest.py`` of a room has a ``router`` and its ``prefix``; found by folder."""

from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

import allting
from allting.kernel.problems import Invalid, NotFound, Problem
from allting.site.errors import BadRequest

api = NinjaAPI(
    title="Allting",
    version=allting.__version__,
    description="One platform for public services. Errors are problem details (RFC 9457).",
    openapi_url="/openapi.json",
    docs_url="/docs",
)


def problem_response(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A Problem as ``application/problem+json``; a 401 says how to authenticate (RFC 9110 § 11.6.1)."""
    response = JsonResponse(problem.as_details(request.path), status=problem.status)
    response["Content-Type"] = "application/problem+json"
    response["Cache-Control"] = "private, no-store"
    if problem.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


api.add_exception_handler(Problem, problem_response)  # type: ignore[arg-type]


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors: dict[str, list[Any]] = {}
    for one in error.errors:
        name = ".".join(str(part) for part in one["loc"] if part not in ("body", "payload", "query", "path"))
        errors.setdefault(name or "body", []).append(one["msg"])
    return problem_response(request, Invalid(errors=errors))


@api.exception_handler(HttpError)
def _unread(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The body is not JSON, say."""
    problem = BadRequest()
    problem.status = error.status_code
    return problem_response(request, problem)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem_response(request, NotFound())


for config in apps.get_app_configs():
    if config.name.startswith("allting.") and config.name != "allting.site":
        for file in sorted(Path(config.path).glob("*rest.py")):
            part = import_module(f"{config.name}.{file.stem}")
            api.add_router(part.prefix, part.router, tags=[config.label])
