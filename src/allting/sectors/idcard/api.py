"""The national ID card: the holder's own view and block button, and the officer's desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allting.common.audit import api as audit
from allting.common.registers import api as registers
from allting.kernel import mrz
from allting.kernel.access import outside_mandate
from allting.kernel.actor import Actor, Level, Party, Purpose
from allting.kernel.problems import Invalid, LoginNeeded, NotFound
from allting.sectors.idcard import letters, lifecycle
from allting.sectors.idcard.lifecycle import State
from allting.sectors.idcard.models import Card, CardEvent
from allting.sectors.idcard.ordering import CHECK, check_identity, find_person, police_only

__all__ = [
    "Event", "IdCard", "State", "activate", "block", "card", "cards", "check_identity", "desk", "hand_over", "search",
]  # fmt: skip

STATES: Final = {
    State.ORDERED: gettext_lazy("Ordered"),
    State.IN_PRODUCTION: gettext_lazy("In production"),
    State.SENT: gettext_lazy("On its way"),
    State.DELIVERED: gettext_lazy("Received"),
    State.ACTIVE: gettext_lazy("In use"),
    State.BLOCKED: gettext_lazy("Blocked"),
    State.EXPIRED: gettext_lazy("Expired"),
    State.REPLACED: gettext_lazy("Replaced"),
}
COLOURS: Final = {State.ACTIVE: "success", State.BLOCKED: "danger", State.EXPIRED: "neutral", State.REPLACED: "neutral"}
DESK = Purpose("ID-kortloven § 2", "Politiets arbeid med ID-kort")
THEMES = ("innbyggerrettigheter",)


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a card; ``by`` is who took it, when a person did."""

    kind: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class IdCard:
    """A card as its holder or an officer sees it. ``can``: what may be done with it now."""

    id: UUID
    number: str
    holder_name: str
    travel: bool
    delivery: str
    state: State
    ordered: datetime
    valid_from: date | None
    valid_until: date | None
    can: frozenset[str]
    events: tuple[Event, ...] = ()

    @property
    def status(self) -> Any:
        return STATES[self.state]

    @property
    def colour(self) -> str:
        return COLOURS.get(self.state, "info")


def _read(row: Card, *, whole: bool = False) -> IdCard:
    over = row.valid_until is not None and row.valid_until < timezone.localdate() and row.state in lifecycle.LIVE
    state = State.EXPIRED if over else State(row.state)
    can = frozenset() if over else frozenset(kind for kind in lifecycle.STEPS if lifecycle.may(row, kind))
    events = CardEvent.objects.filter(card=row).order_by("id") if whole else ()
    return IdCard(
        row.pk, row.number, registers.name_of(Party("person", row.holder)), row.travel, row.delivery, state,
        row.ordered, row.valid_from, row.valid_until, can,
        tuple(Event(one.kind, one.at, _name(one.person)) for one in events),
    )  # fmt: skip


def _name(person: UUID | None) -> str:
    return registers.name_of(Party("person", person)) if person else ""


# --- The holder ------------------------------------------------------------------------------------


def _hers(actor: Actor) -> Any:
    """The cards of the one she is or acts for. Raises NotAllowed when her mandate does not cover ID cards."""
    if actor.is_officer or actor.person is None or actor.party.kind != "person":
        return Card.objects.none()
    if not actor.scope.covers(letters.SERVICE, THEMES, registers.authority("politiet").id):
        raise outside_mandate()
    return Card.objects.filter(holder=actor.party.id)


def cards(actor: Actor) -> list[IdCard]:
    """The party's cards, newest first."""
    return [_read(row) for row in _hers(actor).order_by("-pk")[:20]]


def card(actor: Actor, card_id: UUID) -> IdCard:
    """One of the party's, or for an officer of the police any, which the log tells. Raises NotFound."""
    if actor.is_officer:
        police_only(actor)
        row = Card.objects.filter(pk=card_id).first()
        if row is not None:
            audit.record(actor, DESK, "idcard.card", row.holder, fields=["number", "state", "valid_until"])
    else:
        row = _hers(actor).filter(pk=card_id).first()
    if row is None:
        raise NotFound()
    return _read(row, whole=True)


