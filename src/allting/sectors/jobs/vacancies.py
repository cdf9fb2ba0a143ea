"""The register of vacancies: enterprises tell of theirs (arbeidsmarkedsloven § 7), anyone searches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from allting.common.outbox import api as outbox
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Capacity
from allting.kernel.problems import Conflict, Invalid, NotAllowed, NotFound
from allting.kernel.text import written
from allting.sectors.jobs import occupations
from allting.sectors.jobs.models import Vacancy

PAGE = 20
KEEP_DAYS = 180  # how long what people sent is kept after the last day to apply
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; empty parts let everything through. ``place``: a county's two digits or a municipality's."""

    query: str = ""
    occupation: str = ""
    place: str = ""
    kind: str = ""

    def fits(self, vacancy: Vacancy) -> bool:
        return (
            self.occupation in ("", vacancy.occupation)
            and self.kind in ("", vacancy.kind)
            and vacancy.municipality.startswith(self.place)
            and all(word in vacancy.words for word in self.words)
        )

    @property
    def words(self) -> list[str]:
        return self.query.lower().split()[:8]


def employer_of(actor: Actor) -> UUID:
    """The enterprise that ``actor`` represents, or the authority she works in. Raises NotAllowed for everybody else."""
    if actor.is_officer and actor.authority is not None:
        return actor.authority
    party = actor.on_behalf_of
    if actor.capacity not in (Capacity.REPRESENTATIVE, Capacity.ENTERPRISE) or party is None:
        raise NotAllowed(code="other-capacity")
    if party.kind != "organisation":
        raise NotAllowed(code="other-capacity")
    return party.id


def _open() -> QuerySet[Vacancy]:
    return Vacancy.objects.filter(state=Vacancy.State.OPEN, apply_by__gte=timezone.localdate())


def search(wanted: Search, *, after: UUID | None = None, limit: int = PAGE) -> list[Vacancy]:
    """Open vacancies that fit, newest first; ``after`` is the last one already shown."""
    rows = _open()
    if wanted.occupation:
        rows = rows.filter(occupation=wanted.occupation)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.place:
        rows = rows.filter(municipality__startswith=wanted.place)
    for word in wanted.words:
        rows = rows.filter(words__contains=word)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows.order_by("-pk")[:limit])


def newest(limit: int) -> list[Vacancy]:
    return list(_open().order_by("-pk")[:limit])


def vacancy(vacancy_id: UUID) -> Vacancy:
    """A vacancy that was told; also when it is filled, so that a link still says so. Raises NotFound."""
    row = Vacancy.objects.exclude(state=Vacancy.State.WITHDRAWN).filter(pk=vacancy_id).first()
    if row is None:
        raise NotFound(code="no-such-vacancy")
    return row


def takes_interest(row: Vacancy) -> bool:
    """Whether one can still apply."""
    return row.state == Vacancy.State.OPEN and row.apply_by >= timezone.localdate()


def own(actor: Actor, *, limit: int = 100) -> list[Vacancy]:
    """The enterprise's vacancies, newest first."""
    return list(Vacancy.objects.filter(employer=employer_of(actor)).order_by("-pk")[:limit])


def own_one(actor: Actor, vacancy_id: UUID) -> Vacancy:
    """One of the enterprise's vacancies. Raises NotFound for another's."""
    row = Vacancy.objects.filter(pk=vacancy_id, employer=employer_of(actor)).first()
    if row is None:
        raise NotFound(code="no-such-vacancy")
    return row


def answers_for(actor: Actor, row: Vacancy) -> bool:
    """Whether she may read who has applied: in an authority, the one officer who answers for the vacancy."""
    return employer_of(actor) == row.employer and (not actor.is_officer or row.answerable == actor.person)


def take_over(actor: Actor, vacancy_id: UUID) -> Vacancy:
    """An officer answers for the vacancy from now on, in a colleague's place. Raises NotFound and NotAllowed."""
    row = own_one(actor, vacancy_id)
    if not actor.is_officer:
        raise NotAllowed(code="other-capacity")
    Vacancy.objects.filter(pk=row.pk).update(answerable=actor.person)
    row.answerable = actor.person
    return row


