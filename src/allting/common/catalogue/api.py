"""Services and life events: what is on offer, found by the words people use, and what a file means for answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from allting.common.catalogue import shelf as _shelf
from allting.common.catalogue.definition import Service
from allting.common.catalogue.evaluation import (
    Reading,
    arguments,
    arguments_called,
    as_known,
    as_typed,
    asked,
    deadline,
    decide,
    fee,
    filled,
    origin,
    prefilled,
    read,
    recheck,
    referral,
    scope,
    shown,
    stops,
    try_example,
)
from allting.common.catalogue.evaluation import rule as rule_of
from allting.common.catalogue.kinds import KINDS, Wrong, choices, show
from allting.common.catalogue.kinds.composed import rows_of
from allting.common.catalogue.members import FormField, Page, Rule, Stop
from allting.common.catalogue.models import Version
from allting.common.catalogue.reading import BadFile, Fault, as_data
from allting.common.catalogue.schema import is_text, json_schema
from allting.common.catalogue.search import Hit, Index
from allting.common.catalogue.shelf import LifeEvent, Published, Theme, folders, load, themes
from allting.kernel.problems import NotFound
from allting.kernel.rules import Outcome
from allting.kernel.text import Text, alphabetical

__all__ = [
    "KINDS", "BadFile", "Fault", "FormField", "Hit", "LifeEvent", "Page", "Published", "Reading", "Rule", "Service",
    "Stop", "Theme", "Wrong", "arguments", "as_data", "as_known", "as_typed", "asked", "at", "called", "check",
    "choices", "correction", "deadline", "decide", "effect", "fee", "filled", "find", "folders", "is_text",
    "json_schema", "keep", "life_event", "life_events", "load", "origin", "prefilled", "proposed", "read", "recheck",
    "referral", "rows_of", "rule", "scope", "service", "services", "show", "shown", "start_up", "stops",
    "themes", "tried",
]  # fmt: skip


def start_up() -> None:
    """Read everything now. Raises BadFile, so that a platform with a bad file does not start."""
    _index()


def services() -> Sequence[Published]:
    """Every service, by title."""
    return sorted(_shelf.shelf().services.values(), key=lambda one: alphabetical(one.service.title))


def service(slug: str) -> Published:
    """The service as its file says now. Raises NotFound."""
    found = _shelf.shelf().services.get(slug)
    if found is None:
        raise NotFound(code="no-such-service")
    return found


def correction(dataset: str, audience: str) -> Service | None:
    """The service by which citizens, or enterprises, report mistakes in a data set to whoever keeps it; None when
    there is none."""
    every = (one.service for one in _shelf.shelf().services.values())
    return next((one for one in every if dataset in one.corrects and one.audience == audience), None)


def life_events() -> Sequence[LifeEvent]:
    return sorted(_shelf.shelf().life_events.values(), key=lambda one: alphabetical(one.title))


def life_event(slug: str) -> LifeEvent:
    """Raises NotFound."""
    found = _shelf.shelf().life_events.get(slug)
    if found is None:
        raise NotFound(code="no-such-life-event")
    return found


def find(query: str, limit: int = 20) -> Sequence[Hit]:
    """Services and life events for these words, best first."""
    return _index().find(query, limit)


def keep(published: Published) -> str:
    """Keep the file as it is now, in the caller's transaction; returns its digest, which ``at`` takes."""
    known = Version.objects.filter(service=published.slug, digest=published.digest).exists()
    if not known:
        row = Version(
            service=published.slug, digest=published.digest, text=published.text, folder=str(published.folder)
        )
        Version.objects.bulk_create([row], ignore_conflicts=True)
    return published.digest


def at(slug: str, digest: str) -> Published:
    """The service as its file said when ``keep`` gave this digest. Raises NotFound."""
    now = _shelf.shelf().services.get(slug)
    return now if now is not None and now.digest == digest else _kept(slug, digest)


