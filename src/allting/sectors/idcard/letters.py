"""The letters about a card."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from allting.common.mailbox import api as mailbox
from allting.common.registers import api as registers
from allting.kernel.actor import Party
from allting.kernel.text import said
from allting.sectors.idcard.models import Card

SERVICE = "national-id-card"


def sent(card: Card) -> None:
    """It is on its way, or waits at the office."""
    text = (
        _("It comes by post. Log in at level high on the page My ID card when you have it, and take it into use.")
        if card.delivery == "post"
        else _("You can fetch it at the police. Bring identification. It is taken into use when you get it.")
    )
    _send(card, _("Your ID card is ready"), [text], "sent")


def blocked(card: Card) -> None:
    """It is blocked, and what that means."""
    texts = [
        _("Nobody can log in or sign with it, and it is no longer valid as identification or for travel."),
        _("It cannot be opened again. If you find it, hand it in to the police. You can order a new one."),
    ]
    _send(card, _("Your ID card is blocked"), texts, "blocked")


def _send(card: Card, title: Any, texts: list[Any], what: str) -> None:
    body = registers.authority("politiet")
    facts = mailbox.Facts([(said(_("Card number")), card.number)])
    letter = mailbox.Letter(
        recipient=Party("person", card.holder), sender=body.id, sender_name=body.name, title=said(title),
        paragraphs=[*[mailbox.Paragraph(said(text)) for text in texts], facts], service=SERVICE,
        reply_url=f"{settings.BASE_URL}/my/id-card",
    )  # fmt: skip
    mailbox.deliver(letter, f"idcard:{card.pk}:{what}")
