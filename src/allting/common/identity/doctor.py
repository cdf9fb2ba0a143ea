"""Can anybody log in?"""

from collections.abc import Iterator
from importlib.util import find_spec

import httpx
from django.conf import settings

from allting.common.identity.machine.certificates import anchors
from allting.kernel.findings import Finding, error, ok, warning


def providers() -> Iterator[Finding]:
    for name in settings.EID_PROVIDERS:
        if find_spec(f"allting.common.identity.providers.{name}") is None:
            yield error("eID", f"there is no provider {name!r}", "mend EID_PROVIDERS (docs/howto/eid.md)")
    ours = settings.OIDC_ISSUER.startswith(settings.BASE_URL)
    if ours and not settings.EID_PROVIDERS:
        yield error("eID", "nobody can log in: the gateway has no electronic ID", "set EID_PROVIDERS or OIDC_ISSUER")
    elif "testid" in settings.EID_PROVIDERS and not settings.DEMO:
        yield error("eID", "anybody can log in as anybody with Test ID", "take testid out of EID_PROVIDERS")


def issuer() -> Iterator[Finding]:
    try:
        found = httpx.get(f"{settings.OIDC_ISSUER}/.well-known/openid-configuration", timeout=5).json()
    except (httpx.HTTPError, ValueError) as fault:
        text = f"{settings.OIDC_ISSUER} does not answer ({type(fault).__name__})"
        yield warning("login", text, "start the platform, or mend OIDC_ISSUER")
        return
    if found.get("issuer") != settings.OIDC_ISSUER:
        yield error("login", f"it calls itself {found.get('issuer')!r}", "write OIDC_ISSUER exactly so")
    else:
        yield ok("login", f"{settings.OIDC_ISSUER} answers")


def enterprises() -> Iterator[Finding]:
    """Whose certificates organisations may come with."""
    if not settings.ENTERPRISE_CA_FOLDER:
        return
    mend = "put the authorities' certificates there, or mend ENTERPRISE_CA_FOLDER"
    try:
        names = anchors()
    except (OSError, ValueError) as fault:
        yield error("enterprise certificates", f"a file cannot be read ({type(fault).__name__})", mend)
        return
    if names:
        yield ok("enterprise certificates", f"trusted: {', '.join(names)}")
    else:
        yield error("enterprise certificates", "no authority is trusted: each one is refused", mend)


CHECKS = (providers, issuer, enterprises)
