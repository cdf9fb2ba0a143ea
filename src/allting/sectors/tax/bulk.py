"""Tax cards of a whole country before a year begins (skattebetalingsloven § 5-1, first paragraph)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from allting.common.audit import api as audit
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Purpose
from allting.kernel.rules import NoRate, rule_for
from allting.sectors.tax import advance, cards
from allting.sectors.tax.models import TaxCard
from allting.sectors.tax.payroll import reported
from allting.sectors.tax.rules.cards import table_without_income
from allting.sectors.tax.rules.households import zone
from allting.sectors.tax.services import tax_card

CHUNK = 1000
YOUNGEST = 17  # years at the end of the year: for the younger, other rules on contributions hold
_WHY = Purpose(cards.BASIS, "Skattekort til alle før året begynner")


def make(year: int, tell: Callable[[int], None] = lambda _count: None) -> int:
    """A card for everybody who has none for the year; returns how many are new. Chunk by chunk: a run that is broken
    off is taken up by the next. Raises NoRate for a year whose law is not known."""
    day = date(year, 1, 1)
    if not cards.has_law(day):
        raise NoRate("tables", day)
    authority = registers.authority(cards.AUTHORITY)
    actor = Actor.system(authority.id, authority.name)
    made, last = 0, None
    while people := registers.residents(last, CHUNK, date(year - YOUNGEST, 12, 31)):
        last = people[-1].id
        made += _chunk(actor, people, day)
        tell(len(people))
    return made


@transaction.atomic
def _chunk(actor: Actor, people: Sequence[registers.Resident], day: date) -> int:
    ids = [one.id for one in people]
    have = set(TaxCard.objects.filter(person__in=ids, year=day.year).values_list("person", flat=True))
    before, rows = _known(ids, day.year - 1), []
    for one in people:
        if one.id not in have:
            row, bills = _row(one, before.get(one.id), day)
            rows.append(row)
            if bills:
                advance.decide(actor, _WHY, one.id, day.year, bills * 100)
    TaxCard.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    new = [one.person for one in rows]
    audit.record_all(actor, _WHY, "tax.card", new, action="change", fields=["table", "percent"])
    return len(rows)


def _known(people: Sequence[UUID], year: int) -> dict[UUID, Mapping[str, int]]:
    """What the newest card of the year before was counted from, with the wages that were reported when that is more."""
    rows = TaxCard.objects.filter(person__in=people, year=year).exclude(basis=None).order_by("pk")
    found: dict[UUID, Mapping[str, int]] = {one.person: cards.basis_of(one) for one in rows}
    for person, (gross, _withheld) in reported.of_year(people, year).items():
        told = found.get(person, {})
        found[person] = {**told, "wages": max(gross // 100, told.get("wages", 0))}
    return found


def _row(one: registers.Resident, basis: Mapping[str, int] | None, day: date) -> tuple[TaxCard, int]:
    """As last year told, or was reported, with the kroner to be paid by bills; else the table of one of whom only the
    place is known."""
    bills = 0
    if basis:
        said = cards.again(basis, one.birth_date, one.municipality, day)
        found = tax_card.card(said)
        bills = found.advance if found is not None else 0
        if found is not None and found.withholds:
            return cards.row_of(one.id, said, found), bills
    place = 1 if one.municipality and zone(one.municipality) == "finnmark" else 0
    law = rule_for(table_without_income)
    table = int(table_without_income(law.at(day), place))
    return TaxCard(person=one.id, year=day.year, table=table, valid_from=day), bills
