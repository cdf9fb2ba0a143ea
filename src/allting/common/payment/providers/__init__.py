"""The seam to whoever moves the money: a module here, chosen by PAYMENT_PROVIDER. ``demo`` is the one to copy."""

from __future__ import annotations

from importlib import import_module
from typing import Literal, Protocol
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from allting.kernel.problems import Unavailable

Status = Literal["begun", "paid", "failed"]


class Provider(Protocol):
    """What a provider's module offers. Each call may be repeated with the same reference or key, and counts once."""

    def begin(self, reference: UUID, amount: int, text: str) -> str:
        """Tell the provider of an attempt; returns the address to send the browser to."""

    def status(self, reference: UUID) -> Status:
        """What became of it, asked from the provider itself."""

    def refund(self, reference: UUID, amount: int, key: str) -> None: ...

    def pay_out(self, account: str, amount: int, text: str, key: str) -> None: ...

    def noticed(self, request: HttpRequest) -> UUID | None:
        """The attempt a notice is about; None when the notice is not the provider's."""


def chosen(name: str = "") -> Provider:
    """The provider in use. Raises Unavailable when none is."""
    name = name or settings.PAYMENT_PROVIDER
    if not name:
        raise Unavailable(_("Payment is not set up here yet. Nothing you have sent is lost."), code="no-provider")
    return import_module(f"allting.common.payment.providers.{name}")
