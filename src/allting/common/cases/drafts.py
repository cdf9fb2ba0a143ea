"""Applications being written: begun, filled in page by page, and found again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from uuid6 import uuid7

from allting.common.cases import files
from allting.common.cases.came import Came, record
from allting.common.cases.models import Attachment, Draft
from allting.common.catalogue import api as catalogue
from allting.common.queries.api import Compiled
from allting.common.registers import api as registers
from allting.kernel.access import outside_mandate
from allting.kernel.actor import Actor, Capacity, Party, Purpose
from allting.kernel.encryption import seal_json, unseal_json
from allting.kernel.problems import Conflict, Invalid, LoginNeeded, NotAllowed, NotFound


@dataclass(frozen=True, slots=True)
class Form:
    """A draft opened: the service, what is known, what was answered. ``case`` is set when it has been sent, and
    ``came`` when an officer enters it for the ``party``."""

    id: UUID
    published: catalogue.Published
    answers: dict[str, Any]
    known: dict[str, Any]
    files: list[files.File]
    revision: int
    changed: datetime
    case: UUID | None
    party: Party
    came: Came | None = None

    @property
    def service(self) -> catalogue.Service:
        return self.published.service

    @property
    def at(self) -> str:
        """The address its pages begin with."""
        return f"/office/drafts/{self.id}" if self.came else f"/drafts/{self.id}"

    @property
    def party_name(self) -> str:
        return registers.name_of(self.party)

    @property
    def day(self) -> date:
        """The day it is judged by: today, or the day that the paper or the call came."""
        return self.came.received if self.came else timezone.localdate()

    def scope(self) -> dict[str, Any]:
        return catalogue.scope(self.service, self.answers, self.known, self.day)

    def pages(self) -> list[catalogue.Page]:
        """The pages these answers call for, in order."""
        values = self.scope()
        return [page for page in self.service.asks if catalogue.shown(self.service, page, values)]

    @property
    def asks_others(self) -> bool:
        """Whether others are asked to sign, with these answers."""
        sign = self.service.sign
        return sign.also is not None and (sign.when is None or sign.when.holds(self.scope()))

    def deadline(self) -> str:
        """How long the answer may take, by these answers."""
        return catalogue.deadline(self.service, self.answers, self.known, self.day)

    def faults(self) -> dict[str, dict[str, Any]]:
        """What is not right yet, by page and field."""
        return catalogue.recheck(self.service, self.answers, self.known, self.day)

    def stops(self) -> list[catalogue.Stop]:
        return catalogue.stops(self.service, self.answers, self.known, self.day)


def may_start(actor: Actor, service: catalogue.Service) -> None:
    """Raises NotAllowed when she acts for one who cannot apply or in what her mandate does not cover, LoginNeeded
    when the login is too weak."""
    if service.audience == "business" and actor.capacity not in (Capacity.REPRESENTATIVE, Capacity.ENTERPRISE):
        raise NotAllowed(code="act-for-enterprise", service=service.service)
    if service.sign.also and actor.capacity is Capacity.ENTERPRISE:
        raise NotAllowed(code="needs-a-person", service=service.service)  # who else signs is a look-up of people
    if service.audience == "citizen" and actor.party.kind != "person":
        raise NotAllowed(code="act-for-yourself", service=service.service)
    within_mandate(actor, service)
    if actor.level < service.assurance:
        raise LoginNeeded(level=service.assurance.acr)


def within_mandate(actor: Actor, service: catalogue.Service, authority: UUID | None = None) -> None:
    """Raises NotAllowed when she acts for another, and her mandate does not cover the service or its authority."""
    if actor.on_behalf_of is None or actor.scope.covers(service.service, service.themes, authority):
        return
    if authority is None and actor.scope.covers(service.service, service.themes, _decides(actor, service)):
        return
    raise outside_mandate()


def hers(actor: Actor, party: str, service: catalogue.Service, authority: UUID | None = None) -> None:
    """Raises NotFound for what is another's, and NotAllowed for what her mandate does not cover.

    One who may act for the other in this is not told that it is not there, but to act for her: a login in between
    has made her herself again.
    """
    if not actor.is_officer and actor.who is not None and str(actor.party) == party:
        within_mandate(actor, service, authority)
        return
    found = registers.mandate(actor.person, Party.parse(party)) if actor.person is not None else None
    if found is not None and found.scope.covers(service.service, service.themes, authority):
        raise NotAllowed(code="other-capacity")
    raise NotFound()


def _decides(actor: Actor, service: catalogue.Service) -> UUID | None:
    """Who would decide it, where one body does."""
    try:
        return registers.authority(service.offered_by).id
    except NotFound:
        seat = registers.municipality_of(actor.party.id) if actor.party.kind == "person" else None
    try:
        return registers.authority_for(service.offered_by, seat).id
    except NotFound:
        return None


def begun(actor: Actor, slug: str) -> list[Form]:
    """Drafts of this service with answers in them, newest first."""
    rows = _of(actor).filter(service=slug, case=None, revision__gt=0).order_by("-id")[:5]
    return [_opened(row, []) for row in rows]


@transaction.atomic
def start(actor: Actor, slug: str) -> UUID:
    """Begin an application; one begun and not touched is used again. Raises as ``may_start``, and NotFound."""
    published = catalogue.service(slug)
    may_start(actor, published.service)
    untouched: Draft | None = _of(actor).filter(service=slug, digest=published.digest, case=None, revision=0).first()
    if untouched is not None and untouched.looked_up == timezone.localdate():
        return untouched.pk
    assert actor.who is not None
    draft_id = uuid7()
    known = look_up(actor, published.service, actor.party)
    Draft.objects.create(
        id=draft_id, party=str(actor.party), person=actor.who, service=slug, digest=catalogue.keep(published),
        content=sealed(draft_id, {}, known), looked_up=timezone.localdate(),
    )  # fmt: skip
    return draft_id


def look_up(actor: Actor, service: catalogue.Service, party: Party) -> dict[str, Any]:
    """What the registers know of ``party``, under the service's own paragraphs; null where they know nothing."""
    known: dict[str, Any] = {}
    language = registers.contact(party).language if actor.is_officer else actor.language
    for name, one in service.knows.items():
        try:
            purpose = Purpose(one.basis, one.reason.in_(language))
            answer = registers.look_up(actor, purpose, one.source, party.id)
        except NotFound:
            answer = None
        if isinstance(answer, dict):  # the number itself is never needed in a form
            answer = {key: value for key, value in answer.items() if key != "identity_number"}
        known[name] = answer
    return known


