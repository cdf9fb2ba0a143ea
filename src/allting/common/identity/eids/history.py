"""Where a person has logged in, and which services were told what about her."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from allting.common.audit import api as audit
from allting.common.identity.eids.provider import title_of
from allting.common.identity.models import Client, Grant
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Capacity, Level, Party, Purpose

LOGIN, PERSON = "identity.login", "population.person"
TOLD_BY_US = {"identity_number", "name"}  # what the gateway's tokens and userinfo let a service have, a line for each
BASIS = "eForvaltningsforskriften § 4"


@dataclass(frozen=True, slots=True)
class Past:
    """One login to one service."""

    at: datetime
    client: str
    eid: str
    level: Level
    acting_for: str = ""


def told(person: UUID, client_name: str, amr: str) -> None:
    """Write in the log that a service was told that she logged in, how and at which level."""
    purpose = Purpose(BASIS, gettext("You logged in with %(eid)s") % {"eid": title_of(amr)})
    who = Actor.system(authority_name=client_name)
    audit.record(who, purpose, LOGIN, person, action="share", fields=["login", "level"])


def logins(person: UUID, before: datetime | None = None, limit: int = 20) -> list[Past]:
    """Her logins to services, newest first, from ``before`` on; single sign-on counts too."""
    rows = Grant.objects.filter(sign_on__person=person).exclude(used=None)
    if before is not None:
        rows = rows.filter(created__lt=before)
    found = list(rows.order_by("-created")[:limit])
    names = dict(Client.objects.filter(pk__in=[one.client_id for one in found]).values_list("pk", "name"))
    return [
        Past(
            one.created, names.get(one.client_id, one.client_id), title_of(one.method), Level(one.level),
            registers.name_of(Party.parse(one.party)) if one.party else "",
        )
        for one in found
    ]  # fmt: skip


def disclosures(person: UUID, limit: int = 20) -> list[audit.Entry]:
    """The log's lines about services that were told something at a login, newest first."""
    found = audit.entries_about(Actor(person=person), limit=5 * limit, datasets=(LOGIN, PERSON))
    ours = [one for one in found if one.dataset == LOGIN or _by_us(one)]
    return ours[:limit]


def _by_us(entry: audit.Entry) -> bool:
    return entry.capacity is Capacity.SYSTEM and bool(entry.fields) and set(entry.fields) <= TOLD_BY_US
