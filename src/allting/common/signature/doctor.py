"""Does the authority behind seals and signatures hold, and is its root where it should be?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings

from allting.common.signature import authority, keystore
from allting.kernel.findings import Finding, error, ok, warning


def signing() -> Iterator[Finding]:
    mend = "see docs/howto/signature.md"
    try:
        issuing, seal = authority.issuing().certificate, authority.own("seal").certificate
    except Exception as fault:  # a device answers with errors of its own
        yield error("signature", f"a key cannot be used ({type(fault).__name__})", mend)
        return
    left = issuing.not_valid_after_utc - datetime.now(UTC)
    if left < timedelta(days=365 * 5):
        yield warning("signature", f"the issuing authority runs out in {left.days} days", mend)
    if keystore.path_of("root").exists() and not settings.DEMO:
        yield warning("signature", "the root's key lies with the others", "take it away (docs/howto/signature.md)")
    yield ok("signature", f"documents are sealed by {seal.subject.rfc4514_string()}")


CHECKS = (signing,)
