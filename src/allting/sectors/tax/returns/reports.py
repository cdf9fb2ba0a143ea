"""What employers, banks, kindergartens and registers report (skatteforvaltningsloven chapter 7), in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from uuid6 import uuid7

from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.money import kroner
from allting.kernel.numbers import BadNumber, identity_number
from allting.kernel.problems import Conflict, Invalid, NotAllowed, NotFound
from allting.sectors.tax.models import TaxReport
from allting.sectors.tax.returns.kinds import KINDS

BASIS = "skatteforvaltningsloven kapittel 7"
MOST = 1000  # reports in a batch
FIRST_YEAR = 2025  # whose rules and figures are all here
LARGEST = 10**13  # øre
FIGURES = ("person", "year", "kind", "amount", "months", "degree")  # what a correction may correct


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a batch: how many were new, corrected an earlier one, or said what was said before."""

    new: int = 0
    corrected: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """One report with its person found. ``amount`` in øre; ``months`` and ``degree`` are of retirement pension."""

    reference: str
    person: UUID
    year: int
    kind: str
    amount: int
    months: int = 0
    degree: int = 0


def take(actor: Actor, rows: Sequence[Mapping[str, Any]]) -> Taken:
    """Take a batch from the organisation the actor acts for: all of it or nothing. Sent again it changes nothing.

    A row has ``reference``, ``identity_number``, ``year``, ``kind``, ``amount`` in øre, and for pension ``months`` and
    ``degree``. Each look-up of a person stands in her log. Raises NotAllowed for who is no organisation, Invalid by
    "reports.<row>.<field>", and Conflict when the same references come from two sides at once.
    """
    if actor.party.kind != "organisation":
        raise NotAllowed(code="act-for-enterprise")
    errors: dict[str, list[Any]] = {}
    if not 1 <= len(rows) <= MOST:
        raise Invalid(errors={"reports": [_("Send between 1 and %(most)d reports") % {"most": MOST}]})
    found = [_read(actor, place, row, errors) for place, row in enumerate(rows)]
    _doubles(rows, errors)
    if errors:
        raise Invalid(errors=errors)
    return store(actor.party, [one for one in found if one is not None])


def _read(actor: Actor, place: int, row: Mapping[str, Any], errors: dict[str, list[Any]]) -> Report | None:
    wrong = dict(_faults(row))
    person = None
    try:
        number = identity_number(row["identity_number"])
        person = registers.find_person(actor, Purpose(BASIS, _("An amount is reported for your tax return")), number)
    except BadNumber:
        wrong["identity_number"] = _("This is not an identity number")
    except NotFound:
        wrong["identity_number"] = _("The population register has no such living person")
    errors |= {f"reports.{place}.{name}": [text] for name, text in wrong.items()}
    if wrong or person is None:
        return None
    return Report(
        row["reference"], person, row["year"], row["kind"], row["amount"], row.get("months", 0), row.get("degree", 0)
    )


def _faults(row: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What is wrong with the figures themselves."""
    last, pension = timezone.localdate().year, row["kind"] == "pension"
    return [
        (name, text)
        for name, right, text in (
            ("reference", _is_reference(row["reference"]), _("Between 1 and 64 letters and digits")),
            ("year", FIRST_YEAR <= row["year"] <= last, _("A year from %(first)d to this one") % {"first": FIRST_YEAR}),
            ("kind", row["kind"] in KINDS and row["kind"] != "other_income", _("There is no such kind of report")),
            ("amount", 0 <= row["amount"] < LARGEST, _("Whole øre, not below nothing")),
            ("months", 0 <= row.get("months", 0) <= (12 if pension else 0), _("Months of pension, 0 to 12")),
            ("degree", 0 <= row.get("degree", 0) <= (100 if pension else 0), _("Per cent of full pension, 0 to 100")),
        )
        if not right
    ]


def _is_reference(text: str) -> bool:
    return 1 <= len(text) <= 64 and text.isascii() and text.isprintable() and text == text.strip()


def _doubles(rows: Sequence[Mapping[str, Any]], errors: dict[str, list[Any]]) -> None:
    seen: set[str] = set()
    for place, row in enumerate(rows):
        if row["reference"] in seen:
            errors.setdefault(f"reports.{place}.reference", []).append(_("The same reference stands above"))
        seen.add(row["reference"])


def store(reporter: Party, reports: Sequence[Report]) -> Taken:
    """Keep reports of people that are known, all or nothing: for those who have found them already, as payroll has.

    Raises Invalid when a correction is about another person or year than what it corrects, and Conflict.
    """
    name = registers.name_of(reporter)
    try:
        with transaction.atomic():
            return _stored(reporter, name, reports)
    except IntegrityError:
        raise Conflict(code="reported-meanwhile") from None


def _stored(reporter: Party, name: str, reports: Sequence[Report]) -> Taken:
    references = [one.reference for one in reports]
    rows = TaxReport.objects.select_for_update().filter(reporter=reporter.id, current=True, reference__in=references)
    before = {row.reference: row for row in rows}
    changed = [one for one in reports if not _same(one, before.get(one.reference))]
    _check_corrections(reports, before)
    old = [before[one.reference].pk for one in changed if one.reference in before]
    TaxReport.objects.filter(pk__in=old).update(current=False)
    TaxReport.objects.bulk_create([_row(reporter, name, one, before.get(one.reference)) for one in changed])
    return Taken(len(changed) - len(old), len(old), len(reports) - len(changed))


def _same(one: Report, row: TaxReport | None) -> bool:
    return row is not None and all(getattr(one, name) == getattr(row, name) for name in FIGURES)


def _check_corrections(reports: Sequence[Report], before: Mapping[str, TaxReport]) -> None:
    """An item stays what it is: a person's change of it must not come to be about something else."""
    errors = {}
    for place, one in enumerate(reports):
        row = before.get(one.reference)
        if row is not None and (one.person, one.year, one.kind) != (row.person, row.year, row.kind):
            text = _("The reference is used for another person, year or kind. Correct it to 0, and use a new one.")
            errors[f"reports.{place}.reference"] = [text]
    if errors:
        raise Invalid(errors=errors)


def _row(reporter: Party, name: str, one: Report, before: TaxReport | None) -> TaxReport:
    figures = {field: getattr(one, field) for field in FIGURES}
    return TaxReport(
        id=uuid7(), item=before.item if before else uuid7(), version=before.version + 1 if before else 1,
        reporter=reporter.id, reporter_name=name, reference=one.reference, **figures,
    )  # fmt: skip


def dataset(subject: UUID) -> list[dict[str, Any]]:
    """tax.reports: what is reported about the person, as it is now; what was taken back is not among it."""
    rows = TaxReport.objects.filter(person=subject, current=True, amount__gt=0).order_by("-year", "id")
    return [
        {
            "id": str(row.item), "name": f"{row.reporter_name}, {kroner(row.amount)}", "year": row.year,
            "kind": row.kind, "amount": row.amount, "months": row.months, "degree": row.degree,
            "reporter": row.reporter_name, "received": row.received.isoformat(),
        }
        for row in rows
    ]  # fmt: skip
