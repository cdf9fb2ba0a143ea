"""Can anybody log in?"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import httpx
from django.conf import settings

from allting.common.identity.eids.provider import provider
from allting.common.identity.machine.certificates import anchors
from allting.kernel.findings import Finding, error, ok, warning

FOLDERS = Path(__file__).with_name("providers")


def providers() -> Iterator[Finding]:
    for name in settings.EID_PROVIDERS:
        found = provider(name)
        if found is None:
            yield error("eID", f"there is no provider {name!r}", "mend EID_PROVIDERS (docs/howto/eid.md)")
        elif not found.ready():
            yield warning("eID", f"{name} lacks something, and is not offered", "see docs/howto/eid.md, under its name")
    ours = settings.OIDC_ISSUER.startswith(settings.BASE_URL)
    if ours and not settings.EID_PROVIDERS:
        yield error("eID", "nobody can log in: the gateway has no electronic ID", "set EID_PROVIDERS or OIDC_ISSUER")
    elif "testid" in settings.EID_PROVIDERS and not settings.DEMO:
        yield error("eID", "anybody can log in as anybody with Test ID", "take testid out of EID_PROVIDERS")


def of_providers() -> Iterator[Finding]:
    """An eID's folder may have a ``doctor.py`` with ``CHECKS`` of its own."""
    for folder in sorted(FOLDERS.glob("*/doctor.py")):
        for check in import_module(f"allting.common.identity.providers.{folder.parent.name}.doctor").CHECKS:
            yield from check()


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


CHECKS = (providers, of_providers, issuer, enterprises)
