"""Switch an eID off everywhere, at once: it is not offered, and refused in the middle of a login."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allting.common.identity import gateway
from allting.common.identity.eids.provider import provider
from allting.common.identity.models import EidBlock, EidSwitch, SignOn

_log = logging.getLogger("allting.identity")


@dataclass(frozen=True, slots=True)
class Switch:
    """How an eID was last switched."""

    off: bool
    reason: str
    at: datetime


def switched() -> dict[str, Switch]:
    """How each eID was last switched; those never touched are not there."""
    return {row.name: Switch(row.off, row.reason, row.at) for row in EidSwitch.objects.order_by("pk")}


def off(names: Iterable[str]) -> set[str]:
    """Which of these eIDs are switched off now."""
    rows = EidSwitch.objects.filter(name__in=list(names)).order_by("pk").values_list("name", "off")
    return {name for name, is_off in dict(rows).items() if is_off}


def is_off(name: str) -> bool:
    return name in off([name])


def switch_off(name: str, reason: str, by: UUID | None = None) -> None:
    """From now on nobody logs in with it. Raises ValueError without a reason, KeyError for an unknown eID."""
    if not reason.strip():
        raise ValueError("say why")
    _switch(name, True, reason.strip(), by)


def switch_on(name: str, by: UUID | None = None) -> None:
    """Let it be used again. Raises KeyError for an unknown eID."""
    _switch(name, False, "", by)


def _switch(name: str, is_off: bool, reason: str, by: UUID | None) -> None:
    if provider(name) is None:
        raise KeyError(name)
    EidSwitch.objects.create(name=name, off=is_off, reason=reason[:300], by=by)
    _log.warning("eID switched", extra={"eid": name, "off": is_off})


def end_sessions(name: str) -> int:
    """Log out everyone who is logged in with this eID; returns how many logins ended."""
    found = provider(name)
    if found is None:
        raise KeyError(name)
    sids = list(SignOn.objects.filter(method__in=found.amr, ended=None).values_list("sid", flat=True))
    for sid in sids:
        gateway.end(sid)
    return len(sids)


def blocked(person: UUID) -> set[str]:
    """The eIDs this person has said may not be used for her."""
    return set(EidBlock.objects.filter(person=person).values_list("name", flat=True))
