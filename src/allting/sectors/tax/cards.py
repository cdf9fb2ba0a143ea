"""Tax cards: issued, read by the one they are about, and what they take of a month's pay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from allting.common.audit import api as audit
from allting.common.registers import api as registers
from allting.kernel.access import outside_mandate
from allting.kernel.actor import Actor, Purpose
from allting.kernel.encryption import seal_json, unseal_json
from allting.kernel.problems import Conflict, NotAllowed
from allting.kernel.rules import NoRate, half_up, rule_for, share
from allting.sectors.tax import advance
from allting.sectors.tax.models import Employment, TaxCard
from allting.sectors.tax.rules.cards import left_to_withhold_from, percent_without_a_card
from allting.sectors.tax.rules.withholding import withholding
from allting.sectors.tax.services import tax_card
from allting.sectors.tax.services.tax_card import Expected

SERVICE, THEMES, AUTHORITY = "tax-card", ("skatt",), advance.AUTHORITY
BASIS = "skattebetalingsloven § 5-1"
GIVEN = (
    "born", "municipality", "today", "wages", "pension", "pension_months", "pension_degree", "other", "deductions",
    "wages_so_far", "pension_so_far", "withheld", "percent", "by_bill", "advance_paid",
)  # fmt: skip
COUNTED = ("wages", "pension", "pension_months", "pension_degree", "other", "deductions", "by_bill")


@dataclass(frozen=True, slots=True)
class Held:
    """A card as its holder sees it: a ``table`` or a ``percent``; ``basis`` is what it was counted from, in kroner."""

    id: UUID
    year: int
    table: int | None
    percent: int | None
    valid_from: date
    made: datetime
    case: UUID | None
    basis: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Fetcher:
    """An employer that has fetched the card, and when it last did."""

    name: str
    last: datetime


@dataclass(frozen=True, slots=True)
class Month:
    """A month's pay in kroner: before, what is withheld, and what is left."""

    gross: int
    withheld: int

    @property
    def left(self) -> int:
        return self.gross - self.withheld


def issue(actor: Actor, purpose: Purpose, person: UUID, given: Mapping[str, Any]) -> None:
    """Effect tax.issue_card: a granted application gives a new card, from the same answers as the rule decided by.

    Raises Conflict when those answers give no card.
    """
    days = {name: date.fromisoformat(given[name]) for name in ("born", "today")}
    said = tax_card.expected(**{**given, **days})
    store(actor, purpose, person, said)


def store(actor: Actor, purpose: Purpose, person: UUID, said: Expected) -> None:
    """Count a card and the advance tax from what is expected, and let them count. Raises Conflict for neither."""
    found = tax_card.card(said)
    if found is None:
        raise Conflict(code="nothing-to-withhold-from")
    advance.decide(actor, purpose, person, said.today.year, found.advance * 100)
    if not found.withholds:
        return
    row = row_of(person, said, found)
    row.case = purpose.case
    row.save(force_insert=True)
    audit.record(actor, purpose, "tax.card", person, action="change", fields=["table", "percent"])


def row_of(person: UUID, said: Expected, found: tax_card.Card) -> TaxCard:
    """A card to be stored, with its sealed basis."""
    row = TaxCard(person=person, year=said.today.year, table=found.table, percent=found.percent, valid_from=said.today)
    basis = {name: value for name, value in asdict(said).items() if name in COUNTED} | {"tax": found.tax}
    row.basis = seal_json(basis, f"tax-card:{row.pk}")
    return row


def basis_of(row: TaxCard) -> dict[str, int]:
    return unseal_json(row.basis, f"tax-card:{row.pk}") if row.basis is not None else {}


def mine(actor: Actor) -> list[Held]:
    """The party's cards of this year, newest first: the first one counts. Raises NotAllowed."""
    person = _person(actor)
    rows = TaxCard.objects.filter(person=person, year=timezone.localdate().year).order_by("-pk")[:20]
    return [
        Held(one.pk, one.year, one.table, one.percent, one.valid_from, one.made, one.case, basis_of(one))
        for one in rows
    ]  # fmt: skip


def fetchers(actor: Actor) -> list[Fetcher]:
    """Who has fetched the party's card, latest first: she has a right to know it (§ 5-1, fifth paragraph)."""
    rows = Employment.objects.filter(person=_person(actor)).exclude(last_fetched=None)
    latest = {one.employer: one.last_fetched for one in rows.order_by("last_fetched")}
    names = registers.entities(latest)
    found = [Fetcher(names[one].name, at) for one, at in latest.items() if at and one in names]
    return sorted(found, key=lambda one: one.last, reverse=True)


def _person(actor: Actor) -> UUID:
    """The one whose cards she may see."""
    if actor.is_officer or actor.person is None or actor.party.kind != "person":
        raise NotAllowed(code="other-capacity")
    if not actor.scope.covers(SERVICE, THEMES, registers.authority(AUTHORITY).id):
        raise outside_mandate()
    return actor.party.id


def newest(people: Iterable[UUID], year: int) -> dict[UUID, TaxCard]:
    """The card that counts, of each who has one."""
    rows = TaxCard.objects.filter(person__in=list(people), year=year).order_by("pk").defer("basis")
    return {one.person: one for one in rows}


def dataset(subject: UUID) -> dict[str, Any] | None:
    """tax.card on the exchange: the card that counts this year, or nothing."""
    row = newest([subject], timezone.localdate().year).get(subject)
    return as_data(row) if row else None


def as_data(row: TaxCard) -> dict[str, Any]:
    """What an employer needs of a card, and no more."""
    return {
        "year": row.year, "table": row.table, "percent": row.percent, "valid_from": row.valid_from.isoformat(),
    }  # fmt: skip


def month(card: Held | None, gross: int) -> Month:
    """What is withheld from a month's pay of so many kroner, by the card or without one. Raises NoRate."""
    today = timezone.localdate()
    if card is not None and card.table is not None:
        table = rule_for(withholding)
        return Month(gross, int(withholding(table.at(today), card.table, 0, gross)))
    percent = card.percent if card is not None else without_a_card()
    return Month(gross, int(half_up(share(gross, percent or 0))))


def without_a_card() -> int:
    """Per cent that is withheld from one who has no card. Raises NoRate."""
    one = rule_for(percent_without_a_card)
    return int(percent_without_a_card(one.at(timezone.localdate())))


def again(basis: Mapping[str, int], born: date, municipality: str | None, day: date) -> Expected:
    """The same expectations for a new year, of which nothing is paid yet."""
    kept = {name: value for name, value in basis.items() if name in COUNTED}
    return replace(Expected(born, municipality, day), **kept)  # type: ignore[arg-type]


def has_law(day: date) -> bool:
    """Whether cards can be counted for that day."""
    one = rule_for(left_to_withhold_from)
    try:
        one.at(day)
    except NoRate:
        return False
    return True
