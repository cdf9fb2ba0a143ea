"""The eID of the demo country and of tests: whoever knows a synthetic identity number is that person.

One page, a form with the fields ``pid`` and ``level`` and one submit button, no script. The template to copy
for a real eID: ``page`` shows its way of asking, and calls ``login.known`` when someone has shown who she is.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from allting.common.identity.eids.provider import Login, Provider
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Level, Purpose
from allting.kernel.numbers import BadNumber, identity_number
from allting.kernel.problems import NotFound
from allting.kernel.text import Text

METHOD = "TestID"
_LOOK = Purpose("eForvaltningsforskriften § 4", "Innlogging")


def page(request: HttpRequest, login: Login) -> HttpResponse:
    """Ask for a number and a level; wrong ones are explained, and what was typed stays."""
    hint: str = request.login_hint  # type: ignore[attr-defined]
    pid, level = request.POST.get("pid", hint), request.POST.get("level", login.wanted.name.lower())
    errors: dict[str, str] = {}
    if request.method == "POST":
        chosen = Level.HIGH if level == "high" else Level.SUBSTANTIAL
        person = _person(pid, errors)
        if chosen < login.wanted:
            errors["level"] = _("This service needs the level high")
        if person is not None and not errors:
            return login.known(person, chosen, METHOD)
    summary = [(f"field-{name}", text) for name, text in errors.items()]
    context = {"pid": pid, "level": level, "errors": errors, "summary": summary}
    return render(request, "identity/testid.html", context, status=422 if errors else 200)


def _person(pid: str, errors: dict[str, str]) -> UUID | None:
    try:
        return registers.find_person(Actor.system(authority_name="Allting"), _LOOK, identity_number(pid))
    except BadNumber:
        errors["pid"] = _("Write the 11 digits of an identity number. One of the digits is wrong, or one is missing.")
    except NotFound:
        errors["pid"] = _("Nobody in the demo country has this identity number")
    return None


PROVIDER = Provider(
    name="testid",
    title=Text.same("Test ID"),
    who=Text(
        {
            "nb": "For deg som prøver ut løsningen. Bare oppdiktede personer.",
            "nn": "For deg som prøver ut løysinga. Berre oppdikta personar.",
            "en": "For trying things out. Made-up people only.",
        }
    ),
    levels=(Level.SUBSTANTIAL, Level.HIGH),
    amr=(METHOD,),
    page=page,
)
