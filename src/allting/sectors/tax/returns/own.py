"""The person's own return: what is reported, what she changes and adds, what it comes to, and delivering it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from allting.common.cases import api as cases
from allting.common.catalogue import api as catalogue
from allting.kernel.actor import Actor
from allting.kernel.desks import Waiting
from allting.kernel.problems import Conflict, Invalid, LoginNeeded, NotAllowed, NotFound
from allting.kernel.rules import Outcome
from allting.kernel.text import Text
from allting.sectors.tax.models import TaxReturn
from allting.sectors.tax.returns.kinds import KINDS, Kind
from allting.sectors.tax.returns.making import SERVICE, last_day, record
from allting.sectors.tax.services.tax_return import net_of

PAGE = "return"  # of the service file
CHECKED = ("received", "in-hand", "asked", "hearing", "proposed", "appealed", "forwarded")  # states of cases
DECISIONS = ("decided", "reversed", "appeal-decided")  # and events, of which a rule's have nobody's name


@dataclass(frozen=True, slots=True)
class Item:
    """One amount in the return. ``reported`` is None for what she added; ``place``: among her changes."""

    kind: Kind
    source: str
    reported: int | None
    amount: int
    item: str = ""
    reason: str = ""
    place: int | None = None

    @property
    def changed(self) -> bool:
        return self.place is not None


@dataclass(frozen=True, slots=True)
class Return:
    """A return as its person sees it. ``draft``: revision of what she has changed and not delivered, if anything;
    ``referral``: why a case officer will look at it; ``news``: something was reported after it was delivered;
    ``locked``: why she cannot change it now, a code."""

    year: int
    due: date
    last_day: date
    case: UUID | None
    revision: int
    draft: int | None
    items: tuple[Item, ...]
    files: tuple[Any, ...]
    outcome: Outcome | None
    referral: Text | None
    news: bool
    locked: str

    @property
    def open(self) -> bool:
        return not self.locked

    @property
    def net(self) -> int:
        """What she gets back, in øre, with interest; below nothing: what she owes."""
        return net_of(self.outcome.more) if self.outcome else 0


def waits(actor: Actor) -> Iterator[Waiting]:
    """On "My page": a return she has not delivered, until silence is a yes."""
    try:
        rows = TaxReturn.objects.filter(person=_person(actor), case=None, held="", due__gte=timezone.localdate())
    except (NotAllowed, LoginNeeded):
        return
    for year, due in rows.order_by("due").values_list("year", "due"):
        note = _("By %(day)s") % {"day": formats.date_format(due, "DATE_FORMAT")}
        yield Waiting(f"/my/tax-return/{year}", _("Look over your tax return for %(year)s") % {"year": year}, note)


def years(actor: Actor) -> list[int]:
    """The years she has a return for, the newest first."""
    return list(TaxReturn.objects.filter(person=_person(actor)).order_by("-year").values_list("year", flat=True))


def view(actor: Actor, year: int) -> Return:
    """Her return, counted from what is reported now and what she has changed. The look-ups stand in her log.

    Raises NotFound when none is made for her, NotAllowed for an organisation.
    """
    row = _row(actor, year)
    form = _form(actor, row)
    known = cases.known(actor, SERVICE)
    changes = _changes(form) if form else _delivered(actor, row)
    answers = {"year": year} | ({"changes": changes} if changes else {})
    published, today = catalogue.service(SERVICE), timezone.localdate()
    reports = [one for one in known["reports"] or [] if one["year"] == year]
    return Return(
        year, row.due, last_day(year), row.case, row.revision, form.revision if form else None,
        tuple(_items(reports, changes)), tuple(form.files if form else ()),
        _counted(published, answers, known, today), catalogue.referral(published.service, answers, known, today),
        _news(row, reports), _locked(actor, row),
    )  # fmt: skip


def _counted(
    published: catalogue.Published, answers: Mapping[str, Any], known: Mapping[str, Any], today: date
) -> Outcome | None:
    """What the rule that decides comes to now; None when it cannot be counted."""
    try:
        return catalogue.decide(published.service, answers, known, today, published.folder)
    except (ValueError, LookupError):
        return None


def _items(reports: list[dict[str, Any]], changes: list[dict[str, Any]]) -> list[Item]:
    changed = {one["item"]: (place, one) for place, one in enumerate(changes) if one.get("item")}
    found = []
    for one in reports:
        place, change = changed.pop(one["id"], (None, None))
        amount, reason = (change["amount"], change["reason"]) if change else (one["amount"], "")
        found.append(Item(KINDS[one["kind"]], one["reporter"], one["amount"], amount, one["id"], reason, place))
    own = [(place, one) for place, one in enumerate(changes) if not one.get("item")]
    found += [  # of hers, and what was changed and is not reported any more
        Item(KINDS[one["kind"]], one.get("source", ""), None, one["amount"], "", one["reason"], place)
        for place, one in (*own, *changed.values())
    ]
    order = list(KINDS.values())
    return sorted(found, key=lambda one: order.index(one.kind))


def _news(row: TaxReturn, reports: list[dict[str, Any]]) -> bool:
    delivered = row.deliveries.filter(case=row.case).first() if row.case else None
    return delivered is not None and any(datetime.fromisoformat(one["received"]) > delivered.at for one in reports)


# --- Changing ------------------------------------------------------------------------------------------


def change(actor: Actor, year: int, item: UUID, amount: str, reason: str, draft: int | None = None) -> None:
    """Another amount than what is reported, as typed, and why. Raises Invalid by "amount" and "reason", NotFound for
    what is not among hers, Conflict ("draft-changed") when it was changed in another window."""
    found = next((one for one in view(actor, year).items if one.item == str(item)), None)
    if found is None or not found.kind.counts:
        raise NotFound()
    kind = next(name for name, one in KINDS.items() if one is found.kind)
    row = {"item": str(item), "kind": kind, "source": found.source, "amount": amount, "reason": reason}
    _put(actor, year, row, draft, replaces=str(item))


def add(actor: Actor, year: int, typed: Mapping[str, str], draft: int | None = None) -> None:
    """An amount that nobody has reported: ``kind``, ``source``, ``amount`` and ``reason`` as typed. Raises Invalid by
    field, Conflict as ``change``."""
    if typed["kind"] not in KINDS or not KINDS[typed["kind"]].addable:
        raise Invalid(errors={"kind": [catalogue.KINDS["choice"].missing]})
    _put(actor, year, {"item": "", **typed}, draft)


def _put(actor: Actor, year: int, typed: Mapping[str, str], draft: int | None, replaces: str = "") -> None:
    """Read the row as the service's form does, so that what is wrong is said by its own field."""
    columns = catalogue.service(SERVICE).service.fields["changes"].columns
    wrong = {name: text for name in ("amount", "reason", "source") if (text := _wrong(columns[name], typed[name]))}
    if wrong:
        raise Invalid(errors={name: [text] for name, text in wrong.items()})
    with transaction.atomic():
        form = _begun(actor, year)
        if draft is not None and draft != form.revision:
            raise Conflict(code="draft-changed")
        kept = [one for one in _changes(form) if not replaces or one.get("item") != replaces]
        cells = catalogue.as_typed(form.service.fields["changes"], kept)
        _save(actor, form, year, [*cells, *(typed[name] for name in columns)])


