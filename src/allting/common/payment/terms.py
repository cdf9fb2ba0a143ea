"""Other terms for a bill: to pay in parts by agreement, and to be let off some or all of it (a credit note)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.notification import api as notification
from allting.common.payment import late, models, settling, treasurer
from allting.common.payment.belonging import hold
from allting.common.payment.bills import Bill, earned, own, read
from allting.common.payment.ledger import Account, Move, book
from allting.kernel import events
from allting.kernel.actor import Actor, Party
from allting.kernel.calendar import months_after
from allting.kernel.problems import Conflict, Invalid, NotFound
from allting.kernel.text import Text, written

FEWEST, MOST = 2, 24  # parts
MOST_ASKED = 6  # of what a payer may ask for herself


@dataclass(frozen=True, slots=True)
class Credit:
    """What the room that writes the letter needs; ``amount`` and what is ``left`` in øre, ``why`` as it was written."""

    key: str
    bill: UUID
    case: UUID
    text: Text
    kid: str
    amount: int
    left: int
    why: str


# --- In parts ------------------------------------------------------------------------------------------


def ask_parts(actor: Actor, bill_id: UUID, count: int) -> None:
    """The payer asks to pay in ``count`` parts, a month apart. Raises NotFound, Conflict, Invalid by "count"."""
    if not FEWEST <= count <= MOST_ASKED:
        raise Invalid(errors={"count": [_("Choose how many parts")]})
    with transaction.atomic():
        row = own(actor).select_for_update().filter(pk=bill_id).first()
        if row is None:
            raise NotFound()
        if row.status != "due" or row.parts.exists():
            raise Conflict(code="not-in-parts", bill_status=row.status)
        row.parts_wanted = count
        row.save(update_fields=["parts_wanted"])


def agree(actor: Actor, bill_id: UUID, count: int, first: date) -> None:
    """Let a bill be paid in ``count`` parts, the first by ``first`` and then each month; interest stops until a part is
    late. An older agreement is replaced. Raises NotAllowed, NotFound, Conflict when it is not due, Invalid by field.
    """
    errors = {}
    if not FEWEST <= count <= MOST:
        errors["count"] = [_("Choose how many parts")]
    if first <= timezone.localdate():
        errors["first"] = [_("The first part must be paid on a later day than today")]
    if errors:
        raise Invalid(errors=errors)
    with transaction.atomic():
        row = due_bill(actor, bill_id)
        late.add_interest(row, timezone.localdate())
        row.parts.all().delete()
        models.Part.objects.bulk_create(_parts(row, count, first))
        row.parts_wanted, row.next_look = None, late.next_look(row, timezone.localdate())
        row.save(update_fields=["left", "added", "interest_to", "parts_wanted", "next_look"])
        _tell(row)


def _parts(row: models.Bill, count: int, first: date) -> list[models.Part]:
    """Equal parts of what is left of the bill itself; the first takes what does not go up."""
    each, over = divmod(late.principal(row), count)
    if each == 0:
        raise Invalid(errors={"count": [_("The bill is too small for so many parts")]})
    amounts = [each + over, *[each] * (count - 1)]
    return [models.Part(bill=row, day=months_after(first, place), amount=one) for place, one in enumerate(amounts)]


def decline(actor: Actor, bill_id: UUID) -> None:
    """The bill cannot be paid in parts. Raises NotAllowed, NotFound, Conflict when nobody asks."""
    with transaction.atomic():
        row = due_bill(actor, bill_id)
        if not row.parts_wanted:
            raise Conflict(code="not-asked")
        row.parts_wanted = 0
        row.save(update_fields=["parts_wanted"])
        _tell(row)


def _tell(row: models.Bill) -> None:
    notification.nudge(Party.parse(row.payer), "case-news", f"parts:{row.pk}:{timezone.now().timestamp()}")


# --- Credit notes --------------------------------------------------------------------------------------


def credit(actor: Actor, bill_id: UUID, amount: int, why: str) -> None:
    """Take ``amount`` øre off a bill, fees and interest first; what was paid of it goes back. Publishes
    "payment.credited". Raises NotAllowed, NotFound, Conflict when it is cancelled, Invalid by field.
    """
    with transaction.atomic():
        row = _held(actor, bill_id)
        if row.status not in ("due", "paid"):
            raise Conflict(code="not-due", bill_status=row.status)
        _check(row, amount, written(why))
        _credit(row, amount, written(why))


def _credit(row: models.Bill, amount: int, why: str) -> None:
    key = f"credit:{row.pk}:{models.Posting.objects.filter(subject=row.pk, kind='credited').count()}"
    off = min(amount, row.left)
    book(
        row.creditor,
        Move(key, "credited", earned(row), Account.RECEIVABLE, off, row.pk),
        Move(f"{key}:back", "credited", earned(row), Account.OWED, amount - off, row.pk),
    )
    _take_off(row, off, amount)
    settling.pay_back(row, amount - off, f"refund:{key}")
    told = Credit(key, row.pk, row.case, Text(row.text), row.kid, amount, row.left, why)
    events.publish("payment.credited", credit=told)


def lower(cases: Iterable[UUID], amount: int, why: str, *, paid: bool = True) -> int:
    """A new decision asks for less: take up to ``amount`` øre off what is billed in these cases, the newest first, in
    the caller's transaction. What was paid of it goes back; without ``paid`` only what is not paid is taken off.
    Returns what was taken off. Publishes "payment.credited".
    """
    left = amount
    states = ("due", "paid") if paid else ("due",)
    rows = models.Bill.objects.filter(case__in=list(cases), status__in=states).order_by("-id")
    for found in rows:
        hold(found)
        row = models.Bill.objects.select_for_update().get(pk=found.pk)
        off = min(left, row.amount - row.credited if paid else late.principal(row))
        if off and row.status in states:
            _credit(row, off + row.added, why)  # what it cost to be late with it falls away too
            left -= off
    return amount - left


def let_off(bill_id: UUID, amount: int, why: str) -> None:
    """Take ``amount`` øre off one bill, in the caller's transaction; what it cost to be late with it falls away too. A
    bill that is cancelled or paid back already is left as it is. Publishes "payment.credited"."""
    hold(models.Bill.objects.get(pk=bill_id))
    row = models.Bill.objects.select_for_update().get(pk=bill_id)
    off = min(amount, row.amount - row.credited)
    if off and row.status in ("due", "paid"):
        _credit(row, off + row.added, why)


def _check(row: models.Bill, amount: int, why: str) -> None:
    errors = {}
    if not 0 < amount <= row.amount + row.added - row.credited:
        errors["amount"] = [_("Write an amount that is not more than the bill")]
    if not why:
        errors["why"] = [_("Write why")]
    if errors:
        raise Invalid(errors=errors)


def _take_off(row: models.Bill, off: int, amount: int) -> None:
    added = min(off, row.added)
    row.left, row.added, row.credited = row.left - off, row.added - added, row.credited + amount - added
    if row.status == "due":
        settling.save_left(row)
    else:
        row.save(update_fields=["added", "credited"])
    if row.amount + row.added == row.credited and row.left == 0:  # all of it: nothing was to be paid
        row.status = "to-refund" if amount > off else "cancelled"
        row.save(update_fields=["status"])


# --- The treasurer's bills -----------------------------------------------------------------------------


def _held(actor: Actor, bill_id: UUID) -> models.Bill:
    owner = treasurer.office(actor)
    found = models.Bill.objects.filter(pk=bill_id, creditor=owner).first()
    if found is None:
        raise NotFound()
    hold(found)
    return models.Bill.objects.select_for_update().get(pk=bill_id)


def due_bill(actor: Actor, bill_id: UUID) -> models.Bill:
    """A bill of the treasurer's that is to be paid, held. Raises NotAllowed, NotFound, Conflict."""
    row = _held(actor, bill_id)
    if row.status != "due":
        raise Conflict(code="not-due", bill_status=row.status)
    return row