@transaction.atomic
def block(actor: Actor, card_id: UUID, why: str = "lost") -> None:
    """Block a card for good: by its holder day and night, or by an officer whom she has called.

    It takes hold at once: its certificates are revoked in the same transaction, and a letter tells her. Blocking it
    twice counts once. Raises NotFound for another's.
    """
    row = lifecycle.locked(card_id)
    if actor.is_officer:
        police_only(actor)
    elif not _hers(actor).filter(pk=card_id).exists():
        raise NotFound()
    if row.state == State.BLOCKED:
        return
    lifecycle.step(row, "blocked", actor, why if why in ("lost", "stolen", "other") else "other")
    purpose = DESK if actor.is_officer else Purpose("ID-kortloven § 2", "Sperring av ID-kort")
    audit.record(actor, purpose, "idcard.card", row.holder, action="change", fields=["state"])
    letters.blocked(row)


@transaction.atomic
def activate(actor: Actor, card_id: UUID) -> None:
    """The holder has got her card by post, and takes it into use. It opens logins at level high, so it takes one.

    Raises LoginNeeded, NotFound, Conflict when it is not on its way by post.
    """
    row = lifecycle.locked(card_id)
    if actor.on_behalf_of is not None or actor.person != row.holder or row.delivery != "post":
        raise NotFound()
    if actor.level < Level.HIGH:
        raise LoginNeeded(level=Level.HIGH.acr)
    _take_into_use(actor, row)


def _take_into_use(actor: Actor, row: Card) -> None:
    """It is hers now; cards she had before are no longer valid."""
    if row.state == State.ACTIVE:
        return
    if row.state == State.SENT:
        lifecycle.step(row, "delivered", actor)
    lifecycle.step(row, "activated", actor)
    for old in Card.objects.filter(holder=row.holder, state__in=lifecycle.LIVE, pk__lt=row.pk):
        lifecycle.step(lifecycle.locked(old.pk), "replaced", actor)


# --- At the police ---------------------------------------------------------------------------------


def desk(actor: Actor, state: str, after: UUID | None = None, limit: int = 50) -> list[IdCard]:
    """Cards in a state, oldest first. Raises NotAllowed for other authorities."""
    police_only(actor)
    rows = Card.objects.filter(state=state).order_by("pk")
    rows = rows.filter(pk__gt=after) if after else rows
    return [_read(row) for row in rows[:limit]]


def search(actor: Actor, text: str) -> list[IdCard]:
    """The card with this number, or all cards of the person with this identity number. Raises Invalid."""
    police_only(actor)
    wanted = "".join(text.split()).upper()
    if wanted.isdigit():
        holder = find_person(actor, wanted, DESK)
        rows = list(Card.objects.filter(holder=holder).order_by("-pk"))
    else:
        rows = list(Card.objects.filter(number=wanted))
    if not rows:
        raise Invalid(errors={"number": [_("We do not find a card with this number, or of this person")]})
    for holder in {row.holder for row in rows}:
        audit.record(actor, DESK, "idcard.card", holder, fields=["number", "state", "valid_until"])
    return [_read(row) for row in rows]


@transaction.atomic
def hand_over(actor: Actor, card_id: UUID, read: str) -> None:
    """The officer gives the holder her card, and it is in use. ``read``: its number, or its zone as a reader gives it.

    Raises Invalid when another card lies there, NotAllowed, Conflict.
    """
    police_only(actor)
    row = lifecycle.locked(card_id)
    if _number_in(read) != row.number:
        raise Invalid(errors={"read": [_("This is another card, or its number was read wrong")]})
    audit.record(actor, CHECK, "idcard.card", row.holder, action="change", fields=["state"])
    _take_into_use(actor, row)


def _number_in(read: str) -> str:
    lines = read.upper().split()
    if len(lines) == 3:
        return lines[0][5:14].rstrip(mrz.FILLER) if mrz.is_right((lines[0], lines[1], lines[2])) else ""
    return "".join(lines)
