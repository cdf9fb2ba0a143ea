"""Receive a report: check every row, let it replace the one before it, bill it, and tell whoever listens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.audit import api as audit
from allting.common.payment import api as payment
from allting.common.registers import api as registers
from allting.kernel import events
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.calendar import legal_deadline, months_after
from allting.kernel.encryption import seal_json, unseal_json
from allting.kernel.numbers import BadNumber, identity_number
from allting.kernel.problems import Invalid
from allting.kernel.rules import half_up, rule_for
from allting.kernel.text import Text
from allting.sectors.tax import cards
from allting.sectors.tax.employment import employer_of, keep
from allting.sectors.tax.models import Employment, PayrollLine, PayrollReport
from allting.sectors.tax.payroll.reading import MOST, Faults, Row
from allting.sectors.tax.rules.payroll import employer_contribution

WHY = Purpose("skatteforvaltningsloven §§ 7-2 og 8-6", "Arbeidsgiveren rapporterer lønnen din og trukket skatt")
_REFERENCE = re.compile(r"[A-Za-z0-9ÆØÅæøå._-]{1,60}")
MOST_TOLD = 50  # faults of one answer


@dataclass(frozen=True, slots=True)
class Given:
    """A report as it was sent. The sums are the employer's own, in øre; None when it states none."""

    month: date
    reference: str
    zone: str
    rows: list[Row]
    faults: Faults
    withheld: int | None = None
    contribution: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What is told of one employee, in øre."""

    person: UUID
    incomes: Mapping[str, int]
    withheld: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """A report that was received, amounts in øre. ``kid`` is empty when nothing is to pay."""

    id: UUID
    month: date
    reference: str
    zone: str
    received: datetime
    employees: int
    base: int
    withheld: int
    contribution: int
    deadline: date
    late: bool
    replaced: bool
    kid: str
    due: date | None
    bill: UUID | None
    paid: bool

    @property
    def to_pay(self) -> int:
        return self.withheld + self.contribution


def receive(actor: Actor, given: Given) -> Receipt:
    """All of it or nothing. The same report again is the same receipt; another of its reference replaces it: its bill
    is cancelled, and what was paid goes back.

    Raises Invalid by field and row ("employees.3"), NotAllowed.
    """
    employer = employer_of(actor)
    with transaction.atomic():
        people, faults = _people(actor, given)
        _refuse(given, faults)
        before = PayrollReport.objects.select_for_update().filter(
            employer=employer, month=given.month, reference=given.reference, replaced=None
        )  # fmt: skip
        old = before.first()
        report = _counted(employer, given)
        if old is not None:
            if _same(old, report, given, people):
                return receipt(old)
            payment.cancel(old.pk)
            before.update(replaced=timezone.now())
        _store(actor, report, given, people)
    return receipt(report)


def _people(actor: Actor, given: Given) -> tuple[dict[str, UUID], Faults]:
    """Who the rows are about, by the number as it was written; and what is wrong with them."""
    checked, faults = {}, Faults({row: list(texts) for row, texts in given.faults.items()})
    for one in given.rows:
        try:
            checked[one.number] = identity_number(one.number)
        except BadNumber:
            faults.note(one.row, _("The identity number cannot be right"))
    found = registers.find_people(actor, WHY, checked.values())
    people = {written: found[number] for written, number in checked.items() if number in found}
    seen: set[tuple[UUID, date]] = set()
    for one in given.rows:
        if one.number in checked and one.number not in people:
            faults.note(one.row, _("No living person has this identity number"))
        _check(one, people.get(one.number), given.month, seen, faults)
    return people, faults


def _check(one: Row, person: UUID | None, month: date, seen: set[tuple[UUID, date]], faults: Faults) -> None:
    if one.ends is not None and one.ends < one.begins:
        faults.note(one.row, _("The employment ends before it begins"))
    if one.begins >= months_after(month, 1):
        faults.note(one.row, _("The employment begins after the month of the report"))
    if one.withheld > one.gross:
        faults.note(one.row, _("More tax is withheld than is paid"))
    if person is not None and (person, one.begins) in seen:
        faults.note(one.row, _("The same employment stands in two rows"))
    if person is not None:
        seen.add((person, one.begins))


def _refuse(given: Given, faults: Faults) -> None:
    """Raises Invalid with all that is wrong, the first rows first."""
    errors: dict[str, list[Any]] = {}
    if not _REFERENCE.fullmatch(given.reference):
        errors["reference"] = [_("At most 60 letters, digits, dots, dashes and underscores")]
    if given.month > timezone.localdate():
        errors["month"] = [_("The month has not begun")]
    law = rule_for(employer_contribution)
    if not 2000 <= given.month.year <= 2100 or not law.has(given.month):
        errors["month"] = [_("The law of this month is not known here")]
    elif given.zone not in (law.allowed(law.arguments[2], given.month) or {}):
        errors["zone"] = [_("Choose a zone")]
    if not (given.rows or faults):
        errors["employees"] = [_("There is no row in the report")]
    if len(given.rows) > MOST:
        errors["employees"] = [_("At most %(most)d employees in one report") % {"most": MOST}]
    for row in sorted(faults)[:MOST_TOLD]:
        errors[f"employees.{row}"] = faults[row]
    if errors:
        raise Invalid(errors=errors)


def _counted(employer: UUID, given: Given) -> PayrollReport:
    """The sums. Raises Invalid where the employer's own are others."""
    base, withheld = sum(one.gross for one in given.rows), sum(one.withheld for one in given.rows)
    contribution = _contribution(employer, given, base)
    errors: dict[str, list[Any]] = {}
    for name, stated, counted in (
        ("withheld", given.withheld, withheld),
        ("contribution", given.contribution, contribution),
    ):
        if stated is not None and abs(stated - counted) >= 100:  # rounding to whole kroner is no fault
            errors[name] = [_("The rows come to %(ore)d øre") % {"ore": counted}]
    if errors:
        raise Invalid(errors=errors)
    return PayrollReport(
        employer=employer, month=given.month, reference=given.reference, zone=given.zone, base=base,
        withheld=withheld, contribution=contribution, employees=len(given.rows),
    )  # fmt: skip