def publish(actor: Actor, given: Mapping[str, Any]) -> Vacancy:
    """Tell of a vacancy; whoever waits for one like it is told. Raises Invalid."""
    employer = employer_of(actor)
    values = _checked(given)
    name = registers.entity(employer).name
    with transaction.atomic():
        answerable = actor.person if actor.is_officer else None
        row = Vacancy.objects.create(
            employer=employer, employer_name=name, answerable=answerable, **values, words=_words(name, values)
        )
        outbox.put("jobs.tell", f"jobs.tell:{row.pk}", {"vacancy": str(row.pk)})
        _forget_later(row)
    return row


def change(actor: Actor, vacancy_id: UUID, revision: int, given: Mapping[str, Any]) -> Vacancy:
    """Write it anew. Raises Invalid, and Conflict when somebody else has changed it meanwhile."""
    own_one(actor, vacancy_id)
    values = _checked(given)
    with transaction.atomic():
        row = _locked(actor, vacancy_id, revision)
        for name, value in values.items():
            setattr(row, name, value)
        row.words = _words(row.employer_name, values)
        row.revision += 1
        row.save()
        _forget_later(row)
    return row


def close(actor: Actor, vacancy_id: UUID, revision: int, state: str) -> Vacancy:
    """It is filled, or withdrawn; those who have applied are told. Raises Invalid, and Conflict when it was changed
    meanwhile."""
    own_one(actor, vacancy_id)
    if state not in (Vacancy.State.FILLED, Vacancy.State.WITHDRAWN):
        raise Invalid(errors={"state": [gettext("Choose one")]})
    with transaction.atomic():
        row = _locked(actor, vacancy_id, revision)
        row.state = state
        row.revision += 1
        row.save(update_fields=["state", "revision"])
        outbox.put("jobs.closed", f"jobs.closed:{row.pk}", {"vacancy": str(row.pk)})
    return row


def _locked(actor: Actor, vacancy_id: UUID, revision: int) -> Vacancy:
    rows = Vacancy.objects.select_for_update().filter(pk=vacancy_id, employer=employer_of(actor))
    row = rows.first()
    if row is None:
        raise NotFound(code="no-such-vacancy")
    if row.revision != revision or row.state != Vacancy.State.OPEN:
        raise Conflict(code="changed-meanwhile")
    return row


def _forget_later(row: Vacancy) -> None:
    due = datetime.combine(row.apply_by + timedelta(days=KEEP_DAYS), time(3), timezone.get_current_timezone())
    outbox.put("jobs.forget", f"jobs.forget:{row.pk}:{row.apply_by}", {"vacancy": str(row.pk)}, due=due)


def _words(employer: str, values: Mapping[str, Any]) -> str:
    place = registers.municipalities().get(values["municipality"], "")
    return " ".join([values["title"], employer, place, *values["skills"], values["text"]]).lower()


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was written, as it is kept. Raises Invalid with every fault at once."""
    errors: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    for name, longest in (("title", 120), ("text", 20_000)):
        values[name] = written(str(given.get(name) or ""))
        if not values[name]:
            errors[name] = [gettext("Fill in this field")]
        elif len(values[name]) > longest:
            errors[name] = [gettext("Write at most %(number)s characters") % {"number": longest}]
    options = {
        "occupation": occupations.GROUPS, "kind": occupations.KINDS, "municipality": registers.municipalities(),
    }  # fmt: skip
    for name, allowed in options.items():
        values[name] = str(given.get(name) or "")
        if values[name] not in allowed:
            errors[name] = [gettext("Choose one")]
    for name, largest in (("extent", 100), ("positions", 1000)):
        values[name] = _number(given.get(name), largest)
        if values[name] is None:
            errors[name] = [gettext("Write a number from 1 to %(number)s") % {"number": largest}]
    values["apply_by"] = _day(given.get("apply_by"), errors)
    values["skills"] = occupations.skills(written(_joined(given.get("skills"))))
    if errors:
        raise Invalid(errors=errors)
    return values


def _joined(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _number(value: Any, largest: int) -> int | None:
    text = str(value or "").strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return number if 1 <= number <= largest else None


def _day(value: Any, errors: dict[str, list[str]]) -> date | None:
    try:
        day = date.fromisoformat(str(value or ""))
    except ValueError:
        errors["apply_by"] = [gettext("Write a date")]
        return None
    today = timezone.localdate()
    if not today <= day <= today + LONGEST:
        errors["apply_by"] = [gettext("Choose a day from today and at most a year ahead")]
    return day
