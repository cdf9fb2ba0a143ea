"""How well a vacancy fits a person, said in words. Nothing is weighed that she cannot read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from allting.common.registers import api as registers
from allting.sectors.jobs import occupations
from allting.sectors.jobs.models import Vacancy
from allting.sectors.jobs.profiles import Cv

# How much each part counts beside the others she has chosen. Skills count by how many of those asked for she has.
WEIGHTS = {"skills": 40, "occupation": 25, "place": 20, "extent": 10, "kind": 5}
GOOD = 60


@dataclass(frozen=True, slots=True)
class Match:
    """``points`` from 0 to 100, and why: what fits, and what does not."""

    vacancy: Vacancy
    points: int
    fits: tuple[str, ...]
    lacks: tuple[str, ...]


def explain(cv: Cv, vacancy: Vacancy) -> Match:
    """Each part with its reason. What she has not chosen counts neither way."""
    fits: list[str] = []
    lacks: list[str] = []
    has, of = _skills(cv, vacancy, fits, lacks)
    for part, chosen, holds, yes, no in _wishes(cv, vacancy):
        if chosen:
            has, of = has + WEIGHTS[part] * holds, of + WEIGHTS[part]
            (fits if holds else lacks).append(yes if holds else no)
    return Match(vacancy, 100 * has // of if of else 0, tuple(fits), tuple(lacks))


def _skills(cv: Cv, vacancy: Vacancy, fits: list[str], lacks: list[str]) -> tuple[int, int]:
    """How much her skills count, of how much they could: nothing while she has told of none."""
    mine = set(cv.skills)
    has = [one for one in vacancy.skills if one in mine]
    missing = [one for one in vacancy.skills if one not in mine]
    if has:
        fits.append(gettext("You have: %(skills)s") % {"skills": ", ".join(has)})
    if missing:
        lacks.append(gettext("Not in your CV: %(skills)s") % {"skills": ", ".join(missing)})
    if not mine or not vacancy.skills:
        return 0, 0
    return WEIGHTS["skills"] * len(has) // len(vacancy.skills), WEIGHTS["skills"]


def _wishes(cv: Cv, vacancy: Vacancy) -> Iterable[tuple[str, bool, bool, str, str]]:
    """Part, whether she has chosen anything, whether it holds, and the words for yes and no."""
    place = registers.municipalities().get(vacancy.municipality, "")
    group, kind = str(occupations.GROUPS[vacancy.occupation]), str(occupations.KINDS[vacancy.kind])
    said = {"group": group, "place": place, "kind": kind.lower(), "extent": vacancy.extent}
    yield (
        "occupation", bool(cv.occupations), vacancy.occupation in cv.occupations,
        gettext("A kind of work you want: %(group)s") % said,
        gettext("Another kind of work than you chose: %(group)s") % said,
    )  # fmt: skip
    yield (
        "place", bool(cv.places), vacancy.municipality[:2] in cv.places,
        gettext("It is in %(place)s, where you can work") % said,
        gettext("It is in %(place)s, outside the counties you chose") % said,
    )  # fmt: skip
    yield (
        "extent", cv.extent > 1, vacancy.extent >= cv.extent,
        gettext("%(extent)s per cent is enough for you") % said,
        gettext("%(extent)s per cent is less than you want") % said,
    )  # fmt: skip
    yield (
        "kind", bool(cv.kinds), vacancy.kind in cv.kinds,
        gettext("The kind of employment you want: %(kind)s") % said,
        gettext("Another kind of employment than you chose: %(kind)s") % said,
    )  # fmt: skip


def best(cv: Cv, vacancies: Iterable[Vacancy], limit: int = 10) -> list[Match]:
    """Those that fit well, best first."""
    found = (explain(cv, one) for one in vacancies)
    good = [one for one in found if one.points >= GOOD]
    return sorted(good, key=lambda one: -one.points)[:limit]
