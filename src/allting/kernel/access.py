"""Who may enter a view. Every route says so; a test lists the routes that do not.

The middleware of ``common.identity`` puts these on the request, so that the lowest room can guard its views
without knowing the highest: ``request.actor`` (Actor or None), ``request.actor_via`` ("cookie", "token" or ""),
``request.ask_login(level)``, which answers with the way to the login, and for an enterprise ``request.scopes`` and
``request.entered(scope)``, which writes in the log that it came in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

from allting.kernel.actor import Actor, Capacity, Level
from allting.kernel.problems import LoginNeeded, NotAllowed

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Anyone may enter; nothing personal may be shown."""
    view.entry = "public"  # type: ignore[attr-defined]
    return view


def between_programs(view: View) -> View:
    """Anyone's program may call, and proves itself in the request; no cookie is read and no page is shown. The site
    leads it past what only readers need (``site.programs``)."""
    view.between_programs = True  # type: ignore[attr-defined]
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return public(view)


def citizen(level: Level = Level.SUBSTANTIAL, *, limited: bool = False) -> Callable[[View], View]:
    """Someone logged in at ``level`` or above, for herself or for another.

    ``limited``: also on a mandate for some services only; the view then shows and does only what it covers.
    """
    return _guard(f"citizen {level.name.lower()}", level, lambda actor: not actor.is_officer, limited=limited)


def officer(view: View) -> View:
    """An officer at work in an authority."""
    return _guard("officer", Level.SUBSTANTIAL, lambda actor: actor.is_officer)(view)


def officer_as(role: str) -> Callable[[View], View]:
    """An officer who holds this role in her authority, whatever else she may do there."""
    return _guard(f"officer {role}", Level.SUBSTANTIAL, lambda actor: _is(actor, role), limited=True)


def _is(actor: Actor, role: str) -> bool:
    return actor.is_officer and role in actor.roles


def for_organisations(level: Level = Level.SUBSTANTIAL) -> Callable[[View], View]:
    """Someone logged in at ``level`` or above who acts for an organisation, as its officer or its representative."""
    return _guard(f"organisation {level.name.lower()}", level, _for_organisation)


def _for_organisation(actor: Actor) -> bool:
    return actor.is_officer or actor.represents


def logged_in(view: View) -> View:
    """Anyone logged in, in whatever capacity."""
    return _guard("logged in", Level.LOW, lambda actor: True, limited=True)(view)


def outside_mandate() -> NotAllowed:
    """What somebody is told who acts for another in something her mandate does not cover."""
    return NotAllowed(code="outside-mandate")


def _guard(entry: str, level: Level, fits: Callable[[Actor], bool], *, limited: bool = False) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None or actor.level < level:
                return request.ask_login(level)  # type: ignore[attr-defined,no-any-return]
            if not fits(actor) or actor.capacity is Capacity.ENTERPRISE:
                raise NotAllowed(code="other-capacity", entry=entry.split()[0])
            if not limited and not actor.scope.whole:
                raise outside_mandate()
            response = view(request, *args, **kwargs)
            response.headers.setdefault("Cache-Control", "private, no-store")
            return response  # type: ignore[no-any-return]

        guarded.entry = entry  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def actor(request: HttpRequest) -> Actor:
    """Who is behind a guarded request. Raises LoginNeeded when nobody is."""
    found: Actor | None = getattr(request, "actor", None)
    if found is None:
        raise LoginNeeded()
    return found


def ask_login(request: HttpRequest, level: Level) -> HttpResponse:
    """The way to a login at ``level`` and back; a form that was sent is kept meanwhile."""
    return request.ask_login(level)  # type: ignore[attr-defined,no-any-return]


class RestGuard:
    """The same doors for django-ninja: ``@api.get(…, auth=RestGuard(Level.SUBSTANTIAL))``.

    An enterprise comes in only where the door names a ``scope``, and only with a token that has it.
    A caller known by cookie must pass the CSRF check on unsafe methods; one with a token need not. ``limited`` as
    in ``citizen``. Raises LoginNeeded or NotAllowed, never answers a page.
    """

    def __init__(
        self, level: Level = Level.SUBSTANTIAL, *, officer: bool = False, limited: bool = False, scope: str = ""
    ) -> None:
        self.level = level
        self.officer = officer
        self.limited = limited
        self.scope = scope
        self.entry = "officer" if officer else f"citizen {level.name.lower()}"

    def fits(self, actor: Actor) -> bool:
        return actor.is_officer is self.officer

    def __call__(self, request: HttpRequest) -> Actor:
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None or actor.level < self.level:
            raise LoginNeeded(level=self.level.acr)
        if not self.fits(actor):
            raise NotAllowed(code="other-capacity", entry=self.entry.split()[0])
        if not self.limited and not actor.scope.whole:
            raise outside_mandate()
        if actor.capacity is Capacity.ENTERPRISE:
            if self.scope not in request.scopes:  # type: ignore[attr-defined]
                raise NotAllowed(code="insufficient-scope", scope=self.scope)
            request.entered(self.scope)  # type: ignore[attr-defined]
        if getattr(request, "actor_via", "") == "cookie":
            from ninja.utils import check_csrf  # ninja reads the settings when it is imported

            if check_csrf(request) is not None:
                raise NotAllowed(code="csrf")
        return actor


class RoleGuard(RestGuard):
    """The door of ``officer_as``."""

    def __init__(self, role: str) -> None:
        super().__init__(officer=True, limited=True)
        self.role = role
        self.entry = f"officer {role}"

    def fits(self, actor: Actor) -> bool:
        return _is(actor, self.role)


class OrganisationGuard(RestGuard):
    """The door of ``for_organisations``."""

    def __init__(self, level: Level = Level.SUBSTANTIAL) -> None:
        super().__init__(level)
        self.entry = f"organisation {level.name.lower()}"

    def fits(self, actor: Actor) -> bool:
        return _for_organisation(actor)
