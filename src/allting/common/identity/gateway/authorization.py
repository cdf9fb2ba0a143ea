"""Authorization requests (RFC 6749 § 4.1.1, OpenID Connect Core § 3.1.2): checked, kept over the eID's page, answered.

Nothing is sent to an address before the client is known and has registered it.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone

from allting.common.identity import clients, representation, tokens
from allting.common.identity.gateway.errors import Refused
from allting.common.identity.models import Client, SignOn
from allting.kernel import encryption
from allting.kernel.actor import Level
from allting.kernel.problems import Invalid

KEEP = timedelta(hours=1)  # the time to find one's eID; the address of the eID's page is worth nothing after it
MODES = ("query", "form_post")
PROMPTS = {"none", "login", "consent", "select_account"}
ACR_ALIASES = {"Level3": Level.SUBSTANTIAL, "Level4": Level.HIGH} | {
    form + level.name.lower(): level
    for form in ("idporten-loa-", "eidas-loa-", "")
    for level in (Level.LOW, Level.SUBSTANTIAL, Level.HIGH)
}
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_NONCE = re.compile(r"[ -~]{0,200}")
_CONTEXT = "identity.request"


@dataclass(frozen=True, slots=True)
class Return:
    """Where the answer goes, checked: an address that the client has registered."""

    address: str
    mode: str
    state: str

    def fields(self, **told: str) -> dict[str, str]:
        """The parameters of an answer, with the client's state and who we are (RFC 9207)."""
        return told | ({"state": self.state} if self.state else {}) | {"iss": settings.OIDC_ISSUER}

    def location(self, **told: str) -> str:
        joint = "&" if "?" in self.address else "?"
        return self.address + joint + urlencode(self.fields(**told))


@dataclass(frozen=True, slots=True)
class Request:
    """A checked authorization request."""

    client_id: str
    client_name: str
    redirect_uri: str
    mode: str
    state: str
    scope: str
    nonce: str
    challenge: str
    level: Level
    login: bool  # she must show who she is even when she is signed on
    silent: bool  # no page may be shown (prompt=none)
    max_age: int | None
    login_hint: str
    hinted: str  # the sid that an id_token_hint speaks of
    language: str
    on_behalf_of: str
    jkt: str
    details: str = ""  # authorization_details, as ``representation.read`` takes them
    shown: str = ""  # of which sign-on all that the client asks is checked, and only the choice of party is left

    @property
    def back(self) -> Return:
        return Return(self.redirect_uri, self.mode, self.state)

    @property
    def wanted(self) -> representation.Wanted | None:
        """For whom she should be asked to choose; None: she is there as herself."""
        return representation.read(self.details)

    @property
    def asks_for_api(self) -> bool:
        return tokens.API in self.scope.split()


def return_address(client: Client | None, asked: Mapping[str, str]) -> Return:
    """Raises Invalid, shown on a page, when the client or its address is not known: nothing is sent anywhere then."""
    address = asked.get("redirect_uri", "")
    if client is None or not address or not clients.may_return_to(client, address):
        raise Invalid(code="unknown-client")
    mode = asked.get("response_mode", "query")
    return Return(address, mode if mode in MODES else "query", asked.get("state", ""))


def checked(client: Client, asked: Mapping[str, str], back: Return) -> Request:
    """The request of a known client to a known address. Raises Refused, which is sent there."""
    _response_type(asked)
    prompts, scope = _prompts(asked), _scope(client, asked)
    by_api = tokens.API in scope.split()
    return Request(
        client_id=client.pk,
        client_name=client.name,
        redirect_uri=back.address,
        mode=back.mode,
        state=back.state,
        scope=scope,
        nonce=_matching(asked, "nonce", _NONCE, "at most 200 printable characters"),
        challenge=_challenge(asked),
        level=_level(asked.get("acr_values", "")),
        # A program that asks for a key to the API could be another that pretends to be it (RFC 8252 § 8.6).
        login=bool(prompts & {"login", "select_account"}) or by_api,
        silent="none" in prompts,
        max_age=_max_age(asked.get("max_age")),
        login_hint=asked.get("login_hint", "")[:100],
        hinted=_hinted(client, asked.get("id_token_hint", "")),
        language=_language(asked.get("ui_locales", "")),
        on_behalf_of=_on_behalf_of(client, asked.get("onbehalfof", "")),
        jkt=_matching(asked, "dpop_jkt", re.compile(r"|[A-Za-z0-9_-]{43}"), "a thumbprint"),
        details=_details(asked.get("authorization_details", "")),
    )


