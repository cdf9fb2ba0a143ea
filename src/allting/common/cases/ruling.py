"""What a decision says: chosen by an officer or answered by a rule, with the facts that the rule was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.cases.facts import Fact, as_given, corrected, facts
from allting.common.cases.journalling import contents
from allting.common.cases.lifecycle import said
from allting.common.cases.models import Case, Event
from allting.common.catalogue import api as catalogue
from allting.kernel.problems import Invalid
from allting.kernel.rules import Outcome
from allting.kernel.text import Text, written

LONGEST = 20_000
Decision = Literal["decided", "reversed", "appeal-decided"]


@dataclass(frozen=True, slots=True)
class Ruled:
    """An outcome, and the facts it was counted from: kept with the decision, so that a later one starts from them."""

    outcome: Outcome
    facts: Mapping[str, str] = field(default_factory=dict)


def last_facts(case: Case) -> Mapping[str, str]:
    """What the rule was given at the latest decision; empty before the first."""
    latest = Event.objects.filter(case=case, kind__in=get_args(Decision)).order_by("-id").first()
    found: Mapping[str, str] = said(latest).get("facts", {}) if latest else {}
    return found


def referral(case: Case) -> Text | None:
    """Why an officer must look at the application before the rule decides; None when the rule may."""
    service, held = catalogue.at(case.service, case.digest).service, contents(case)
    return catalogue.referral(service, held["answers"], held["known"], timezone.localdate(case.submitted))


def of_rule(case: Case) -> Ruled:
    """What the rule answers to the application as it was sent. Raises as ``catalogue.decide``."""
    published = catalogue.at(case.service, case.digest)
    held, day = contents(case), timezone.localdate(case.submitted)
    outcome = catalogue.decide(published.service, held["answers"], held["known"], day, published.folder)
    return Ruled(outcome, as_given(facts(published, held, day)))


def of_facts(case: Case, held: Mapping[str, Any], found: list[Fact]) -> Outcome | None:
    """What the rule answers to the facts as they stand, for the officer to see first; None when it cannot."""
    published = catalogue.at(case.service, case.digest)
    if not published.service.by_rule:
        return None
    try:
        return corrected(published, held, as_given(found), timezone.localdate(case.submitted))
    except Invalid:
        return None


def of_officer(case: Case, outcome: str, grounds: str, corrections: Mapping[str, Any] | None) -> Ruled:
    """What the officer chose; where a rule knows how to count, it counts. Raises Invalid."""
    if outcome not in ("granted", "refused"):
        raise Invalid(errors={"outcome": [_("Choose a result")]})
    words = written(grounds)
    if len(words) > LONGEST:
        raise Invalid(errors={"grounds": [_("Write at most 20000 characters")]})
    if outcome == "refused" and not words:
        raise Invalid(errors={"grounds": [_("A refusal needs grounds")]})
    said_why = (Text.same(words),) if words else ()
    by_rule = catalogue.at(case.service, case.digest).service.by_rule
    if outcome == "refused" or not by_rule:
        return Ruled(Outcome(outcome == "granted", said_why))
    return _counted(case, said_why, corrections or {})


def _counted(case: Case, said_why: tuple[Text, ...], corrections: Mapping[str, Any]) -> Ruled:
    published = catalogue.at(case.service, case.digest)
    held, day = contents(case), timezone.localdate(case.submitted)
    given = as_given(facts(published, held, day, last_facts(case)))
    given |= {name: str(text) for name, text in corrections.items() if name in given and text not in (None, "")}
    ruled = corrected(published, held, given, day)
    if not ruled.granted:
        refuses = _("With these facts the rule refuses. Correct the fact that was wrong.")
        raise Invalid(errors={"facts": [refuses, *ruled.grounds]})
    return Ruled(replace(ruled, grounds=(*said_why, *ruled.grounds)), given)
