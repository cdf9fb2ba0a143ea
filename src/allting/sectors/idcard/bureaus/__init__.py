"""The seam to whoever makes the cards: a module here, chosen by ID_CARD_BUREAU. ``demo`` is the one to copy.

Without one, orders wait for ``allting cards export``, and come back with ``allting cards certify``.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings


class Bureau(Protocol):
    """What a bureau's module offers. It may be called twice with the same card, and counts it once."""

    def make(self, card: UUID) -> None:
        """Let it be made: ``issuing.produce`` says what is printed, ``issuing.certify`` takes its keys' requests."""


def produce(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: send an order to the bureau, where there is one to send it to."""
    if settings.ID_CARD_BUREAU:
        bureau: Bureau = import_module(f"allting.sectors.idcard.bureaus.{settings.ID_CARD_BUREAU}")
        bureau.make(UUID(payload["card"]))