def known(actor: Actor, slug: str) -> dict[str, Any]:
    """What a form of this service would be filled in from, for a page of a sector's own. Raises as ``may_start``."""
    service = catalogue.service(slug).service
    may_start(actor, service)
    return look_up(actor, service, actor.party)


@transaction.atomic
def refresh(actor: Actor, draft_id: UUID) -> Form:
    """Look up anew what is known, also when the draft is of today. Raises NotFound, Conflict when it is sent."""
    row, form = locked_form(actor, draft_id)
    _unsent(row)
    fresh = look_up(actor, form.service, form.party)
    row.looked_up = timezone.localdate()
    row.save(update_fields=["looked_up"])
    _write(row, form.answers, replace(form, known=fresh))
    return _opened(row, form.files)


def opened(actor: Actor, draft_id: UUID) -> Form:
    """Raises NotFound, also for another's. That an officer opens what a colleague began stands in the log."""
    row = _one(actor, draft_id)
    form = _opened(row, files.of(draft=draft_id))
    if row.desk is not None and row.person != actor.person:
        record(actor, form.service.law, form.party)
    return form


MOST = 20
_unsent_of: Compiled[str, Draft] = Compiled(
    str, lambda party: Draft.objects.filter(party=party, case=None, desk=None).order_by("-id")[:MOST]
)


def entered(actor: Actor) -> list[Form]:
    """What the officer's authority has begun to enter for others and not sent, newest first."""
    if not actor.is_officer or actor.authority is None or actor.person is None:
        return []
    rows = Draft.objects.filter(desk=actor.authority, case=None).order_by("-id")[:MOST]
    return [_opened(row, []) for row in rows if not registers.near(actor.person, Party.parse(row.party))]


def drafts(actor: Actor, limit: int = MOST) -> list[Form]:
    """What she has begun and not sent, newest first."""
    if actor.who is None or actor.is_officer:
        return []
    found = [_opened(row, []) for row in _unsent_of(str(actor.party))]
    return [one for one in found if _covered(actor, one.service)][:limit]


def _covered(actor: Actor, service: catalogue.Service) -> bool:
    try:
        within_mandate(actor, service)
    except NotAllowed:
        return False
    return True


@transaction.atomic
def save(
    actor: Actor, draft_id: UUID, page_name: str, typed: Mapping[str, list[str]], revision: int | None = None
) -> tuple[Form, dict[str, Any]]:
    """Keep what is right on a page; returns the form as it is now and what is wrong, by field.

    Raises Conflict when the draft was sent, or ``revision`` is not the latest (another tab), and NotFound.
    """
    row = _one(actor, draft_id, lock=True)
    _unsent(row)
    if revision is not None and revision != row.revision:
        raise Conflict(code="draft-changed")
    form = _opened(row, files.of(draft=draft_id))
    page = page_of(form.service, page_name)
    given = {
        name: [str(one.id) for one in form.files if one.field == name] if field.type == "file" else typed.get(name, [])
        for name, field in page.fields.items()
    }
    reading = catalogue.read(form.service, page, given, form.answers, form.known, form.day)
    kept = {name: value for name, value in form.answers.items() if name not in page.fields}
    _write(row, kept | reading.answers, form)
    return _opened(row, form.files), reading.errors


def page_of(service: catalogue.Service, name: str) -> catalogue.Page:
    """Raises NotFound."""
    page = next((one for one in service.asks if one.page == name), None)
    if page is None:
        raise NotFound()
    return page


