"""The rates of laws in the studio: who keeps a file of figures writes a new value, and sees what it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from allting.common.catalogue import api as catalogue
from allting.common.rulebook import api as rulebook
from allting.common.studio import access, drafting, edits
from allting.common.studio.changing import ELSEWHERE
from allting.common.studio.drafting import Opened
from allting.common.studio.finding import Finding
from allting.common.studio.rows import Form, Row, row_of
from allting.kernel.actor import Actor
from allting.kernel.problems import Invalid, NotFound
from allting.kernel.rules import NoRate, Rate, Rates, figures
from allting.kernel.text import alphabetical

DATASET = "studio.rates"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a file: what it is today in words (empty when nothing is in force), and each of its rows."""

    name: str
    title: Any
    law: str
    today: str
    rows: Sequence[tuple[int, Rate, str]]
    plot: Any
    keys: Mapping[str, Any]
    listed: bool  # a list of what may be chosen: changed in the whole text
    said: frozenset[tuple[int, str]]  # what each row says itself, and not the file or the figure


@dataclass(frozen=True, slots=True)
class Tried:
    """What a text would do. ``examples``: of services whose rules count with it and end otherwise than promised."""

    findings: Sequence[Finding]
    changes: Sequence[str] = ()
    examples: Sequence[tuple[Any, str, str]] = ()  # the service, the example's name, and what differs


def files(actor: Actor) -> list[Opened]:
    """The files of figures that her authority keeps. Raises NotAllowed."""
    own = access.authority(actor)
    kept = [_opened(key) for key, path in _found().items() if access.keeps(own, _published(path).kept_by)]
    return sorted(kept, key=lambda one: (alphabetical(one.title), one.slug))


def opened(actor: Actor, key: str) -> Opened:
    """One of them, ``<sector>.<law>``. Raises NotAllowed, NotFound."""
    _mine(actor, key)
    return _opened(key)


def figures_of(text: str) -> list[Figure]:
    """Each figure of a text that is right; as much as can be read of one that is not, else nothing."""
    try:
        read, data = figures.parsed(text), catalogue.as_data(text)["rates"]
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, catalogue.BadFile):
        return []
    return [_figure(read, name, _listed_in(data[name])) for name in read.names()]


def shown(one: Figure, place: int | None) -> dict[str, str]:
    """What a row's form begins with: the row itself; for a new one the newest paragraph. Raises NotFound."""
    found = next((row for at, row, _said in one.rows if at == place), None)
    if place is not None and found is None:
        raise NotFound(code="no-such-figure")
    if found is None:
        return {"law": one.rows[-1][1].law}
    plain = {name: str(day) for name, day in (("from", found.start), ("adopted", found.adopted)) if day}
    plain |= {"law": found.law, "source": found.source, "to": str(found.end) if (place, "to") in one.said else ""}
    values = found.value if isinstance(found.value, Mapping) else {"": found.value}
    return plain | {f"value.{key}" if key else "value": _typed(value) for key, value in values.items()}


def _typed(value: Any) -> str:
    """A number as it is typed: with a comma, and without noughts that say nothing."""
    return f"{value.normalize():f}".replace(".", ",")


def changes(now: Opened) -> list[str]:
    """How the figures of an opened file differ from what is published, in words."""
    return rulebook.rate_changes(now.published, now.text)


def trial(actor: Actor, key: str, text: str) -> Tried:
    """Check a text, tell how it differs from what is published, and run the examples of the services beside it."""
    path = _mine(actor, key)
    said = [_finding(one, words) for one, words in rulebook.rate_faults(text, _published(path))]
    other = rulebook.rate_changes(path.read_text(encoding="utf-8"), text)
    if said:
        return Tried(said, other)
    return Tried(said, other, list(_otherwise(path, figures.parsed(text))) if other else [])


def put(actor: Actor, key: str, name: str, place: int | None, form: Form, base: str) -> None:
    """Add a row to a figure, or change that at ``place``. Raises Invalid by input, Conflict, NotFound, Unavailable."""

    def changed(text: str) -> str:
        where, row = _row(text, name, place, form)
        try:
            text = edits.add(text, where, row) if place is None else edits.put(text, (*where, place), row)
            return _versioned(text, opened(actor, key).published)
        except edits.NotHere:
            raise Invalid(errors={"value": [ELSEWHERE]}) from None

    drafting.keep(lambda: opened(actor, key), base, changed)


def take(actor: Actor, key: str, name: str, place: int, base: str) -> None:
    """Take a row out. Raises as ``put``."""

    def changed(text: str) -> str:
        where = _rows_at(text, name)
        try:
            return _versioned(edits.take(text, (*where, place)), opened(actor, key).published)
        except (edits.NotHere, IndexError, KeyError):
            raise Invalid(errors={"value": [ELSEWHERE]}) from None

    drafting.keep(lambda: opened(actor, key), base, changed)


def keep(actor: Actor, key: str, text: str, base: str) -> None:
    """Keep a text as the draft, right or not, as long as it is YAML that names the same keeper."""
    path = _mine(actor, key)
    if drafting.as_data(text).get("kept_by", "") != _published(path).kept_by:
        raise Invalid(errors={"text": [_("kept_by: the figures cannot be given to another authority here")]})
    drafting.keep(lambda: opened(actor, key), base, lambda now: text)


