"""Money that goes back over the bank: a transfer that waits for the authority's next batch."""

from __future__ import annotations

from uuid import UUID, uuid5

from django.utils.translation import gettext, override

from allting.common.payment import models
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.numbers import BadNumber, bank_account
from allting.kernel.problems import NotFound

_BASIS = "eForvaltningsforskriften § 29"


def owe(row: models.Bill, amount: int, key: str, name: str = "", account: str = "") -> None:
    """Pay ``amount`` øre of a bill back, once per ``key``: to the account it came from, else to the one the payer has
    chosen. Without either it waits with the treasurer. The caller has posted that it is owed.
    """
    if amount:
        text = f"{row.creditor_name} {row.case_number}"
        to = _own(account) or _chosen(row)
        _put(row.creditor, row.pk, amount, key, name or registers.name_of(Party.parse(row.payer)), to, text)


def back(receipt: models.Receipt, account: str, text: str) -> None:
    """Send all of a receipt back, to ``account``. The caller has posted that it is owed."""
    _put(receipt.owner, receipt.pk, receipt.amount, f"refund:{receipt.key}", receipt.payer_name, account, text)


def _put(owner: UUID, subject: UUID, amount: int, key: str, name: str, account: str, text: str) -> None:
    row = models.Transfer(
        id=uuid5(owner, key), key=key, owner=owner, kind="refund", subject=subject, payee_name=name[:140],
        account=account, amount=amount, text=text[:140],
    )  # fmt: skip
    models.Transfer.objects.bulk_create([row], ignore_conflicts=True)


def _own(account: str) -> str:
    """A Norwegian account's number, else nothing: no other can be paid to."""
    try:
        return bank_account(account) if account else ""
    except BadNumber:
        return ""


def _chosen(row: models.Bill) -> str:
    party = Party.parse(row.payer)
    with override(registers.contact(party).language):
        purpose = Purpose(_BASIS, gettext("Money that is paid back to you"), row.case)
    actor = Actor.system(row.creditor, row.creditor_name)
    try:
        found: dict[str, str] = registers.look_up(actor, purpose, "account.number", party.id)
    except NotFound:
        return ""
    return found["number"]
