"""The operator's page for logging people out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allting.common.identity import ending
from allting.common.identity.machine.scopes import is_operator
from allting.kernel.access import actor, ask_login, officer
from allting.kernel.actor import Actor, Level
from allting.kernel.problems import Invalid, NotAllowed, NotFound


@officer
@require_http_methods(["GET", "POST"])
def logins(request: HttpRequest) -> HttpResponse:
    """End one person's logins, or everybody's; at level high, since it shuts people out."""
    me = actor(request)
    if not is_operator(me):
        raise NotAllowed(code="operator-only")
    if me.level < Level.HIGH:
        return ask_login(request, Level.HIGH)
    errors: dict[str, str] = {}
    if request.method == "POST":
        ended = _ended(request, me, errors)
        if not errors:
            return redirect(f"/office/logins?ended={ended}")
    typed = {name: request.POST.get(name, "") for name in ("pid", "reason", "reason-all")}
    summary = [(f"field-{name}", text) for name, text in errors.items()]
    count = request.GET.get("ended", "")
    context: dict[str, Any] = {
        "people": ending.people_logged_in(), "errors": errors, "summary": summary, "typed": typed,
        "ended": int(count) if count.isascii() and count.isdigit() and len(count) < 9 else None,
    }  # fmt: skip
    return render(request, "identity/logins.html", context, status=422 if errors else 200)


def _ended(request: HttpRequest, me: Actor, errors: dict[str, str]) -> int:
    """How many; or what is wrong, by field."""
    everybody = request.POST.get("who") == "everybody"
    field = "reason-all" if everybody else "reason"
    try:
        purpose = ending.purpose_of(request.POST.get(field, ""))
    except Invalid:
        errors[field] = _("Write why they are logged out: they can read it")
        return 0
    if everybody:
        return ending.end_all(me, purpose)
    try:
        return ending.end_logins_of(me, purpose, "".join(request.POST.get("pid", "").split()))
    except (Invalid, NotFound):
        errors["pid"] = _("There is nobody with this identity number")
        return 0
