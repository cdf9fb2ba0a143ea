"""The way of an application through a service, drawn as SVG on the server; ``steps`` say the same in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from allting.common.catalogue import api as catalogue
from allting.common.registers import api as registers
from allting.kernel.calendar import spoken

WIDTH: Final = 300  # one unit is a pixel on a narrow phone
GAP: Final = 22
LINE: Final = 16
PADDING: Final = 10
_TITLE, _NOTE, _HALF = 36, 44, 19  # letters on a line: of a title, of a note, and in half the width


@dataclass(frozen=True, slots=True)
class Step:
    """One stage: what happens, and under which conditions. ``kind``: start, page, stage, granted or refused."""

    kind: str
    title: str
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words in a box."""

    y: int
    text: str
    title: bool


@dataclass(frozen=True, slots=True)
class Box:
    """A step where it stands in the drawing."""

    kind: str
    x: int
    y: int
    width: int
    height: int
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes, and arrows from x, y straight or bent down to x, y."""

    width: int
    height: int
    boxes: Sequence[Box]
    arrows: Sequence[str]


def steps(service: catalogue.Service) -> list[Step]:
    """From the start to what comes out of it."""
    return [_start(service), *map(_page, service.asks), *_after(service), *_ends(service)]


def _start(service: catalogue.Service) -> Step:
    notes = [_("Cannot be applied for when %(when)s") % {"when": one.when} for one in service.refuse_if]
    level = {"substantial": _("substantial"), "high": _("high")}[service.level]
    return Step("start", _("Log in, level %(level)s") % {"level": level}, notes)


def _page(page: catalogue.Page) -> Step:
    notes = [_("Asked only when %(when)s") % {"when": page.show_if}] if page.show_if else []
    notes.append(_("Questions: %(count)d") % {"count": len(page.fields)})
    for one in page.fields.values():
        if one.show_if:
            notes.append(_("“%(what)s” only when %(when)s") % {"what": one.label, "when": one.show_if})
    return Step("page", str(page.title), notes)


def _after(service: catalogue.Service) -> Iterator[Step]:
    sign = service.sign
    notes = [_("Others who sign: %(who)s, within %(within)s") % {"who": sign.also, "within": spoken(sign.within)}]
    if sign.when:
        notes.append(_("Asked only when %(when)s") % {"when": sign.when})
    notes += [_("Each fills in “%(what)s”, for the authority only") % {"what": one.title} for one in sign.asks]
    yield Step("stage", _("Look through and sign"), notes if sign.also else [])
    if service.fee:
        yield Step("stage", _("Pay %(kroner)d kroner") % {"kroner": service.fee.kroner}, [service.fee.law])
    notes = [_("Answer within %(period)s") % {"period": spoken(service.deadline)}]
    notes += [f"{one.text}: {spoken(one.within)}" for one in service.deadline_if]
    if isinstance(service.decide, catalogue.Rule):
        yield Step("stage", _("A rule decides"), [service.decide.rule, *notes])
    else:
        title = _("Two officers decide") if service.countersigned else _("An officer decides")
        yield Step("stage", title, notes)


def _ends(service: catalogue.Service) -> Iterator[Step]:
    yield Step("granted", _("Granted"), [service.effect.do] if service.effect else [])
    told = {"period": spoken(service.appeal.within), "who": _to(service)}
    yield Step("refused", _("Refused"), [_("Appeal within %(period)s to %(who)s") % told])


def _to(service: catalogue.Service) -> str:
    return _("the body above") if service.appeal.to == registers.SUPERIOR else service.appeal.to


def drawing(found: Sequence[Step]) -> Drawing:
    """The last two steps stand beside each other; all others one below the other."""
    boxes: list[Box] = []
    y = 2
    for one in found[:-2]:
        boxes.append(_box(one, 1, y, WIDTH - 2, _TITLE, _NOTE))
        y += boxes[-1].height + GAP
    half = (WIDTH - 2 - PADDING) // 2
    ends = [_box(one, x, y, half, _HALF, _HALF + 2) for one, x in zip(found[-2:], (1, WIDTH - 1 - half), strict=True)]
    arrows = [_arrow(WIDTH // 2, one.y + one.height, WIDTH // 2) for one in boxes[:-1]]
    last = boxes[-1].y + boxes[-1].height
    arrows += [_arrow(WIDTH // 2, last, one.x + half // 2) for one in ends]
    return Drawing(WIDTH, y + max(one.height for one in ends) + 2, [*boxes, *ends], arrows)


def _arrow(x: int, y: int, to: int) -> str:
    """A path with its head, as SVG writes it."""
    end = y + GAP - 2
    bend = "" if x == to else f"V{y + GAP // 2 - 2}H{to}"
    return f"M{x} {y}{bend}V{end}M{to - 4} {end - 5}L{to} {end}L{to + 4} {end - 5}"


def _box(step: Step, x: int, y: int, width: int, title: int, note: int) -> Box:
    words: list[tuple[str, bool]] = [(one, True) for one in _wrapped(step.title, title)]
    words += [(one, False) for text in step.notes for one in _wrapped(text, note)]
    lines = [Line(y + PADDING + 12 + place * LINE, text, bold) for place, (text, bold) in enumerate(words)]
    return Box(step.kind, x, y, width, 2 * PADDING + len(lines) * LINE, lines)


def _wrapped(text: Any, width: int) -> list[str]:
    """At most three lines; the words beside the drawing have the rest."""
    return textwrap.wrap(str(text), width, max_lines=3, placeholder=" …") or [""]
