"""Benefits paid by cards, once granted: who has one, her cards, and the money they give, paid once and right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from allting.common.cases import api as cases
from allting.common.notification import api as notification
from allting.common.outbox import api as outbox
from allting.common.payment import api as payment
from allting.kernel.actor import Actor, Party
from allting.kernel.desks import Waiting
from allting.kernel.encryption import seal_json, unseal_json
from allting.kernel.problems import NotFound
from allting.kernel.rules import NoRate, Pay
from allting.kernel.text import Text
from allting.sectors.welfare import periods
from allting.sectors.welfare.models import Award, Card, Paid

SERVICE, ASSESSMENT = "unemployment-benefit", "work-assessment-allowance"
LAWS = {SERVICE: "folketrygdloven § 4-12", ASSESSMENT: "folketrygdloven § 11-20"}
SHOWN = 13  # periods: half a year
TITLES = {
    SERVICE: Text({"nb": "Dagpenger", "nn": "Dagpengar", "en": "Unemployment benefit"}),
    ASSESSMENT: Text(
        {"nb": "Arbeidsavklaringspenger", "nn": "Arbeidsavklaringspengar", "en": "Work assessment allowance"}
    ),
}


@dataclass(frozen=True, slots=True)
class Period:
    """Two weeks as the person sees them: ``state`` is "sent", "send", "late" or "later"; ``given`` when counted;
    ``assessment`` as in ``Mine``."""

    start: date
    end: date
    opens: date
    by: date
    state: str
    given: periods.Given | None = None
    days: Sequence[periods.Day] = ()
    paid: int | None = None
    assessment: bool = False


@dataclass(frozen=True, slots=True)
class Mine:
    """Her benefit and its periods, the newest first; ``next`` is the one to send now, or the next that opens."""

    case: UUID
    case_number: str
    service: str
    day_rate: int
    start: date
    ended: date | None
    periods: list[Period] = field(default_factory=list)

    @property
    def title(self) -> Text:
        return TITLES[self.service]

    @property
    def assessment(self) -> bool:
        """Whether it is work assessment allowance, whose holder is ill rather than looking for work."""
        return self.service == ASSESSMENT

    @property
    def next(self) -> Period | None:
        waiting = [one for one in self.periods if one.state != "sent"]
        return waiting[-1] if waiting else None


# --- What the cases tell ------------------------------------------------------------------------------------------


def decided(*, told: cases.Concluded) -> None:
    """A case is decided, in its transaction: a granted benefit is paid by cards; refused it ends."""
    if told.service not in LAWS:
        return
    if not told.outcome.granted:
        set_aside(case=told.case)
        return
    terms = {name: told.outcome.more[name] for name in ("day_rate", "usual_half_hours", "weeks", "start")}
    fixed = {
        "service": told.service, "case_number": told.number, "party": str(told.party), "authority": told.authority,
        "authority_name": told.authority_name,
    }  # fmt: skip
    held = Award.objects.filter(case=told.case).exclude(ended__lt=F("start")).exists()  # and not set aside since
    opened = {} if held else {"opened": timezone.localdate()}
    award, new = Award.objects.update_or_create(case=told.case, defaults={**terms, **fixed, **opened, "ended": None})
    _recount(award)
    if new:
        _remind(award, periods.monday(award.start))


def set_aside(*, case: UUID) -> None:
    """The decision does not hold any more: no day gives anything."""
    award = Award.objects.select_for_update().filter(case=case).first()
    if award is not None:
        award.ended = award.start - timedelta(days=1)
        award.save(update_fields=["ended"])
        _recount(award)


# --- The person ---------------------------------------------------------------------------------------------------


def mine(actor: Actor) -> Mine | None:
    """Her benefit with its cards; None when she has none. Another's is never seen: it is found by her."""
    award = _award(actor)
    if award is None:
        return None
    cards = {one.start: one for one in sent(award)}
    given = {one.start: one for one in _given(award, list(cards.values()))}
    paid = dict(Paid.objects.filter(award=award).values_list("start", "amount"))
    found, today = [], timezone.localdate()
    for start in periods.starts(_terms(award)):
        found.append(_period(award, start, cards.get(start), given.get(start), paid.get(start), today))
        if found[-1].state == "later":
            break
    shown = found[::-1][:SHOWN]
    return Mine(award.case, award.case_number, award.service, award.day_rate, award.start, award.ended, shown)


def _period(award: Award, start: date, card: Any, given: Any, paid: int | None, today: date) -> Period:
    by = periods.in_time(start, award.opened)
    state = "sent" if card else "later" if today < periods.opens(start) else "late" if today > by else "send"
    end, days = periods.last_day(start), card.days if card else ()
    return Period(start, end, periods.opens(start), by, state, given, days, paid, award.service == ASSESSMENT)


def _award(actor: Actor) -> Award | None:
    if actor.is_officer or actor.person is None or actor.party.kind != "person" or actor.scope.limits() is not None:
        return None  # who acts for her in some things only is not told
    return Award.objects.filter(party=str(actor.party)).order_by("-id").first()


def has_benefit(actor: Actor) -> bool:
    """Whether she has a benefit paid by cards here: only then is she led to the cards."""
    return _award(actor) is not None


def waits(actor: Actor) -> Iterator[Waiting]:
    """On "My page": the card she can send now, the oldest first."""
    award, today = _award(actor), timezone.localdate()
    if award is None:
        return
    sent = set(Card.objects.filter(award=award).values_list("start", flat=True))
    start = next((one for one in periods.starts(_terms(award)) if one not in sent), None)
    if start is not None and periods.opens(start) <= today:
        by = periods.in_time(start, award.opened)
        day = formats.date_format(by, "DATE_FORMAT")
        note = _("By %(day)s") % {"day": day} if today <= by else _("The deadline has passed")
        yield Waiting(f"/my/reporting-card/{start}", _("Send your reporting card"), note)


