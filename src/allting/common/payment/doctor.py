"""Is there somebody to take payments, and do the bills say what the ledger says?"""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from allting.common.payment import costs
from allting.common.payment.ledger import Account
from allting.common.payment.models import Bill, Posting
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


def ledger() -> Iterator[Finding]:
    """What stands as receivable is what is left to pay of all bills."""
    left = Bill.objects.aggregate(sum=Sum("left"))["sum"] or 0
    billed = Posting.objects.filter(debit=Account.RECEIVABLE).aggregate(sum=Sum("amount"))["sum"] or 0
    settled = Posting.objects.filter(credit=Account.RECEIVABLE).aggregate(sum=Sum("amount"))["sum"] or 0
    if left == billed - settled:
        yield ok("payment", "the bills and the ledger agree")
    else:
        yield error("payment", "the bills and the ledger disagree on what is to pay", "find who wrote past the ledger")


def rates() -> Iterator[Finding]:
    """Late payment costs nothing on days without a rate; somebody must add them each half-year."""
    today = timezone.localdate()
    for name, rate in (("interest", costs.percent(today)), ("reminder fee", costs.reminder_fee(today))):
        if rate:
            yield ok("payment", f"the {name} of late payment is known")
        else:
            yield warning("payment", f"no {name} of late payment for today", "add it to payment/rates/late.yaml")


CHECKS = (provider, ledger, rates)