def _wrong(column: catalogue.FormField, text: str) -> Any:
    kind = catalogue.KINDS[column.type]
    if not text.strip():
        return kind.missing if column.required else ""
    try:
        kind.read(column, [text.strip()], {})
    except catalogue.Wrong as wrong:
        return wrong.text
    return ""


def undo(actor: Actor, year: int, place: int, draft: int | None = None) -> None:
    """Take back a change or an addition. Raises NotFound, Conflict as ``change``."""
    with transaction.atomic():
        form = _begun(actor, year)
        changes = _changes(form)
        if draft is not None and draft != form.revision:
            raise Conflict(code="draft-changed")
        if not 0 <= place < len(changes):
            raise NotFound()
        del changes[place]
        _save(actor, form, year, catalogue.as_typed(form.service.fields["changes"], changes))


def attach(actor: Actor, year: int, name: str, data: bytes) -> None:
    """Add documentation. Raises as ``cases.attach``."""
    with transaction.atomic():
        form = _begun(actor, year)
    cases.attach(actor, form.id, "documents", name, data)


def detach(actor: Actor, year: int, file_id: UUID) -> None:
    """Remove a file; one that is not there is no fault."""
    form = _form(actor, _row(actor, year))
    if form is not None:
        cases.detach(actor, form.id, file_id)