def period(actor: Actor, start: date) -> Period:
    """One period that can be sent now or was sent. Raises NotFound."""
    held = mine(actor)
    found = next((one for one in held.periods if one.start == start), None) if held else None
    if held is None or found is None or found.state == "later" or (found.state != "sent" and found != held.next):
        raise NotFound()
    return found


@transaction.atomic
def send(actor: Actor, start: date, days: Sequence[periods.Day], *, goes_on: bool) -> None:
    """Send the card of a period, or send it again with what is right. ``goes_on``: she is still looking for work.

    Raises NotFound when it is not her turn to send it, Conflict when another was there first.
    """
    award = _award(actor)
    if award is None:
        raise NotFound()
    award = Award.objects.select_for_update().get(pk=award.pk)
    period(actor, start)
    before = Card.objects.filter(award=award, start=start).order_by("-version").first()
    today = timezone.localdate()
    card = Card(
        award=award, start=start, version=before.version + 1 if before else 1,
        first_sent=before.first_sent if before else today,
    )  # fmt: skip
    card.content = seal_json([[one.half_hours, one.what] for one in days], f"card:{card.pk}")
    card.save(force_insert=True)
    _goes_on(award, start, goes_on=goes_on)
    _recount(award)


def _goes_on(award: Award, start: date, *, goes_on: bool) -> None:
    """One who does not look for work any more has no right after the period (folketrygdloven § 4-5)."""
    end = periods.last_day(start)
    later = Card.objects.filter(award=award, start__gt=start).exists()
    if not goes_on and not later:
        award.ended = min(award.ended or end, end)
    elif goes_on and award.ended == end:
        award.ended = None
    award.save(update_fields=["ended"])


def sent(award: Award) -> list[periods.Sent]:
    """The cards of an award as they were last sent, the oldest first."""
    last = {one.start: one for one in Card.objects.filter(award=award).order_by("version")}
    return [_read(last[start]) for start in sorted(last)]


def _read(card: Card) -> periods.Sent:
    held = unseal_json(bytes(card.content), f"card:{card.pk}")
    return periods.Sent(card.start, [periods.Day(*one) for one in held], card.first_sent)


def _terms(award: Award) -> periods.Terms:
    return periods.Terms(
        award.day_rate, award.usual_half_hours, award.weeks, award.start, award.ended, award.service == ASSESSMENT,
        award.opened,
    )  # fmt: skip


def _given(award: Award, cards: Sequence[periods.Sent]) -> list[periods.Given]:
    """What the cards give, as far as the figures of their days are known."""
    try:
        return periods.count(_terms(award), cards)
    except NoRate:
        return []


# --- The money ----------------------------------------------------------------------------------------------------


def _recount(award: Award) -> None:
    """Let the worker count anew, in the caller's transaction."""
    key = f"{award.pk}:{timezone.now().timestamp()}"
    outbox.put("welfare.cards", key, {"award": str(award.pk)})


def pay(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: pay what the cards give now and have not been paid; a period that gives something else than
    before is counted against what it has paid. Raises NoRate until the figures of the day are there."""
    award = Award.objects.select_for_update().get(pk=payload["award"])
    for one in periods.count(_terms(award), sent(award)):
        row, new = Paid.objects.get_or_create(award=award, start=one.start, defaults={"amount": one.amount})
        if not new and row.amount == one.amount:
            continue
        if not new:
            payment.stop(award.case, part=one.start.isoformat())
            row.amount, row.times = one.amount, row.times + 1
            row.save(update_fields=["amount", "times"])
        _pay(award, one, row.times)


def _pay(award: Award, one: periods.Given, times: int) -> None:
    payment.pay(
        Party.parse(award.party), debtor=award.authority, debtor_name=award.authority_name, case=award.case,
        case_number=award.case_number, pays=Pay(one.amount, TITLES[award.service], start=timezone.localdate()),
        key=f"card:{award.pk}:{one.start}:{times}", law=LAWS[award.service], part=one.start.isoformat(),
    )  # fmt: skip


# --- Reminders ----------------------------------------------------------------------------------------------------


def _remind(award: Award, start: date) -> None:
    """Tell her on the Monday after the period, and on the last day in time."""
    for last in (False, True):
        day = _reminded(award, start, last=last)
        payload = {"award": str(award.pk), "start": start.isoformat(), "last": last}
        due = timezone.make_aware(datetime.combine(day, time(7)))
        outbox.put("welfare.card_due", f"{award.pk}:{start}:{last}", payload, due=due)


def _reminded(award: Award, start: date, *, last: bool) -> date:
    if last:
        return periods.in_time(start, award.opened)
    return max(periods.last_day(start) + timedelta(days=1), award.opened)


def remind(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: there is a card to send, unless it is sent; and the next period's reminders. Of several periods
    before the decision she is told once."""
    award, start, last = Award.objects.get(pk=payload["award"]), date.fromisoformat(payload["start"]), payload["last"]
    if start not in periods.starts(_terms(award)):
        return
    following = start + timedelta(days=periods.LENGTH)
    at_once = _reminded(award, start, last=last) == _reminded(award, following, last=last)
    if not at_once and not Card.objects.filter(award=award, start=start).exists():
        notification.nudge(Party.parse(award.party), "card-due", f"card:{key}")
    if not last:
        _remind(award, following)
