"""What an owner may set of a client, and whether it is right, said in plain words (RFC 7591 § 2 has the names)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from allting.common.identity.models import Client
from allting.kernel.numbers import BadNumber, organisation_number
from allting.kernel.problems import Invalid

MOST_ADDRESSES = 20
LIMITS = {"access_seconds": (10, 3600), "refresh_seconds": (0, 7_776_000), "authorization_seconds": (60, 7_776_000)}
TEXTS = ("name", "legal_basis", "frontchannel_logout_uri", "backchannel_logout_uri")
LISTS = ("redirect_uris", "post_logout_redirect_uris")
SWITCHES = ("par_required", "dpop_required")
CHOICES = {"kind": Client.Kind, "auth_method": Client.AuthMethod, "signing_alg": Client.Algorithm}
FIXED = ("kind", "auth_method")  # what a client is from the start; another is another client
FIELDS = (*CHOICES, *TEXTS, *LISTS, *SWITCHES, *LIMITS, "on_behalf_of")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_PUBLIC = (Client.Kind.BROWSER, Client.Kind.NATIVE)


def checked(client: Client, given: Mapping[str, Any]) -> Client:
    """``client`` with the values that are given. Raises Invalid, which says for each field what to do."""
    errors: dict[str, list[Any]] = {}
    for name in FIELDS:
        if name in given and (client._state.adding or name not in FIXED):
            _take(client, name, given[name], errors)
    _whole(client, errors)
    if errors:
        raise Invalid(errors=errors)
    return client


def _take(client: Client, name: str, value: Any, errors: dict[str, list[Any]]) -> None:
    if name in LISTS:
        value = _addresses(client, name, value, errors)
    elif name in TEXTS:
        value = str(value).strip()
    elif name in SWITCHES:
        value = bool(value)
    elif name in LIMITS:
        value = _seconds(name, value, errors)
    elif name in CHOICES:
        if value not in CHOICES[name].values:
            errors[name] = [_("Choose one of the alternatives")]
            return
    else:
        value = _on_behalf_of(value, errors)
    setattr(client, name, value)


def _whole(client: Client, errors: dict[str, list[Any]]) -> None:
    """What the values must be to each other."""
    if not client.name or len(client.name) > 120:
        errors["name"] = [_("Write the name that people will see, at most 120 characters")]
    if len(client.legal_basis) > 300:
        errors["legal_basis"] = [_("Write at most 300 characters")]
    public = client.kind in _PUBLIC
    if public is not (client.auth_method == Client.AuthMethod.NONE):
        errors.setdefault("auth_method", [
            _("An app on the reader's own machine can keep no secret: choose None")
            if public else _("Choose a key or a secret: a service on a server can keep one")
        ])  # fmt: skip
    if not client.redirect_uris and client.kind != Client.Kind.MACHINE:
        errors.setdefault("redirect_uris", [_("Write at least one address that people are sent back to")])
    for name in ("frontchannel_logout_uri", "backchannel_logout_uri"):
        address = getattr(client, name)
        if address and (fault := fault_of(address, native=False)):
            errors[name] = [fault]
    front = client.frontchannel_logout_uri
    if front and not {"frontchannel_logout_uri", "redirect_uris"} & set(errors) and not _at_home(client):
        errors["frontchannel_logout_uri"] = [_("It must be on the same domain as an address people are sent back to")]
    if client.refresh_seconds and not client.access_seconds < client.refresh_seconds <= client.authorization_seconds:
        told = _("It must be longer than the access token, and not longer than the whole")
        errors.setdefault("refresh_seconds", [told])


def _at_home(client: Client) -> bool:
    hosts = {urlsplit(one).hostname for one in client.redirect_uris}
    return urlsplit(client.frontchannel_logout_uri).hostname in hosts


def _addresses(client: Client, name: str, value: Any, errors: dict[str, list[Any]]) -> list[str]:
    lines = value.splitlines() if isinstance(value, str) else [str(one) for one in value]
    found = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    native = client.kind == Client.Kind.NATIVE
    faults = [f"{one}: {fault}" for one in found if (fault := fault_of(one, native=native))]
    if len(found) > MOST_ADDRESSES:
        faults = [_("Write at most %(num)d addresses") % {"num": MOST_ADDRESSES}]
    if faults:
        errors[name] = faults
    return found


def fault_of(address: str, *, native: bool) -> str:
    """What is wrong with an address that people, or messages, are sent to; empty when nothing is."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return _("this is not an address")
    if len(address) > 500 or any(sign in address for sign in ' \t"<>\\^`{|}*') or not address.isascii():
        return _("an address has no spaces, stars or other special signs, and at most 500 characters")
    if parts.fragment or "#" in address or parts.username is not None:
        return _("leave out # and what follows, and names in front of @")
    if parts.scheme == "https":
        return "" if host else _("the name of the machine is missing")
    if parts.scheme == "http":
        at_home = host in _LOOPBACK and (native or settings.DEMO)
        return "" if at_home else _("it must begin with https://")
    if native and "." in parts.scheme:
        return ""
    if native:
        return _("an app's own address begins with your domain backwards, as no.example.app:/")
    return _("it must begin with https://")


def _seconds(name: str, value: Any, errors: dict[str, list[Any]]) -> int:
    least, most = LIMITS[name]
    text = str(value).strip()
    if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= most):
        errors[name] = [_("Write a number of seconds from %(least)d to %(most)d") % {"least": least, "most": most}]
        return least
    return int(text)


def _on_behalf_of(value: Any, errors: dict[str, list[Any]]) -> dict[str, str]:
    """``name=organisation number`` on each line, or the same as an object."""
    if isinstance(value, str):
        pairs = [(line.partition("=")[0].strip(), line.partition("=")[2].strip()) for line in value.splitlines()]
        value = {name: number for name, number in pairs if name or number}
    found: dict[str, str] = {}
    for name, number in value.items():
        try:
            if not name or len(name) > 60 or not name.replace("_", "").replace("-", "").isalnum() or not name.isascii():
                raise BadNumber(name)
            found[name] = organisation_number(str(number))
        except BadNumber:
            errors["on_behalf_of"] = [
                _("Write a short name, =, and an organisation number on each line, as oslo_kommune=958935420")
            ]
    return found
