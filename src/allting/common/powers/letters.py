"""The letters about a power of attorney: both sides are told when it is given and when it ends."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from allting.common.mailbox import api as mailbox
from allting.common.powers.wording import words
from allting.common.registers import api as registers
from allting.kernel.actor import Party
from allting.kernel.problems import NotFound
from allting.kernel.text import LANGUAGES, Text, said


def given(*, power: UUID) -> None:
    """A power was given: each side gets a letter with what it covers and how to end it."""
    row = registers.power(power)
    end_it = _("You can end it at any time on the page Powers of attorney. It then ends at once.")
    for party, title in (
        (row.giver, _("You have given %(receiver)s a power of attorney")),
        (row.receiver, _("%(giver)s has given you a power of attorney")),
    ):
        _send(party, row, title, [_facts(row), mailbox.Paragraph(_said(end_it, row))], "given")


def ended(*, power: UUID, by: Party) -> None:
    """A power ended before its last day."""
    row = registers.power(power)
    text = _("%(receiver)s can no longer act for %(giver)s by this power of attorney.")
    by_whom = _("%(giver)s withdrew it.") if by == row.giver else _("%(receiver)s gave it back.")
    for party in (row.giver, row.receiver):
        blocks = [mailbox.Paragraph(_said(text, row)), mailbox.Paragraph(_said(by_whom, row)), _facts(row)]
        _send(party, row, _("The power of attorney from %(giver)s to %(receiver)s has ended"), blocks, "ended")


def _facts(row: registers.Power) -> mailbox.Facts:
    ends = _day(row.ends) if row.ends else _said(_("Until it is withdrawn"), row)
    covers = _joined(words(row.reach))
    rows = [
        (_said(_("From"), row), Text.same(row.giver_name)),
        (_said(_("To"), row), Text.same(row.receiver_name)),
        (_said(_("Covers"), row), covers),
        (_said(_("First day"), row), _day(row.starts)),
        (_said(_("Last day"), row), ends),
    ]
    return mailbox.Facts(rows)


def _joined(texts: list[Text]) -> Text:
    return Text({language: ", ".join(one.in_(language) for one in texts) or "–" for language in LANGUAGES})


def _send(party: Party, row: registers.Power, title: Any, blocks: list[Any], what: str) -> None:
    try:
        sender = registers.authority(settings.OPERATOR_AUTHORITY)
    except NotFound:
        return  # a platform without authorities sends no letters
    letter = mailbox.Letter(
        recipient=party, sender=sender.id, sender_name=sender.name, title=_said(title, row), paragraphs=blocks,
        reply_url=f"{settings.BASE_URL}/my/powers/{row.id}",
    )  # fmt: skip
    mailbox.deliver(letter, f"power:{row.id}:{what}:{party}")


def _said(text: Any, row: registers.Power) -> Text:
    return said(text, giver=row.giver_name, receiver=row.receiver_name)


def _day(value: date) -> Text:
    return said("%(day)s", day=lambda: formats.date_format(value, "DATE_FORMAT"))