def _response_type(asked: Mapping[str, str]) -> None:
    if "response_type" not in asked:
        raise Refused("invalid_request", "response_type is missing")
    if asked["response_type"] != "code":
        raise Refused("unsupported_response_type", "only code")
    if asked.get("response_mode", "query") not in MODES:
        raise Refused("invalid_request", "response_mode must be query or form_post")
    if "registration" in asked:
        raise Refused("registration_not_supported", "clients are registered beforehand")


def _prompts(asked: Mapping[str, str]) -> set[str]:
    prompts = set(asked.get("prompt", "").split())
    if prompts - PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise Refused("invalid_request", "prompt must be none alone, or of login, consent and select_account")
    return prompts


def _scope(client: Client, asked: Mapping[str, str]) -> str:
    wanted = asked.get("scope", "").split()
    if "openid" not in wanted:
        raise Refused("invalid_scope", "openid is missing")
    return " ".join(one for one in ("openid", "profile", *client.scopes) if one in wanted)


def _challenge(asked: Mapping[str, str]) -> str:
    challenge = asked.get("code_challenge", "")
    if asked.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise Refused("invalid_request", "PKCE with S256 is required")
    return challenge


def _matching(asked: Mapping[str, str], name: str, form: re.Pattern[str], told: str) -> str:
    value = asked.get(name, "")
    if not form.fullmatch(value):
        raise Refused("invalid_request", f"{name} must be {told}")
    return value


def _level(acr_values: str) -> Level:
    try:
        return max((ACR_ALIASES[name] for name in acr_values.split()), default=Level.SUBSTANTIAL)
    except KeyError:
        raise Refused("invalid_request", "unknown acr_values") from None


def _max_age(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise Refused("invalid_request", "max_age must be whole seconds")
    return int(text)


def _hinted(client: Client, token: str) -> str:
    if not token:
        return ""
    hint = tokens.hinted(token)
    if hint is None or hint[0] != client.pk:
        raise Refused("invalid_request", "id_token_hint is not an ID token of this client")
    return hint[1]


def _language(ui_locales: str) -> str:
    """The first language in it that we speak (BCP 47 tags, in order of preference)."""
    ours = {code for code, _name in settings.LANGUAGES}
    spoken = (tag.split("-")[0].lower() for tag in ui_locales.split())
    return next((one for one in ("nb" if one == "no" else one for one in spoken) if one in ours), "")


def _on_behalf_of(client: Client, name: str) -> str:
    if name and name not in client.on_behalf_of:
        raise Refused("invalid_request", "onbehalfof is not registered for this client")
    return name


def _details(text: str) -> str:
    try:
        representation.read(text)
    except representation.NotUnderstood as fault:
        raise Refused("invalid_authorization_details", str(fault)) from None
    return text


def why_login(asked: Request, who: SignOn | None) -> str:
    """Why she must show who she is; empty when the sign-on is enough."""
    if who is None:
        return "nobody is logged in"
    if asked.hinted and asked.hinted != who.sid:
        return "another is logged in"
    if asked.login:
        return "the client asks for it"
    if who.level < asked.level:
        return "the level is too low"
    if asked.max_age is not None and timezone.now() - who.at > timedelta(seconds=asked.max_age):
        return "the login is too old"
    return ""


def silence(asked: Request, who: SignOn | None) -> Refused:
    """What a client that wanted no page is told (OpenID Connect Core § 3.1.2.6)."""
    alone = who is not None and not why_login(replace(asked, login=False), who)
    code = "interaction_required" if alone and (asked.asks_for_api or asked.details) else "login_required"
    return Refused(code, "a page must be shown")


def kept(asked: Request) -> str:
    """The checked request as one word for the eID's address: sealed, so that nobody can read or change it."""
    said = asdict(asked) | {"until": (timezone.now() + KEEP).timestamp()}
    return urlsafe_b64encode(encryption.seal_json(said, _CONTEXT)).rstrip(b"=").decode()


def taken_up(word: str) -> Request:
    """The request that ``kept`` wrote. Raises Invalid when it is not one of ours, or too old."""
    try:
        said = encryption.unseal_json(urlsafe_b64decode(word + "=" * (-len(word) % 4)), _CONTEXT)
    except (encryption.NotReadable, Error, ValueError):
        raise Invalid(code="login-not-started-here") from None
    if said.pop("until") < timezone.now().timestamp():
        raise Invalid(code="login-too-old")
    return Request(**said | {"level": Level(said["level"])})


def portal_redirect() -> str:
    return f"{settings.BASE_URL}/login/callback"