def bill(actor: Actor, bill_id: UUID) -> Bill:
    """A bill of the authority, as its treasurer sees it. Raises NotAllowed, NotFound."""
    row = models.Bill.objects.filter(pk=bill_id, creditor=treasurer.office(actor)).first()
    if row is None:
        raise NotFound()
    return read(row, whole=True)


def find(actor: Actor, kid: str) -> UUID:
    """The bill with this KID. Raises NotAllowed, Invalid by "kid"."""
    rows = models.Bill.objects.filter(kid="".join(kid.split()), creditor=treasurer.office(actor))
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        raise Invalid(errors={"kid": [_("We have no bill with this KID")]})
    return found


def asking(actor: Actor, limit: int = 100) -> list[Bill]:
    """Bills whose payers ask to pay in parts, oldest first. Raises NotAllowed."""
    rows = models.Bill.objects.filter(creditor=treasurer.office(actor), status="due", parts_wanted__gt=0)
    return [read(row) for row in rows.order_by("pk")[:limit]]


def overdue(actor: Actor, limit: int = 100) -> list[Bill]:
    """Bills that should have been paid before today, the oldest first; not those whose parts come in time. Raises
    NotAllowed."""
    today = timezone.localdate()
    rows = models.Bill.objects.filter(creditor=treasurer.office(actor), status="due", due__lt=today)
    rows = rows.order_by("due", "pk").prefetch_related("parts")[: 2 * limit]
    return [read(row) for row in rows if late.overdue(row, today)][:limit]


def not_paid(actor: Actor, limit: int = 100) -> list[Bill]:
    """Bills that two reminders have not helped, oldest first: what is done with them is decided outside. Raises
    NotAllowed."""
    rows = models.Bill.objects.filter(
        creditor=treasurer.office(actor), status="due", reminders__gte=late.MOST_REMINDERS,
        reminded__lt=timezone.localdate() - late.PATIENCE,
    )  # fmt: skip
    return [read(row) for row in rows.order_by("pk")[:limit]]
