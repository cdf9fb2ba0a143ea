"""A case that an authority opens by itself, where the law lets it decide without an application; and what was
answered in one, where the party may begin anew from that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from allting.common.cases import drafts
from allting.common.cases.journalling import contents, journal
from allting.common.cases.lifecycle import append
from allting.common.cases.models import Case
from allting.common.cases.submitting import go_on, new_case
from allting.common.catalogue import api as catalogue
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Capacity, Party
from allting.kernel.problems import Invalid, NotAllowed, NotFound


def open_case(actor: Actor, slug: str, party: Party, answers: Mapping[str, Any]) -> UUID:
    """Open a case about ``party`` with what the registers know and ``answers``; it then goes the way of any other:
    decided by the rule or an officer, told in a letter, and can be appealed.

    Only the system does so, and for the authority that offers the service. Raises NotAllowed for anybody else, NotFound
    for no such service, and Invalid (``errors`` by field) for answers that nobody could have sent.
    """
    published = catalogue.service(slug)
    authority = registers.authority(published.service.offered_by)
    if actor.capacity is not Capacity.SYSTEM or actor.authority != authority.id:
        raise NotAllowed(code="other-capacity")
    actor = replace(actor, language=registers.contact(party).language)
    known = drafts.look_up(actor, published.service, party)
    _check(published.service, answers, known)
    catalogue.keep(published)
    with transaction.atomic():
        case = new_case(published, authority.id, party, party.id, dict(answers), known)
        event = append(case, "opened", actor)
        journal(case, published.service.title, "internal", None, event)
        go_on(case, published.service)
    return case.pk


def answers_of(actor: Actor, case_id: UUID) -> dict[str, Any]:
    """What was answered in the party's own case, for a page that lets her begin anew from it. Raises NotFound for
    another's."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        raise NotFound()
    drafts.hers(actor, case.party, catalogue.at(case.service, case.digest).service, case.authority)
    found: dict[str, Any] = contents(case)["answers"]
    return found


def _check(service: catalogue.Service, answers: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    today = timezone.localdate()
    if catalogue.stops(service, answers, known, today):
        raise Invalid(code="stopped")
    faults = catalogue.recheck(service, answers, known, today)
    if faults:
        raise Invalid(errors={name: [text] for errors in faults.values() for name, text in errors.items()})
