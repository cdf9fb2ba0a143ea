"""VAT returns: kept when they are handed in and corrected, and the money that moves between the versions of a term."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext
from uuid6 import uuid7

from allting.common.audit import api as audit
from allting.common.cases import api as cases
from allting.common.mailbox import api as mailbox
from allting.common.payment import api as payment
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.encryption import seal_json, unseal_json
from allting.kernel.rules import Pay
from allting.kernel.text import Text
from allting.sectors.tax import cards, vat_terms
from allting.sectors.tax.models import VatReturn, VatTerms
from allting.sectors.tax.services import vat_return
from allting.sectors.tax.services import vat_wording as say

SERVICE = "vat-return"
LINES = (
    "sales_standard", "sales_food", "sales_low", "sales_fish", "exempt_sales", "input_vat", "purchases_abroad",
    "changes",
)  # fmt: skip
GIVEN = ("year", "term", *LINES)
LAW = "merverdiavgiftsloven § 11-1"
REFUND_LAW = "merverdiavgiftsloven § 11-5"


def hand_in(actor: Actor, purpose: Purpose, enterprise: UUID, given: Mapping[str, Any]) -> None:
    """Effect tax.hand_in_vat: a return is in, and is kept beside earlier ones of the term. What it comes to follows
    from the decision, see ``decided``."""
    assert purpose.case is not None
    _held(enterprise)
    of_term = {"enterprise": enterprise, "year": int(given["year"]), "term": vat_return.number(given["term"])}
    row, _new = VatReturn.objects.get_or_create(case=purpose.case, defaults=of_term)
    row.content = seal_json({name: given.get(name) for name in LINES}, f"vat-return:{row.pk}")
    row.save(update_fields=["content"])
    audit.record(actor, purpose, "tax.vat_return", enterprise, action="change", fields=["amount"])


def decided(*, told: cases.Concluded) -> None:
    """Handler of "cases.decided", in the decision's transaction: what the return comes to now, and the difference to
    what has been billed and paid for the term. A return that is refused after all counts no more."""
    if told.service != SERVICE:
        return
    if not told.outcome.granted:
        fallen(case=told.case)
    elif "vat" in told.outcome.more:
        _held(told.party.id)
        row = VatReturn.objects.get(case=told.case)
        row.amount, row.stands, row.decisions = int(told.outcome.more["vat"]), True, row.decisions + 1
        row.save(update_fields=["amount", "stands", "decisions"])
        _settle(row)
        if row.decisions == 1:
            _tell_of_others(row, told)


def fallen(*, case: UUID) -> None:
    """Handler of "cases.set_aside": there is no decision any more, and the return before it counts again."""
    row = VatReturn.objects.filter(case=case, stands=True).first()
    if row is not None:
        _held(row.enterprise)
        row.stands = False
        row.save(update_fields=["stands"])
        _settle(row)


def _held(enterprise: UUID) -> None:
    """One return of an enterprise is counted at a time."""
    VatTerms.objects.bulk_create([VatTerms(enterprise=enterprise)], ignore_conflicts=True)
    VatTerms.objects.select_for_update().get(enterprise=enterprise, from_year=0)


def _of_term(row: VatReturn) -> list[VatReturn]:
    """All returns for the term, the newest first; a case's id tells when it was sent."""
    rows = VatReturn.objects.filter(enterprise=row.enterprise, year=row.year, term=row.term)
    return list(rows.order_by("-case"))


def _settle(row: VatReturn) -> None:
    """Let the difference move, one way or the other, between what the term comes to and what stands for it. Payments
    that are promised and not made are stopped first, so that nothing is claimed that has not left."""
    rows = _of_term(row)
    all_cases = [one.case for one in rows]
    for case in all_cases:
        payment.stop(case)
    counts = next((one for one in rows if one.stands), None)
    stood = payment.standing(all_cases)
    difference = -(counts.amount * 100 if counts else 0) - stood
    newest = counts or row
    if difference > 0:
        _give(newest, difference, all_cases)
    elif difference < 0:
        _claim(newest, -difference, changed=len(rows) > 1 or stood != 0)


