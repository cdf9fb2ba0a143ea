"""MyID in a login: number and password, then a code; and the ways in for who has not got it, or has forgotten."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allting.common.identity.eids import changes, codes, limits
from allting.common.identity.eids.provider import Login
from allting.common.identity.gateway import end_everywhere
from allting.common.identity.models import MyIdAccount
from allting.common.identity.providers.myid import accounts, activation, forms
from allting.kernel.actor import Level
from allting.kernel.problems import Conflict

STEPS = frozenset({"code", "forgotten", "order", "ordered", "activate", "codes"})
SENDS = 3  # SMS in one login


def page(request: HttpRequest, login: Login) -> HttpResponse:
    steps: dict[str, Callable[[HttpRequest, Login], HttpResponse]] = {
        "": _password,
        "code": _code,
        "forgotten": _forgotten,
        "order": _order,
        "ordered": _ordered,
        "activate": _activate,
        "codes": _recovery_codes,
    }
    return steps[login.step](request, login)


def _password(request: HttpRequest, login: Login) -> HttpResponse:
    errors: forms.Errors = {}
    if request.method == "POST":
        number = forms.number(request.POST.get("pid", ""), errors)
        account = None if errors else _right_account(request, number, errors)
        if account is not None:
            _go_on(login, {"person": str(account.person), "number": number}, account)
            return redirect(login.address("code"))
    return forms.shown(request, "myid_password", errors, {"login": login})


def _right_account(request: HttpRequest, number: str, errors: forms.Errors) -> MyIdAccount | None:
    wait = limits.attempt(request, accounts.credential(number))
    if wait:
        errors["password"] = limits.patience(wait)
        return None
    account = accounts.check(number, request.POST.get("password", ""))
    if account is None:
        errors["password"] = _("The identity number or the password is wrong. Check both, and try again.")
    return account


def _go_on(login: Login, data: dict[str, Any], account: MyIdAccount | None, mobile: str = "") -> None:
    """Somebody has shown the first part: a new cookie, and a code is asked for next."""
    app = account is not None and bool(account.totp) and not mobile
    number = mobile or (accounts.mobile_of(account) if account else "")
    login.flow.data = data | {"challenge": secrets.token_urlsafe(24), "app": app, "sent": 0, "mobile": number}
    if not app:
        _send(login)
    login.flow.renew()


def _send(login: Login) -> None:
    data = login.flow.data
    data["sent"] += 1
    accounts.send_code(accounts.LOGIN, data["challenge"], data["mobile"], get_language() or "nb")


def _code(request: HttpRequest, login: Login) -> HttpResponse:
    data = login.flow.data
    if "challenge" not in data:
        return redirect(login.address())
    errors: forms.Errors = {}
    if request.method == "POST" and request.POST.get("do") == "send":
        return _again(request, login)
    if request.method == "POST":
        typed = "".join(request.POST.get("code", "").split())
        shown = _right_code(request, login, typed, errors)
        if shown:
            return _finish(request, login, shown)
    more = {"login": login, "app": data["app"], "hint": accounts.hint(data["mobile"]), "sent": data["sent"] > 1}
    return forms.shown(request, "myid_code", errors, more)


def _again(request: HttpRequest, login: Login) -> HttpResponse:
    """A new SMS, also for who has an app that she cannot reach; a few in a login, and slower and slower."""
    data, errors = login.flow.data, {}
    wait = limits.attempt(request, f"myid-sms:{data['number']}", free=6)
    if wait or data["sent"] >= SENDS:
        errors["code"] = limits.patience(wait) if wait else _("We have sent you several codes. Start again.")
        more = {"login": login, "app": data["app"], "hint": accounts.hint(data["mobile"]), "sent": False}
        return forms.shown(request, "myid_code", errors, more)
    data["app"] = False
    _send(login)
    login.flow.save()
    return redirect(login.address("code"))


def _right_code(request: HttpRequest, login: Login, typed: str, errors: forms.Errors) -> str:
    """What a right code is: from the app, by SMS, or from paper; else empty, with an error."""
    data = login.flow.data
    wait = limits.attempt(request, _code_credential(data), free=6)
    if wait:
        errors["code"] = limits.patience(wait)
        return ""
    account = None if data.get("opens") else accounts.account_of(UUID(data["person"]))
    if data["app"] and account is not None and accounts.use_app_code(account, typed):
        return accounts.TOTP
    if not data["app"] and codes.use(accounts.LOGIN, data["challenge"], typed):
        return accounts.OTC
    if account is not None and not data.get("spent") and accounts.use_recovery_code(account, typed):
        changes.tell(account.person)  # she should hear of it, should it not have been her
        return accounts.PAPER
    dead = not data["app"] and not codes.alive(accounts.LOGIN, data["challenge"])
    errors["code"] = _("This code cannot be used any more. Ask for a new one.") if dead else _("The code is wrong")
    return ""


def _code_credential(data: dict[str, Any]) -> str:
    return f"myid-code:{data['number']}"


def _amr(data: dict[str, Any], code: str) -> tuple[str, ...]:
    """What was shown in this login, the name of the way first.

    A password that was chosen in it proves nothing, and two things one has are one kind of factor: then there is
    neither ``pwd`` nor ``mfa``. A letter and a telephone are two channels (``mca``).
    """
    if code == accounts.PAPER:
        return accounts.PAPER, "pwd", "otp", "mfa"
    how = ("otp", "sms") if code == accounts.OTC else ("otp",)
    if data.get("opens") or data.get("spent"):
        return accounts.PAPER, *how, *(("mca",) if code == accounts.OTC else ())
    return code, "pwd", *how, "mfa"


def _finish(request: HttpRequest, login: Login, code: str) -> HttpResponse:
    """Both parts are right. What was asked for with them is done now: a new password, or a whole new account."""
    data = login.flow.data
    number, person = data["number"], UUID(data["person"])
    limits.passed(request, accounts.credential(number))
    limits.passed(request, _code_credential(data))
    amr = _amr(data, code)
    if data.get("opens"):
        if not activation.spend(person):
            raise Conflict(_("This code has been used already."), code="activation-used")
        opened = accounts.open_account(person, number, data["password"], data["mobile"])
        end_everywhere(person)
        login.flow.data = {"done": amr, "person": str(person), "number": number}
        login.flow.data["codes"] = accounts.new_recovery_codes(opened)
        login.flow.renew()
        changes.tell(person)
        return redirect(login.address("codes"))
    if data.get("password"):
        account = accounts.account_of(person)
        if account is not None:
            accounts.set_password(account, data["password"])
            limits.forget_devices(accounts.credential(number))
            end_everywhere(person)  # whoever knew the old one may be logged in with it
            changes.tell(person)
    return _known(request, login, person, number, amr)


def _known(request: HttpRequest, login: Login, person: UUID, number: str, amr: Sequence[str]) -> HttpResponse:
    accounts.used(person)
    response = login.known(person, Level.SUBSTANTIAL, *amr)
    if login.flow.ended:
        limits.know_device(request, response, accounts.credential(number), f"myid-code:{number}")
    return response


def _recovery_codes(request: HttpRequest, login: Login) -> HttpResponse:
    """The ten codes, once; then on to the service."""
    data = login.flow.data
    if "done" not in data:
        return redirect(login.address())
    if request.method == "POST":
        return _known(request, login, UUID(data["person"]), data["number"], data["done"])
    return forms.shown(request, "myid_codes", {}, {"codes": data["codes"]})


def _forgotten(request: HttpRequest, login: Login) -> HttpResponse:
    """A code from paper takes the password's place; the code by SMS or app is still asked for."""
    errors: forms.Errors = {}
    if request.method == "POST":
        number = forms.number(request.POST.get("pid", ""), errors)
        password = forms.new_password(request.POST, errors, number)
        account = None if errors else _recovered(request, number, errors)
        if account is not None:
            data = {"person": str(account.person), "number": number, "password": password, "spent": True}
            _go_on(login, data, account)
            return redirect(login.address("code"))
    return forms.shown(request, "myid_forgotten", errors, {"login": login})


