"""All service files and life events of this installation, read once and checked against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from pydantic import Field

from allting.common.catalogue import evaluation, reading
from allting.common.catalogue.definition import Service
from allting.common.catalogue.members import Effect, Part, Rule, Slug, Texts
from allting.common.catalogue.reading import BadFile, Fault
from allting.common.exchange import api as exchange
from allting.kernel.text import Text

PACKAGE = Path(__file__).resolve().parents[2]
EFFECTS: dict[str, tuple[str, ...]] = {}  # filled by the rooms that carry them out, see api.effect


class Advice(Part):
    """One step of a life event: a service here, or something to know with a link elsewhere."""

    service: Slug | None = None
    title: Text | None = None
    text: Text | None = None


class LifeEvent(Part):
    """What people go through, with the services of all authorities that belong to it."""

    life_event: Slug
    business: bool = Field(default=False, description="it happens to an enterprise, not to a person")
    title: Text
    summary: Text
    about: Texts = ()
    words: tuple[str, ...] = ()
    steps: tuple[Advice, ...] = Field(min_length=1)


class Theme(Part):
    los: str
    title: Text


@dataclass(frozen=True, slots=True)
class Published:
    """A service as it stands in its file: the definition, the text it was read from, and where rules stand."""

    service: Service
    folder: Path
    text: str
    digest: str

    @property
    def slug(self) -> str:
        return self.service.service


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything on offer."""

    services: Mapping[str, Published]
    life_events: Mapping[str, LifeEvent]


def folders() -> list[Path]:
    """Where service files are found: each sector's ``services``, and SERVICE_FOLDERS."""
    return [*sorted((PACKAGE / "sectors").glob("*/services")), *settings.SERVICE_FOLDERS]


@cache
def themes() -> Mapping[str, Theme]:
    data = yaml.safe_load((Path(__file__).parent / "themes.yaml").read_text(encoding="utf-8"))
    return {name: Theme.model_validate(one) for name, one in data.items()}


@cache
def shelf() -> Shelf:
    """This installation's services. Raises BadFile: a platform with a bad file does not start."""
    return load(folders())


def load(where: Iterable[Path]) -> Shelf:
    """Read every file of the folders (and life events of ``life_events`` beside them). Raises BadFile."""
    services: dict[str, Published] = {}
    events: dict[str, LifeEvent] = {}
    faults: list[Fault] = []
    for folder in where:
        if not folder.is_dir():
            faults.append(Fault(folder, 1, "there is no such folder; mend SERVICE_FOLDERS"))
        for path in sorted(folder.glob("*.yaml")):
            _collect(path, services, faults)
        for path in sorted((folder.parent / "life_events").glob("*.yaml")):
            try:
                event = reading.read(path, LifeEvent)
                events[event.life_event] = event
            except BadFile as bad:
                faults += bad.faults
    faults += _loose_ends(services, events) if not faults else []
    if faults:
        raise BadFile(faults)
    return Shelf(services, events)


def _collect(path: Path, services: dict[str, Published], faults: list[Fault]) -> None:
    try:
        published = read(path)
    except BadFile as bad:
        faults += bad.faults
        return
    if published.slug in services:
        other = services[published.slug].folder / f"{published.slug}.yaml"
        faults.append(Fault(path, 1, f"the service {published.slug!r} is already described in {other}"))
    services[published.slug] = published


def read(path: Path, text: str | None = None) -> Published:
    """One service file. Raises BadFile."""
    service = reading.read(path, Service, text)
    text = path.read_text(encoding="utf-8") if text is None else text
    published = Published(service, path.parent, text, reading.digest(text))
    faults = [Fault(path, reading.line_at(text, *where), said) for where, said in _faults(published, path)]
    if faults:
        raise BadFile(faults)
    return published


def _faults(published: Published, path: Path) -> Iterator[tuple[tuple[str, ...], str]]:
    """What the file says about things outside it."""
    service = published.service
    if service.service != path.stem:
        yield ("service",), f"the file is called {path.name}; call the service {path.stem!r} or rename the file"
    sets = [(("knows", name, "from"), known.source) for name, known in service.knows.items()]
    for where, source in [*sets, *((("corrects",), one) for one in service.corrects)]:
        if source not in exchange.datasets():
            yield where, f"no data set {source!r}; there is {', '.join(exchange.datasets())}"
    for theme in service.themes:
        if theme not in themes():
            yield ("themes",), f"no theme {theme!r}; use one of {', '.join(themes())} or add it to themes.yaml"
    if isinstance(service.decide, Rule) and (why := evaluation.unfit(service.decide, published.folder)):
        yield ("decide",), why
    if service.effect:
        yield from _unknown_effect(service.effect)


def _unknown_effect(effect: Effect) -> Iterator[tuple[tuple[str, ...], str]]:
    if effect.do not in EFFECTS:
        yield ("effect", "do"), f"no effect {effect.do!r}; there is {', '.join(sorted(EFFECTS))}"
    elif set(effect.given) != set(EFFECTS[effect.do]):
        yield ("effect", "with"), f"{effect.do} wants {', '.join(EFFECTS[effect.do])}"


def loose_ends(services: Mapping[str, Published], events: Mapping[str, LifeEvent]) -> list[Fault]:
    """Life events that services name, and that are not there."""
    faults = []
    for one in services.values():
        path = one.folder / f"{one.slug}.yaml"
        for name in one.service.life_events:
            if name not in events:
                faults.append(Fault(path, reading.line_at(one.text, "life_events"), f"no life event {name!r}"))
    return faults


def _loose_ends(services: Mapping[str, Published], events: Mapping[str, LifeEvent]) -> list[Fault]:
    faults = loose_ends(services, events)
    for event in events.values():
        for step in event.steps:
            if step.service and step.service not in services:
                faults.append(Fault(Path(f"{event.life_event}.yaml"), 1, f"no service {step.service!r}"))
    return faults
