"""Logout: a client or the person ends a login, and every client that took part is told.

RP-Initiated Logout 1.0; Front-Channel Logout 1.0: a frame for each client, in the browser; Back-Channel Logout 1.0:
a signed message from us to the client, through the outbox, so that it is tried again until it is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils import timezone

from allting.common.identity import clients, outgoing, signing, tokens
from allting.common.identity.models import Client, Grant, SignOn
from allting.common.outbox import api as outbox
from allting.kernel.problems import Invalid

BACKCHANNEL = "identity.backchannel_logout"
LOGOUT_TOKEN = "logout+jwt"  # noqa: S105 - a kind of token
TOKEN_SECONDS = 120
_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_STATE = re.compile(r"[ -~]{0,500}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A client's wish to log out: whose login (empty: this browser's, and the person is asked), where to go after."""

    sid: str
    after: str


def read(asked: Mapping[str, str]) -> Asked:
    """Check the wish (RP-Initiated Logout § 2). Raises Invalid when it contradicts itself. An address that the client
    has not registered is left out."""
    token = asked.get("id_token_hint", "")
    hint = tokens.hinted(token) if token else None
    client_id = asked.get("client_id") or (hint[0] if hint else "")
    if hint is not None and hint[0] != client_id:
        raise Invalid(code="another-client")
    client, address, state = clients.find(client_id), asked.get("post_logout_redirect_uri", ""), asked.get("state", "")
    if client is None or not address or not clients.may_leave_to(client, address) or not _STATE.fullmatch(state):
        return Asked(hint[1] if hint else "", "")
    joint = "&" if "?" in address else "?"
    return Asked(hint[1] if hint else "", address + (joint + urlencode({"state": state}) if state else ""))


def frames(sid: str) -> list[str]:
    """The addresses that tell the clients of a login, in her browser, that it has ended."""
    found = []
    for client, redirect_uri in _clients_of([sid]).get(sid, {}).values():
        if client.frontchannel_logout_uri:
            address = _at(client.frontchannel_logout_uri, redirect_uri)
            query = {"iss": settings.OIDC_ISSUER, "sid": sid} if client.frontchannel_logout_session_required else {}
            joint = ("&" if "?" in address else "?") if query else ""
            found.append(address + joint + urlencode(query))
    return found


def tell_clients(sids: Iterable[str]) -> None:
    """Put a message to each client of these logins that wants one, in the caller's transaction."""
    for sid, told in _clients_of(list(sids)).items():
        for client, redirect_uri in told.values():
            if client.backchannel_logout_uri:
                address = _at(client.backchannel_logout_uri, redirect_uri)
                outbox.put(BACKCHANNEL, f"{sid}:{client.pk}", {"sid": sid, "client": client.pk, "to": address})


def _clients_of(sids: list[str]) -> dict[str, dict[str, tuple[Client, str]]]:
    """By login and client id: who got tokens of it, and at which address."""
    if not sids:
        return {}
    rows = Grant.objects.filter(sign_on__in=sids).exclude(used=None).values_list("sign_on", "client_id", "redirect_uri")
    used = list(rows.distinct())
    known = Client.objects.in_bulk({client_id for _sid, client_id, _address in used})
    found: dict[str, dict[str, tuple[Client, str]]] = {}
    for sid, client_id, address in used:
        if client_id in known:
            found.setdefault(sid, {})[client_id] = (known[client_id], address)
    return found


def _at(registered: str, redirect_uri: str) -> str:
    """A loopback address registered without a port is on the port that the login was answered to."""
    ours, theirs = urlsplit(registered), urlsplit(redirect_uri)
    if ours.port is None and ours.hostname == theirs.hostname and ours.hostname in ("127.0.0.1", "::1", "localhost"):
        return ours._replace(netloc=theirs.netloc).geturl()
    return registered


def send_logout_token(payload: Mapping[str, Any], key: str) -> None:
    """The outbox's handler (Back-Channel Logout § 2.5). Raises PutOff or GiveUp."""
    client, who = clients.find(payload["client"]), SignOn.objects.filter(pk=payload["sid"]).first()
    if client is None or who is None:
        return
    now = int(timezone.now().timestamp())
    claims = {
        "iss": settings.OIDC_ISSUER,
        "aud": client.pk,
        "sub": clients.subject(client, who.person),
        "sid": who.sid,
        "iat": now,
        "exp": now + TOKEN_SECONDS,
        "jti": sha256(key.encode()).hexdigest()[:32],  # the same when it is tried again
        "events": {_EVENT: {}},
    }
    token = signing.sign(claims, LOGOUT_TOKEN, client.signing_alg)
    outgoing.post(payload["to"], {"logout_token": token})