def _give(row: VatReturn, amount: int, all_cases: list[UUID]) -> None:
    """First off what is billed for the term, then out; a plan's sum has in it what its case has paid out before."""
    party = Party("organisation", row.enterprise)
    with translation.override(registers.contact(party).language):
        why = gettext("The VAT return for the term is counted anew.")
    left = amount - payment.lower(all_cases, amount, why)
    if left <= 0:
        return
    body = registers.authority(cards.AUTHORITY)
    text = _named(row, "Merverdiavgift til gode", "Meirverdiavgift til gode", "Value added tax to get back")
    payment.pay(
        party, debtor=body.id, debtor_name=body.name, case=row.case, case_number=str(row), law=REFUND_LAW,
        pays=Pay(left + payment.made(row.case), text), key=f"vat:{uuid7()}",
    )  # fmt: skip


def _claim(row: VatReturn, amount: int, *, changed: bool) -> None:
    body, today = registers.authority(cards.AUTHORITY), timezone.localdate()
    payment.bill(
        Party("organisation", row.enterprise), creditor=body.id, creditor_name=body.name, case=row.case,
        case_number=str(row), amount=amount, text=_named(row, "Merverdiavgift", "Meirverdiavgift", "Value added tax"),
        key=f"vat:{uuid7()}", service=SERVICE, due=_due(row, today, changed=changed), kind="tax", law=LAW,
    )  # fmt: skip


def _due(row: VatReturn, today: date, *, changed: bool) -> date:
    primary = vat_terms.is_primary(row.enterprise, row.year)
    if changed:
        return vat_return.due_after_change(row.year, row.term, today, primary=primary)
    return max(vat_return.deadline(row.year, row.term, primary=primary), today)


def _named(row: VatReturn, nb: str, nn: str, en: str) -> Text:
    if row.term == vat_return.WHOLE_YEAR:
        return Text({"nb": f"{nb}, {row.year}", "nn": f"{nn}, {row.year}", "en": f"{en}, {row.year}"})
    return Text({"nb": f"{nb}, termin {row}", "nn": f"{nn}, termin {row}", "en": f"{en}, term {row}"})


def _tell_of_others(row: VatReturn, told: cases.Concluded) -> None:
    """The letter of the decision goes by what was known when the return was sent. Where another return for the term was
    on its way then, one more letter says what really moves."""
    rows = [one for one in _of_term(row) if one.stands]
    older = next((one for one in rows if one.case < row.case), None)
    before = older.amount if older else None
    if rows[0] == row and before == told.outcome.more.get("before"):
        return
    due = _due(row, timezone.localdate(), changed=True)
    words = [say.NEWER] if rows[0] != row else [say.MEANWHILE, *say.instead(before or 0, row.amount, due)]
    letter = mailbox.Letter(
        recipient=told.party, sender=told.authority, sender_name=told.authority_name, service=SERVICE,
        title=say.TWO_RETURNS, paragraphs=[mailbox.Paragraph(one) for one in words],
        reply_url=f"{settings.BASE_URL}/my/cases/{row.case}",
    )  # fmt: skip
    mailbox.deliver(letter, f"vat:{row.case}:others")


# --- What the form knows ---------------------------------------------------------------------------------


def dataset(subject: UUID) -> dict[str, Any]:
    """tax.vat_returns on the exchange: for each term that is handed in ("2026-5"), the lines and ``amount`` that count,
    in øre, the last day to correct it, and whether the authority has ``fixed`` it; and which terms the enterprise has,
    see ``vat_terms.told``."""
    newest: dict[tuple[int, int], VatReturn] = {}
    for one in VatReturn.objects.filter(enterprise=subject, stands=True).order_by("year", "term", "case"):
        newest[one.year, one.term] = one
    terms = vat_terms.told(subject)
    return {"returns": [_told(one, one.year in terms["primary"]) for one in newest.values()], **terms}


def _told(row: VatReturn, primary: bool) -> dict[str, Any]:
    lines = unseal_json(row.content, f"vat-return:{row.pk}") if row.content else {}
    until = vat_return.last_change(row.year, row.term, primary=primary)
    fixed = row.decisions > 1
    return {**lines, "term": str(row), "amount": row.amount * 100, "until": until.isoformat(), "fixed": fixed}
