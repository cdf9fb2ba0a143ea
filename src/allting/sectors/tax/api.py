"""Tax: what is reported about people, their returns, and what these come to."""

from allting.sectors.tax.returns.extra import Extra, extra_of, pay_extra
from allting.sectors.tax.returns.kinds import GROUPS, KINDS, Kind
from allting.sectors.tax.returns.making import SERVICE, deadline, last_day, make
from allting.sectors.tax.returns.own import Item, Return, add, attach, change, deliver, detach, undo, view, years
from allting.sectors.tax.returns.reports import Report, Taken, store, take

__all__ = [
    "Extra", "GROUPS", "KINDS", "Item", "Kind", "Report", "Return", "SERVICE", "Taken", "add", "attach", "change",
    "deadline", "deliver", "detach", "extra_of", "last_day", "make", "pay_extra", "store", "take", "undo", "view",
    "years",
]  # fmt: skip