def attach(actor: Actor, draft_id: UUID, field: str, name: str, data: bytes) -> UUID:
    """Add a file to a question. Raises Invalid (kind, size, malware, too many), Conflict when sent, NotFound, and
    Unavailable when it cannot be looked through."""
    asked = _asked(_one(actor, draft_id), field)
    media_type = files.taken(field, data, asked.max_mb)
    with transaction.atomic():
        row = _one(actor, draft_id, lock=True)
        if Attachment.objects.filter(draft=row, field=field).count() >= files.MOST:
            raise Invalid(errors={field: [_("You can add at most %(count)d files here") % {"count": files.MOST}]})
        _asked(row, field)
        return files.keep(row, field, name, data, media_type).pk


def _asked(row: Draft, field: str) -> catalogue.FormField:
    """The question that a file is to answer. Raises Conflict when the draft is sent, NotFound for no such question."""
    _unsent(row)
    asked = catalogue.at(row.service, row.digest).service.fields.get(field)
    if asked is None or asked.type != "file":
        raise NotFound()
    return asked


@transaction.atomic
def detach(actor: Actor, draft_id: UUID, file_id: UUID) -> None:
    """Remove a file; removing it twice is no fault. Raises Conflict when sent, NotFound for another's draft."""
    row = _one(actor, draft_id, lock=True)
    _unsent(row)
    gone = Attachment.objects.filter(draft=row, pk=file_id).first()
    if gone is None:
        return
    gone.delete()
    form = _opened(row, [])
    left = [str(one) for one in form.answers.get(gone.field, []) if str(one) != str(file_id)]
    _write(row, {**form.answers, gone.field: left}, form)


@transaction.atomic
def discard(actor: Actor, draft_id: UUID) -> None:
    """Delete a draft and its files. Raises Conflict when sent, NotFound."""
    row = _one(actor, draft_id, lock=True)
    _unsent(row)
    row.delete()


def refreshed(actor: Actor, row: Draft, form: Form) -> dict[str, Any]:
    """What is known, looked up again when the draft is from another day."""
    return form.known if row.looked_up == timezone.localdate() else look_up(actor, form.service, form.party)


def locked_form(actor: Actor, draft_id: UUID) -> tuple[Draft, Form]:
    """For whoever sends it: the row, held, and the form. Raises NotFound."""
    row = _one(actor, draft_id, lock=True)
    return row, _opened(row, files.of(draft=draft_id))


_by_id: Compiled[UUID, Draft] = Compiled(UUID, lambda draft: Draft.objects.filter(pk=draft))


def _of(actor: Actor) -> Any:
    if actor.who is None or actor.is_officer:
        return Draft.objects.none()
    return Draft.objects.filter(party=str(actor.party), desk=None)


def _one(actor: Actor, draft_id: UUID, *, lock: bool = False) -> Draft:
    held = Draft.objects.select_for_update()
    found: list[Draft] = list(held.filter(pk=draft_id)) if lock else _by_id(draft_id)
    if not found:
        raise NotFound()
    row = found[0]
    if row.desk is None:
        hers(actor, row.party, catalogue.at(row.service, row.digest).service)
    else:
        _at_desk(actor, row)
    return row


def _at_desk(actor: Actor, row: Draft) -> None:
    """Raises NotFound for who does not work where it is entered, and NotAllowed for who is too near its party."""
    if not actor.is_officer or actor.authority != row.desk or actor.person is None:
        raise NotFound()
    if registers.near(actor.person, Party.parse(row.party)):
        raise NotAllowed(code="own-case")


def _unsent(row: Draft) -> None:
    if row.case is not None:
        raise Conflict(code="draft-sent", case=str(row.case))


def _opened(row: Draft, held: list[files.File]) -> Form:
    content = unseal_json(bytes(row.content), f"draft:{row.pk}")
    published = catalogue.at(row.service, row.digest)
    return Form(
        row.pk, published, content["answers"], content["known"], held, row.revision, row.changed, row.case,
        Party.parse(row.party), Came.of_data(content.get("came")),
    )  # fmt: skip


def sealed(draft_id: UUID, answers: Mapping[str, Any], known: Mapping[str, Any], came: Came | None = None) -> bytes:
    """What a draft holds, as it is kept."""
    held: dict[str, Any] = {"answers": dict(answers), "known": dict(known)}
    if came is not None:
        held["came"] = came.as_data()
    return seal_json(held, f"draft:{draft_id}")


def _write(row: Draft, answers: Mapping[str, Any], form: Form) -> None:
    row.content = sealed(row.pk, answers, form.known, form.came)
    row.revision += 1
    row.changed = timezone.now()
    row.save(update_fields=["content", "revision", "changed"])


def sent(row: Draft, case: UUID, came: Came | None) -> None:
    """Mark a locked draft as sent; what it held is the case's now."""
    row.case = case
    row.content = sealed(row.pk, {}, {}, replace(came, note="") if came else None)
    row.save(update_fields=["case", "content"])
