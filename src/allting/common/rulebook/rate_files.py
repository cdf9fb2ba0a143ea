"""A law's file of figures as people work on it: what is wrong with a text, and how it differs from another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allting.common.rulebook.wording import figure_words
from allting.kernel.rules import Rate, Rates, figures
from allting.kernel.rules.checking import faults
from allting.kernel.rules.proposal import Fault

_FAULTS: Mapping[str, Any] = {
    "not-yaml": gettext_lazy("this is not YAML: look for a missing colon, quote or indent here or on the line above"),
    "no-rates": gettext_lazy("there are no figures under “rates”"),
    "not-keys": gettext_lazy("write a name, a colon and a value here"),
    "unknown-key": gettext_lazy("“%(given)s” is not known here; known are %(known)s"),
    "missing": gettext_lazy("“%(given)s” is missing"),
    "no-rows": gettext_lazy("the figure has no value"),
    "not-a-day": gettext_lazy("“%(given)s” is not a date; write 2026-01-31"),
    "not-a-number": gettext_lazy("“%(given)s” is not a number"),
    "same-day": gettext_lazy("two values begin on %(given)s; say when the later one was adopted (“adopted”)"),
    "ends-before": gettext_lazy("it ends (%(given)s) before it begins"),
    "after-until": gettext_lazy("it begins after the last day of the file, %(given)s; move “until” too"),
    "other-shape": gettext_lazy("rules read it as a number, numbers by key or a list, and this is another of these"),
    "gone": gettext_lazy("“%(given)s” is gone, and rules count with it"),
}


def rate_faults(text: str, before: Rates | None) -> list[tuple[Fault, str]]:
    """What must be mended, in words, before anybody can count with the text in place of ``before``."""
    return [(one, str(_FAULTS[one.code] % one.given)) for one in faults(text, before)]


def rate_changes(before: str, after: str) -> list[str]:
    """How the figures of a text differ from another's, a line for each; nothing while one cannot be read."""
    if before == after:
        return []
    try:
        old, new = figures.parsed(before), figures.parsed(after)
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
        return []
    said = [line for name in dict.fromkeys((*old.names(), *new.names())) for line in _figure(old, new, name)]
    return said or [_("Words or comments are changed; every figure is as it was.")]


def _figure(old: Rates, new: Rates, name: str) -> Iterator[str]:
    was, now = _rows(old, name), _rows(new, name)
    title = {"title": (new if name in new.names() else old).title(name)}
    for key in sorted({*was, *now}):
        before, after = was.get(key), now.get(key)
        said = title | {"day": date_format(key[0], "DATE_FORMAT")}
        said |= {"before": figure_words(old, name, before) if before else ""}
        said |= {"after": figure_words(new, name, after) if after else ""}
        if before is None:
            yield _("%(title)s: %(after)s from %(day)s.") % said
        elif after is None:
            yield _("%(title)s: the value from %(day)s, %(before)s, is taken out.") % said
        elif before.value != after.value:
            yield _("%(title)s from %(day)s: %(before)s becomes %(after)s.") % said
        elif before != after:
            yield _("%(title)s from %(day)s: the last day, the paragraph or the source is another.") % said
    if name in old.names() and name in new.names() and old.title(name) != new.title(name):
        yield _("%(before)s is called %(title)s.") % (title | {"before": old.title(name)})


def _rows(read: Rates, name: str) -> dict[tuple[date, date], Rate]:
    rows = read.rows(name) if name in read.names() else ()
    return {(one.start, one.adopted or date.min): one for one in rows}
