"""Searches that people want to hear of: told by SMS and e-mail, once a day at most, without saying what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from allting.common.notification import api as notification
from allting.kernel.actor import Actor, Party
from allting.kernel.problems import Invalid
from allting.sectors.jobs.models import Alert, Vacancy
from allting.sectors.jobs.profiles import person_of
from allting.sectors.jobs.vacancies import Search

MOST = 20


def alerts(actor: Actor) -> list[Alert]:
    return list(Alert.objects.filter(person=person_of(actor)).order_by("-pk"))


def add(actor: Actor, wanted: Search) -> Alert:
    """Hear of this search; the same again changes nothing. Raises Invalid when there are too many."""
    person = person_of(actor)
    values: dict[str, Any] = {
        "query": wanted.query[:100],
        "occupation": wanted.occupation,
        "place": wanted.place,
        "kind": wanted.kind,
    }
    known = Alert.objects.filter(person=person, **values).first()
    if known is not None:
        return known
    if Alert.objects.filter(person=person).count() >= MOST:
        text = gettext("You can have %(number)s alerts. Remove one first.") % {"number": MOST}
        raise Invalid(text, errors={"query": [text]})
    return Alert.objects.get_or_create(person=person, **values)[0]


def remove(actor: Actor, alert_id: UUID) -> None:
    """One that is gone already is gone."""
    Alert.objects.filter(person=person_of(actor), pk=alert_id).delete()


def search_of(alert: Alert) -> Search:
    return Search(alert.query, alert.occupation, alert.place, alert.kind)


def tell(payload: Mapping[str, Any], key: str) -> None:
    """Outbox: tell those who wait for a vacancy like this one, each at most once a day."""
    vacancy = Vacancy.objects.filter(pk=payload["vacancy"], state=Vacancy.State.OPEN).first()
    if vacancy is None:
        return
    reach = ["", vacancy.municipality[:2], vacancy.municipality]
    near = Alert.objects.filter(place__in=reach, occupation__in=["", vacancy.occupation], kind__in=["", vacancy.kind])
    today = timezone.localdate()
    told: set[UUID] = set()
    for alert in near.iterator(chunk_size=2000):
        if alert.person not in told and search_of(alert).fits(vacancy):
            told.add(alert.person)
            notification.nudge(Party("person", alert.person), "job-news", f"job-news:{alert.person}:{today}")
