"""The law's calendar: working days, and deadlines that know holidays (Europe/Oslo)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from django.utils.translation import ngettext
from holidays import country_holidays

_PERIOD = re.compile(r"(\d+) (working day|day|week|month|year)s?")


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """Public holidays, movable ones too; plain Sundays are not among them."""
    return frozenset(country_holidays("NO", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in holidays(day.year)


def next_working_day(day: date) -> date:
    """``day`` itself, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def legal_deadline(start: date, period: str) -> date:
    """The last day of ``period`` ("3 weeks", "1 month", "5 working days") counted from ``start``.

    The day of the event is not counted; weeks, months and years end on the day of the same name or
    number, or the month's last day; a deadline that would end on a Saturday or a holiday ends on the
    next working day (domstolloven §§ 148–149, to which forvaltningsloven § 30 refers).
    Raises ValueError for a period it cannot read.
    """
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise ValueError(f"not a period: {period!r}; write as '3 weeks' or '5 working days'")
    count, unit = int(match[1]), match[2]
    if unit == "working day":
        return _working_days_after(start, count)
    if unit in ("day", "week"):
        end = start + timedelta(days=count * (7 if unit == "week" else 1))
    else:
        end = months_after(start, count * (12 if unit == "year" else 1))
    return next_working_day(end)


def _working_days_after(start: date, count: int) -> date:
    day = start
    for _day in range(count):
        day = next_working_day(day + timedelta(days=1))
    return day


def months_after(start: date, months: int) -> date:
    """The same day ``months`` later, or that month's last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month + 1, min(start.day, last))


def age(born: date, on: date) -> int:
    """Whole years lived on that day; someone born on 29 February turns a year on 1 March otherwise."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def spoken(text: str) -> str:
    """A legal period ("3 weeks") in the reader's language."""
    count, _space, unit = text.partition(" ")
    number = int(count)
    match unit.removesuffix("s"):
        case "working day":
            words = ngettext("%(num)d working day", "%(num)d working days", number)
        case "day":
            words = ngettext("%(num)d day", "%(num)d days", number)
        case "week":
            words = ngettext("%(num)d week", "%(num)d weeks", number)
        case "month":
            words = ngettext("%(num)d month", "%(num)d months", number)
        case _:
            words = ngettext("%(num)d year", "%(num)d years", number)
    return words % {"num": number}
