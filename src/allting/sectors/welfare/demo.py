"""The demo country's job seeker: Amir has unemployment benefit from four weeks ago, and a card to send."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from allting.common.cases import api as cases
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Level
from allting.kernel.problems import Invalid, NotFound
from allting.sectors.welfare import awards, periods

SEEKER, BEGAN = "neighbour", 4  # weeks ago
_PDF = b"%PDF-1.7\n%made up\n"
_ANSWERS = {
    "job": {"how": ["ended"], "last_day": [""]},
    "hours": {"hours_before": ["37,5"], "hours_now": ["0"], "start": [""]},
    "income": {"income_12": ["500 000"], "income_36": ["1 400 000"]},
    "seeker": {"can": ["full", "anywhere", "any"], "studies": ["no"], "registered": ["yes"]},
}


def load() -> None:
    """Apply as he would, and let Nav's officer grant it; not twice, and not in a year whose figures are not here."""
    who, nav = _people()
    if who is None or nav is None or awards.mine(who) is not None:
        return
    with suppress(Invalid), transaction.atomic():
        _grant(who, nav)


def _grant(who: Actor, nav: Actor) -> None:
    today = timezone.localdate()
    draft = cases.start(who, awards.SERVICE)
    cases.attach(who, draft, "letter", "arbeidsavtale.pdf", _PDF)
    answers = _ANSWERS | {"job": _ANSWERS["job"] | {"last_day": [today.isoformat()]}}
    answers["hours"] = answers["hours"] | {"start": [today.isoformat()]}
    for page, typed in answers.items():
        cases.save(who, draft, page, typed)
    case = cases.submit(who, draft)
    view = cases.for_officer(nav, case)
    began = periods.monday(today) - timedelta(weeks=BEGAN)
    cases.decide(nav, case, view.revision, "granted", "Arbeidsavtalen er ute.", {"start": began.isoformat()})


def _people() -> tuple[Actor | None, Actor | None]:
    found = registers.demo_person(SEEKER)
    try:
        nav = registers.authority("nav")
    except NotFound:
        return None, None
    officer = next((person for person, _name in registers.officers(nav.id)), None)
    if found is None or officer is None:
        return None, None
    person, name = found
    return Actor(person, Level.SUBSTANTIAL, name=name), Actor(officer, name="Nav").as_officer(nav.id, nav.name)

