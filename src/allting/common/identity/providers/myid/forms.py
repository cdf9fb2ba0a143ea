"""What people type on MyID's pages, checked; the same checks in a login and on their own page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from allting.common.identity.providers.myid import passwords
from allting.common.registers import api as registers
from allting.kernel.numbers import BadNumber, identity_number
from allting.kernel.problems import Invalid

Errors = dict[str, str]


def number(typed: str, errors: Errors) -> str:
    """Eleven digits, or an error in ``errors`` and nothing. It says nothing of who exists."""
    try:
        return identity_number(typed)
    except BadNumber:
        errors["pid"] = _("Write the 11 digits of an identity number. One of the digits is wrong, or one is missing.")
        return ""


def mobile(typed: str, errors: Errors) -> str:
    """As +4790000000, or an error."""
    try:
        found: str = registers.checked({"mobile": typed})["mobile"]
    except Invalid as wrong:
        errors["mobile"] = str(wrong.errors["mobile"][0])
        return ""
    if not found:
        errors["mobile"] = _("Write the mobile number that codes are sent to")
    return found


def new_password(form: Mapping[str, Any], errors: Errors, *personal: str) -> str:
    """A hash of the new password, or an error and nothing."""
    typed = form.get("new_password", "")
    said = passwords.complaint(typed, *personal)
    if not said and form.get("repeat", "") != typed:
        errors["repeat"] = _("The two passwords are not the same")
        return ""
    if said:
        errors["new_password"] = said
        return ""
    return "" if errors else passwords.hashed(typed)


def shown(
    request: HttpRequest, template: str, errors: Errors, context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """A page with its errors on top and beside the fields; what was typed stays, but never a password."""
    typed = {name: request.POST.get(name, "") for name in ("pid", "mobile", "code", "letter", "recovery")}
    summary = [(f"field-{name}", text) for name, text in errors.items()]
    more = {"typed": typed, "errors": errors, "summary": summary, **(context or {})}
    return render(request, f"identity/eids/{template}.html", more, status=422 if errors else 200)
