"""A made-up bank for the demo and the tests: a page where one pays, and a list of what was paid out."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from allting.common.payment.models import DemoAttempt, DemoTransfer


def begin(reference: UUID, amount: int, text: str) -> str:
    DemoAttempt.objects.get_or_create(token=reference, defaults={"amount": amount, "text": text[:200]})
    return f"{settings.BASE_URL}/demo/pay/{reference}"


def status(reference: UUID) -> Literal["begun", "paid", "failed"]:
    row = DemoAttempt.objects.filter(pk=reference).first()
    return row.status if row else "failed"  # type: ignore[return-value]


def refund(reference: UUID, amount: int, key: str) -> None:
    DemoAttempt.objects.filter(pk=reference).update(refunded=True)


def pay_out(account: str, amount: int, text: str, key: str) -> None:
    transfer = DemoTransfer(key=key, last_digits=account[-3:], amount=amount)
    DemoTransfer.objects.bulk_create([transfer], ignore_conflicts=True)


def noticed(request: HttpRequest) -> UUID | None:
    """The demo's notices carry no signature, so they are only a reason to ask; a real provider's are checked."""
    if not settings.DEMO:
        return None
    try:
        return UUID(request.POST.get("reference", ""))
    except ValueError:
        return None
