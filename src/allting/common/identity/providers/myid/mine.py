"""MyID on the person's own page: get it after a login with another eID, change each part of it, give it up."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

import pyotp
import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.identity.eids import changes, codes, kept, limits
from allting.common.identity.models import MyIdAccount, SignOn
from allting.common.identity.providers.myid import accounts, forms, passwords
from allting.common.registers import api as registers
from allting.kernel.access import actor, citizen
from allting.kernel.actor import Actor, Level, Purpose
from allting.kernel.problems import NotAllowed, NotFound

CHANGE = "myid-change"
HOME = "/my/eids/myid"
_OWN = Purpose("eForvaltningsforskriften § 4", "MyID på egen side")


def _me(request: HttpRequest) -> UUID:
    person = actor(request).person
    assert person is not None  # someone is logged in
    return person


def _account(request: HttpRequest) -> MyIdAccount:
    found = accounts.account_of(_me(request))
    if found is None:
        raise NotFound()
    return found


@citizen(Level.SUBSTANTIAL)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    account = _account(request)
    context = {
        "hint": accounts.hint(accounts.mobile_of(account)),
        "app": bool(account.totp),
        "left": accounts.recovery_codes_left(account),
        "saved": "saved" in request.GET,
    }
    return forms.shown(request, "my_myid", {}, context)


@citizen(Level.SUBSTANTIAL)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Get MyID, or begin it anew, when the login was with another eID: that is the identity check."""
    login = SignOn.objects.filter(sid=actor(request).session).first()
    if login is None or login.method in (accounts.OTC, accounts.TOTP, accounts.PAPER):
        raise NotAllowed(_("Log in with another electronic ID to do this."), code="another-eid")
    errors: forms.Errors = {}
    if request.method == "POST":
        mobile = forms.mobile(request.POST.get("mobile", ""), errors)
        number = _number(actor(request))
        password = forms.new_password(request.POST, errors, number)
        if not errors:
            return _confirm(request, {"do": "new", "number": number, "password": password, "mobile": mobile})
    return forms.shown(request, "my_myid_new", errors)


def _number(me: Actor) -> str:
    assert me.person is not None
    found = registers.look_up(Actor(me.person, me.level), _OWN, "population.person", me.person)
    return str(found["identity_number"])


def _confirm(request: HttpRequest, data: dict[str, Any]) -> HttpResponse:
    """Send a code to the new number, to see that it is hers, and that she can read it."""
    data["challenge"] = secrets.token_urlsafe(24)
    wait = limits.attempt(request, f"myid-sms:{_me(request)}", free=6)
    if wait:
        raise NotAllowed(limits.patience(wait), code="too-many")
    accounts.send_code(CHANGE, data["challenge"], data["mobile"], get_language() or "nb")
    kept.keep(request, "myid", data)
    return redirect(f"{HOME}/code")


@citizen(Level.SUBSTANTIAL)
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    data = kept.kept(request, "myid")
    if "challenge" not in data:
        return redirect("/my/eids")
    errors: forms.Errors = {}
    if request.method == "POST":
        if codes.use(CHANGE, data["challenge"], request.POST.get("code", "")):
            return _confirmed(request, data)
        errors["code"] = _("The code is wrong, or too old. After three wrong ones you must start again.")
    more = {"hint": accounts.hint(data["mobile"]), "back": f"{HOME}/{data['do']}"}
    return forms.shown(request, "my_myid_code", errors, more)


def _confirmed(request: HttpRequest, data: dict[str, Any]) -> HttpResponse:
    person = _me(request)
    kept.drop(request, "myid")
    if data["do"] == "mobile":
        accounts.set_mobile(_account(request), data["mobile"])
        changes.tell(person)
        return redirect(f"{HOME}?saved=1")
    account = accounts.open_account(person, data["number"], data["password"], data["mobile"])
    changes.tell(person)
    return _shown_codes(request, account)


def _shown_codes(request: HttpRequest, account: MyIdAccount) -> HttpResponse:
    return forms.shown(request, "my_myid_codes", {}, {"codes": accounts.new_recovery_codes(account)})


def _with_password(request: HttpRequest, account: MyIdAccount, errors: forms.Errors) -> None:
    """Whoever sits at an open session does not yet know the password."""
    credential = f"myid-own:{account.person}"
    wait = limits.attempt(request, credential)
    if wait:
        errors["password"] = limits.patience(wait)
    elif not passwords.fits(request.POST.get("password", ""), account.password):
        errors["password"] = _("The password is wrong")
    else:
        limits.passed(request, credential)


@citizen(Level.SUBSTANTIAL)
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    account, errors = _account(request), forms.Errors()
    if request.method == "POST":
        _with_password(request, account, errors)
        number = "" if errors else _number(actor(request))
        hashed = "" if errors else forms.new_password(request.POST, errors, number)
        if not errors:
            accounts.set_password(account, hashed)
            limits.forget_devices(accounts.credential(number))
            changes.tell(account.person)
            return redirect(f"{HOME}?saved=1")
    return forms.shown(request, "my_myid_password", errors)


@citizen(Level.SUBSTANTIAL)
@require_http_methods(["GET", "POST"])
def mobile(request: HttpRequest) -> HttpResponse:
    account, errors = _account(request), forms.Errors()
    if request.method == "POST":
        number = forms.mobile(request.POST.get("mobile", ""), errors)
        if not errors:
            _with_password(request, account, errors)
        if not errors:
            return _confirm(request, {"do": "mobile", "mobile": number})
    return forms.shown(request, "my_myid_mobile", errors)


@citizen(Level.SUBSTANTIAL)
@require_http_methods(["GET", "POST"])
def app(request: HttpRequest) -> HttpResponse:
    """Show the secret as a picture and as text; the app's first code shows that it has it."""
    account, errors = _account(request), forms.Errors()
    secret = kept.kept(request, "myid-app").get("secret") or pyotp.random_base32(32)
    if request.method == "POST":
        step = accounts.app_step(secret, "".join(request.POST.get("code", "").split()))
        if step is None:
            errors["code"] = _("The code is wrong. See that the clock of your telephone is right, and write a new one.")
        if not errors:
            _with_password(request, account, errors)
        if step is not None and not errors:
            kept.drop(request, "myid-app")
            accounts.set_app(account, secret, step)
            changes.tell(account.person)
            return redirect(f"{HOME}?saved=1")
    else:
        kept.keep(request, "myid-app", {"secret": secret})
    name = actor(request).name or "MyID"
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Allting MyID")
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="white")
    spaced = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return forms.shown(request, "my_myid_app", errors, {"picture": picture, "secret": spaced})


ACTS = ("app-off", "recovery", "remove")


@citizen(Level.SUBSTANTIAL)
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, what: str) -> HttpResponse:
    """What is done at once when the password is right: no app any more, new recovery codes, no MyID any more."""
    account, errors = _account(request), forms.Errors()
    if what not in ACTS:
        raise NotFound()
    if request.method == "POST":
        _with_password(request, account, errors)
        if not errors:
            changes.tell(account.person)
            return _acted(request, account, what)
    return forms.shown(request, "my_myid_act", errors, {"what": what})


def _acted(request: HttpRequest, account: MyIdAccount, what: str) -> HttpResponse:
    if what == "recovery":
        return _shown_codes(request, account)
    if what == "remove":
        accounts.close_account(account.person)
        return redirect("/my/eids?saved=1")
    accounts.set_app(account, "")
    return redirect(f"{HOME}?saved=1")