def discard(actor: Actor, key: str) -> bool:
    return drafting.discard(opened(actor, key))


def save(actor: Actor, key: str, base: str) -> bool:
    """Save the draft for review, when it is right; whether it was committed. Raises as a service's ``save``."""
    own = access.authority(actor)
    with drafting.held(lambda: opened(actor, key), base) as now:
        drafting.must_be_right(trial(actor, key, now.text).findings)
        law = str(catalogue.as_data(now.text)["law"])
        return drafting.save(actor, own, DATASET, now, law, lambda: changes(now))


def patch(actor: Actor, key: str) -> str:
    return drafting.patch(opened(actor, key))


# --- Where they are --------------------------------------------------------------------------------------


def _found() -> dict[str, Path]:
    """Every file of figures: in a sector's ``rates``, and beside the folders of SERVICE_FOLDERS."""
    return _listed(tuple(map(str, settings.SERVICE_FOLDERS)))


@cache
def _listed(more: tuple[str, ...]) -> dict[str, Path]:
    sectors = [Path(one.path) for one in apps.get_app_configs() if one.name.startswith("allting.sectors.")]
    folders = [*sectors, *(Path(one).resolve().parent for one in more)]
    return {f"{one.name}.{file.stem}": file for one in folders for file in sorted(one.glob("rates/*.yaml"))}


def _mine(actor: Actor, key: str) -> Path:
    own, path = access.authority(actor), _found().get(key)
    if path is None or not access.keeps(own, _published(path).kept_by):
        raise NotFound(code="no-such-rates")
    return path


@cache
def _published(path: Path) -> Rates:
    return figures.read(path)


def _opened(key: str) -> Opened:
    path = _found()[key]
    text = path.read_text(encoding="utf-8")
    law = str(catalogue.as_data(text)["law"])
    return drafting.opened(key, law[:1].upper() + law[1:], text)


# --- What stands there -----------------------------------------------------------------------------------


def _figure(read: Rates, name: str, written: Sequence[Row]) -> Figure:
    """``written``: the rows as the file has them; each is changed at its place there."""
    places = {(row["from"], row.get("adopted")): place for place, row in enumerate(written)}
    words = [(row, rulebook.figure_words(read, name, row)) for row in read.rows(name)]
    rows = [(places[row.start, row.adopted], row, said) for row, said in words]
    try:
        now = read.rate(name, timezone.localdate())
    except NoRate:
        now = None
    listed = isinstance(rows[-1][1].value, tuple)
    keys = read.keys.get(read.by.get(name, ""), {})
    today = rulebook.figure_words(read, name, now) if now else ""
    law = (now or rows[-1][1]).law
    said = frozenset((place, key) for place, row in enumerate(written) for key in row)
    plot = rulebook.plot(read, name, words)
    return Figure(name, read.title(name), law, today, rows, plot, keys, listed, said)


def _listed_in(figure: Any) -> Sequence[Row]:
    rows: Sequence[Row] = figure["values"] if isinstance(figure, dict) else figure
    return rows


def _finding(fault: Any, words: str) -> Finding:
    name = fault.given.get("figure", "")
    return Finding(fault.line, words, (), name or _("The whole text"), link=f"figures/{name}" if name else "text")


def _otherwise(path: Path, proposed: Rates) -> Any:
    beside = path.parent.parent / "services"
    with figures.tried(path, proposed):
        for one in catalogue.services():
            if one.folder == beside:
                yield from (
                    (one.service.title, str(example.name or number), said)
                    for number, (example, said) in enumerate(catalogue.tried(one), 1)
                    if said
                )


# --- Changing it -----------------------------------------------------------------------------------------


def _rows_at(text: str, name: str) -> tuple[str, ...]:
    """Where the rows of a figure stand. Raises NotFound."""
    data = catalogue.as_data(text).get("rates")
    if not isinstance(data, dict) or name not in data:
        raise NotFound(code="no-such-figure")
    return ("rates", name, "values") if isinstance(data[name], dict) else ("rates", name)


def _row(text: str, name: str, place: int | None, form: Form) -> tuple[tuple[str, ...], Row]:
    where, data = _rows_at(text, name), catalogue.as_data(text)
    given = data["rates"][name]
    common, listed = (given if isinstance(given, dict) else {}), _listed_in(given)
    if place is not None and not 0 <= place < len(listed):
        raise NotFound(code="no-such-figure")
    keys = list((data.get("keys") or {}).get(common.get("by")) or ())
    return where, row_of(form, common, listed[-1] if place is None else listed[place], keys, new=place is None)


def _versioned(text: str, published: str) -> str:
    """A changed file has another version than the published one: decisions say which they were made by."""
    before = str(catalogue.as_data(published)["version"])
    if str(catalogue.as_data(text).get("version")) != before:
        return text
    today = timezone.localdate().isoformat()
    return edits.put(text, ("version",), today if today != before else f"{today}.2")
