"""Is the suppliers' file good, and does each supplier answer?"""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from allting.common.identity.providers.oidc import config, upstream
from allting.kernel.findings import Finding, error, ok, warning
from allting.kernel.problems import Unavailable


def suppliers() -> Iterator[Finding]:
    if not settings.EID_SUPPLIERS_FILE:
        return
    try:
        found = config.read(Path(settings.EID_SUPPLIERS_FILE))
    except (OSError, ValueError) as fault:
        yield error("eID suppliers", str(fault), "mend EID_SUPPLIERS_FILE (docs/howto/eid.md)")
        return
    for name, one in found.items():
        if name not in settings.EID_PROVIDERS:
            yield warning("eID suppliers", f"{name} is configured, and not offered", "add it to EID_PROVIDERS")
        try:
            upstream.metadata(one)
        except Unavailable as fault:
            yield error("eID suppliers", f"{name}: {fault.code}", "mend its issuer, or wait")
        else:
            yield ok("eID suppliers", f"{name} answers")


CHECKS = (suppliers,)