def _save(actor: Actor, form: cases.Form, year: int, cells: list[str]) -> None:
    _form_now, errors = cases.save(actor, form.id, PAGE, {"year": [str(year)], "changes": cells})
    if errors:
        raise Invalid(errors={name: [text] for name, text in errors.items()})


# --- Delivering ----------------------------------------------------------------------------------------


def deliver(actor: Actor, year: int, revision: int) -> UUID:
    """Deliver the return as it stands; returns the case. ``revision``: how many times it was delivered when she
    looked. Pressed twice, or at once in two windows, it is delivered once.

    Raises what ``cases.submit`` does, and Conflict as ``_locked`` says.
    """
    with transaction.atomic():
        row = _row(actor, year, held=True)
        if row.case is not None and row.revision != revision:
            return row.case
        form = _begun(actor, year, row)
        cases.refresh(actor, form.id)
        cells = catalogue.as_typed(form.service.fields["changes"], _changes(form))
        _save(actor, form, year, cells)
        case = cases.submit(actor, form.id)
        record(row, case, silent=False)
        return case


def _locked(actor: Actor, row: TaxReturn) -> str:
    """Why it cannot be changed now: "too-late", or what the authority checks ("being-checked") or has fixed itself
    ("fixed"), for that one appeals (skatteforvaltningsloven § 9-4). Empty: it can."""
    if timezone.localdate() > last_day(row.year):
        return "too-late"
    if row.case is None:
        return ""
    case = cases.view(actor, row.case)
    if case.state in CHECKED:
        return "being-checked"
    decision = next((one for one in reversed(case.events) if one.kind in DECISIONS), None)
    return "fixed" if case.outcome == "granted" and decision and decision.by else ""


# --- Whose, and what is begun --------------------------------------------------------------------------


def _person(actor: Actor) -> UUID:
    """Hers, or whom she acts for as far as the mandate reaches. Raises NotAllowed."""
    if actor.is_officer or actor.party.kind != "person":
        raise NotAllowed(code="other-capacity")
    cases.may_start(actor, catalogue.service(SERVICE).service)
    return actor.party.id


def _row(actor: Actor, year: int, *, held: bool = False) -> TaxReturn:
    rows = TaxReturn.objects.select_for_update() if held else TaxReturn.objects
    row = rows.filter(person=_person(actor), year=year).first()
    if row is None:
        raise NotFound()
    return row


def _form(actor: Actor, row: TaxReturn) -> cases.Form | None:
    """What she has begun to change; None when nothing, or when the draft is deleted or sent past this page."""
    if row.draft is None:
        return None
    try:
        form = cases.opened(actor, row.draft)
    except NotFound:
        return None
    return form if form.case is None else None


def _begun(actor: Actor, year: int, row: TaxReturn | None = None) -> cases.Form:
    """The draft of the changes, begun now when there is none; the return's row is held. In a transaction."""
    row = row or _row(actor, year, held=True)
    if why := _locked(actor, row):
        raise Conflict(code=why)
    form = _form(actor, row)
    if form is not None:
        return form
    draft = cases.start(actor, SERVICE)
    cells = catalogue.as_typed(catalogue.service(SERVICE).service.fields["changes"], _delivered(actor, row))
    form, _errors = cases.save(actor, draft, PAGE, {"year": [str(year)], "changes": cells})
    row.draft = draft
    row.save(update_fields=["draft"])
    return form


def _changes(form: cases.Form) -> list[dict[str, Any]]:
    return list(form.answers.get("changes") or [])


def _delivered(actor: Actor, row: TaxReturn) -> list[dict[str, Any]]:
    """What she changed and added in the version that stands: where the next one begins."""
    try:
        return list(cases.answers_of(actor, row.case).get("changes") or []) if row.case else []
    except NotFound:  # the archive's years are out
        return []