@cache
def _kept(slug: str, digest: str) -> Published:
    row = Version.objects.filter(service=slug, digest=digest).first()
    if row is None:
        raise NotFound(code="no-such-service")
    now = _shelf.shelf().services.get(slug)
    folder = now.folder if now else Path(row.folder)
    return _shelf.read(folder / f"{slug}.yaml", row.text)


def check(where: Sequence[Path]) -> list[Fault]:
    """Every fault of these folders' files, read with all others: keys, names, rules, and what examples promise."""
    others = [folder for folder in folders() if folder not in where]
    try:
        found = load([*others, *where])
    except BadFile as bad:
        return bad.faults
    return [fault for one in found.services.values() if one.folder in where for fault in _broken(one)]


def proposed(slug: str, text: str) -> tuple[Published | None, list[Fault]]:
    """A text that is not published, read as ``slug``'s file with all others; None when it cannot be read at all.

    Rules come from what is published: code that is only proposed is never run.
    """
    now = _shelf.shelf().services.get(slug)
    folder = now.folder if now else Path("proposed")
    try:
        found = _shelf.read(folder / f"{slug}.yaml", text)
    except BadFile as bad:
        return None, bad.faults
    loose = _shelf.loose_ends({slug: found}, _shelf.shelf().life_events)
    return found, [*loose, *_broken(found)]


def tried(published: Published) -> list[tuple[Any, str]]:
    """Each example of a file, with what differs from what it promises; empty when it came out so."""
    return [(example, _try(published, example)) for example in published.service.examples]


def _broken(one: Published) -> list[Fault]:
    return [
        Fault(one.folder / f"{one.slug}.yaml", _example_line(one.text, place), f"example {place}: {said}")
        for place, (_example, said) in enumerate(tried(one), 1)
        if said
    ]


def _try(one: Published, example: Any) -> str:
    try:
        return try_example(one.service, example, one.folder)
    except (ValueError, TypeError, KeyError, LookupError, AttributeError) as error:
        return f"cannot be computed: {type(error).__name__}: {error}"


def _example_line(text: str, place: int) -> int:
    lines = text.splitlines()
    start = next((number for number, line in enumerate(lines) if line.startswith("examples:")), 0)
    items = [number for number, line in enumerate(lines) if number > start and line.lstrip().startswith("- ")]
    depths = [len(lines[number]) - len(lines[number].lstrip()) for number in items]
    tops = [number for number, depth in zip(items, depths, strict=True) if depth == min(depths)]
    return tops[place - 1] + 1 if place <= len(tops) else start + 1


def rule(published: Published) -> Callable[..., Outcome]:
    """The function that decides a service by rule. Raises ValueError when it is not there."""
    assert isinstance(published.service.decide, Rule)
    return rule_of(published.service.decide, published.folder)


def called(published: Published) -> dict[str, Text]:
    """What people call the arguments of the rule that decides, and the keys of its choices ("name.key")."""
    return arguments_called(published.service, published.folder)


def effect(name: str, wants: Sequence[str]) -> None:
    """A room tells, in its ``apps.py``, that it carries out ``name`` with these arguments."""
    _shelf.EFFECTS[name] = tuple(wants)


@cache
def _index() -> Index:
    index = Index()
    for one in _shelf.shelf().services.values():
        service = one.service
        named = [str(word) for name in service.themes for word in themes()[name].title.as_dict().values()]
        weighted: dict[float, Sequence[str]] = {
            10: [*service.title.as_dict().values()],
            8: service.words,
            4: named,
            2: [*service.summary.as_dict().values()],
        }
        index.add("service", one.slug, weighted)
    for event in _shelf.shelf().life_events.values():
        title, summary = event.title.as_dict().values(), event.summary.as_dict().values()
        index.add("life_event", event.life_event, {7: [*title], 6: event.words, 2: [*summary]})
    return index