def _recovered(request: HttpRequest, number: str, errors: forms.Errors) -> MyIdAccount | None:
    wait = limits.attempt(request, accounts.credential(number))
    if wait:
        errors["recovery"] = limits.patience(wait)
        return None
    account = accounts.by_number(number)
    if account is not None and accounts.use_recovery_code(account, request.POST.get("recovery", "")):
        return account
    errors["recovery"] = _("The identity number or the recovery code is wrong, or the code has been used.")
    return None


def _order(request: HttpRequest, login: Login) -> HttpResponse:
    """An activation code by post. The answer is the same whether there is anybody to send it to."""
    errors: forms.Errors = {}
    if request.method == "POST":
        number = forms.number(request.POST.get("pid", ""), errors)
        wait = 0 if errors else limits.attempt(request, f"myid-order:{number}")
        if wait:
            errors["pid"] = limits.patience(wait)
        elif not errors:
            activation.order(number)
            return redirect(login.address("ordered"))
    return forms.shown(request, "myid_order", errors, {"login": login})


def _ordered(request: HttpRequest, login: Login) -> HttpResponse:
    return forms.shown(request, "myid_ordered", {}, {"login": login})


def _activate(request: HttpRequest, login: Login) -> HttpResponse:
    """The code from the letter, a mobile number and a password; the number is then shown to be hers by a code."""
    errors: forms.Errors = {}
    if request.method == "POST":
        number = forms.number(request.POST.get("pid", ""), errors)
        mobile = forms.mobile(request.POST.get("mobile", ""), errors)
        password = forms.new_password(request.POST, errors, number)
        person = None if errors else _activated(request, number, errors)
        if person is not None:
            _go_on(login, {"person": str(person), "number": number, "password": password, "opens": True}, None, mobile)
            return redirect(login.address("code"))
    return forms.shown(request, "myid_activate", errors, {"login": login})


def _activated(request: HttpRequest, number: str, errors: forms.Errors) -> UUID | None:
    wait = limits.attempt(request, f"myid-activate:{number}")
    if wait:
        errors["letter"] = limits.patience(wait)
        return None
    person = activation.fits(number, request.POST.get("letter", ""))
    if person is None:
        errors["letter"] = _("The identity number or the code is wrong, or the code is too old.")
    return person
