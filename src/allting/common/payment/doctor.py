"""Is there somebody to take payments?"""

from collections.abc import Iterator

from django.conf import settings

from allting.common.payment.providers import chosen
from allting.kernel.findings import Finding, error, ok, warning
from allting.kernel.problems import Unavailable


def provider() -> Iterator[Finding]:
    try:
        chosen()
    except Unavailable:
        yield warning("payment", "no provider: fees cannot be paid", "set PAYMENT_PROVIDER")
    except ImportError:
        yield error("payment", f"there is no provider {settings.PAYMENT_PROVIDER!r}", "mend PAYMENT_PROVIDER")
    else:
        yield ok("payment", settings.PAYMENT_PROVIDER)


CHECKS = (provider,)