def _contribution(employer: UUID, given: Given, base: int) -> int:
    """In øre; what else was reported in the year counts before it."""
    rows = PayrollReport.objects.filter(
        employer=employer, zone=given.zone, replaced=None, month__year=given.month.year, month__lte=given.month
    )  # fmt: skip
    others = [one for one in rows if (one.month, one.reference) != (given.month, given.reference)]
    law = rule_for(employer_contribution)
    zone = (law.allowed(law.arguments[2], given.month) or {})[given.zone]
    before = half_up(sum(one.base for one in others) / 100)
    return int(employer_contribution(law.at(given.month), half_up(base / 100), before, zone)) * 100


def _content(one: Row) -> dict[str, Any]:
    return {"incomes": dict(sorted(one.incomes.items())), "withheld": one.withheld}


def _same(old: PayrollReport, new: PayrollReport, given: Given, people: Mapping[str, UUID]) -> bool:
    if (old.zone, old.base, old.withheld, old.employees) != (new.zone, new.base, new.withheld, new.employees):
        return False
    before = sorted((str(one.person), str(content_of(one))) for one in old.lines.all())
    return before == sorted((str(people[one.number]), str(_content(one))) for one in given.rows)


def content_of(line: PayrollLine) -> dict[str, Any]:
    found: dict[str, Any] = unseal_json(line.content, f"payroll-line:{line.pk}")
    return found


def _store(actor: Actor, report: PayrollReport, given: Given, people: Mapping[str, UUID]) -> None:
    report.save(force_insert=True)
    lines = [PayrollLine(report=report, row=one.row, person=people[one.number]) for one in given.rows]
    for line, one in zip(lines, given.rows, strict=True):
        line.content = seal_json(_content(one), f"payroll-line:{line.pk}")
    PayrollLine.objects.bulk_create(lines, batch_size=500)
    keep(
        [
            Employment(employer=report.employer, person=people[one.number], begins=one.begins, ends=one.ends)
            for one in given.rows
        ]
    )
    kinds = sorted({kind for one in given.rows for kind in one.incomes})
    told = list(dict.fromkeys(people[one.number] for one in given.rows))
    audit.record_all(actor, WHY, "tax.payroll", told, action="change", fields=[*kinds, "withheld"])
    _bill(report)
    events.publish(
        "tax.income_reported", employer=report.employer, month=report.month, reference=report.reference,
        employer_name=registers.name_of(Party("organisation", report.employer)),
        lines=[Line(people[one.number], dict(one.incomes), one.withheld) for one in given.rows],
    )  # fmt: skip


def _bill(report: PayrollReport) -> None:
    amount = report.withheld + report.contribution
    if not amount:
        return
    body = registers.authority(cards.AUTHORITY)
    month = f"{report.month:%Y-%m}"
    payment.bill(
        Party("organisation", report.employer), creditor=body.id, creditor_name=body.name, case=report.pk,
        case_number=f"{month} {report.reference}", amount=amount, key=f"payroll:{report.pk}", service="payroll",
        due=max(due(report.month), timezone.localdate()),
        text=Text(
            {
                "nb": f"Forskuddstrekk og arbeidsgiveravgift {month}",
                "nn": f"Forskotstrekk og arbeidsgivaravgift {month}",
                "en": f"Tax withheld and employers' contribution {month}",
            }
        ),
    )  # fmt: skip


def deadline(month: date) -> date:
    """The 5th of the month after, or the next working day (a-opplysningsforskriften § 2-1)."""
    return legal_deadline(months_after(month, 1), "4 days")


def due(month: date) -> date:
    """The 15th after each two months, or the next working day (skattebetalingsloven §§ 10-2 and 10-10)."""
    return legal_deadline(months_after(month, 2 if month.month % 2 else 1), "14 days")


def receipt(report: PayrollReport) -> Receipt:
    """What the employer has to keep, and how it stands with the bill."""
    bill, last = payment.bill_of_case(report.pk), deadline(report.month)
    return Receipt(
        report.pk, report.month, report.reference, report.zone, report.received, report.employees, report.base,
        report.withheld, report.contribution, last, timezone.localdate(report.received) > last,
        report.replaced is not None, bill.kid if bill else "", bill.due if bill else None,
        bill.id if bill else None, bill is not None and bill.status == "paid",
    )  # fmt: skip
