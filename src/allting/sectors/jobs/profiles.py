"""What a person can and wants: her own, read by an employer only as she sends it along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from allting.common.registers import api as registers
from allting.kernel.actor import Actor
from allting.kernel.encryption import seal_json, unseal_json
from allting.kernel.problems import Invalid, NotAllowed
from allting.kernel.text import written
from allting.sectors.jobs import occupations
from allting.sectors.jobs.models import Profile

LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Cv:
    """``occupations`` and ``places`` (counties) that are empty mean any; ``extent`` is the least, in per cent."""

    experience: str = ""
    education: str = ""
    skills: list[str] = field(default_factory=list)
    occupations: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    extent: int = 1

    @property
    def empty(self) -> bool:
        return self == Cv()


def person_of(actor: Actor) -> UUID:
    """Whose it is. Raises NotAllowed for whoever acts for an organisation."""
    if actor.party.kind != "person":
        raise NotAllowed(code="other-capacity")
    return actor.party.id


def cv(actor: Actor) -> Cv:
    """Her own CV; an empty one before she has written it."""
    row = Profile.objects.filter(person=person_of(actor)).first()
    return Cv(**unseal_json(row.content, f"jobs.profile:{row.person}")) if row else Cv()


def save(actor: Actor, given: Mapping[str, Any]) -> Cv:
    """Write it anew. Raises Invalid."""
    person, found = person_of(actor), _checked(given)
    content = seal_json(asdict(found), f"jobs.profile:{person}")
    Profile.objects.update_or_create(person=person, defaults={"content": content, "changed": timezone.now()})
    return found


def delete(actor: Actor) -> None:
    """Away for good; what she has sent to employers stays theirs until it is forgotten."""
    Profile.objects.filter(person=person_of(actor)).delete()


def _checked(given: Mapping[str, Any]) -> Cv:
    errors: dict[str, list[str]] = {}
    texts: dict[str, Any] = {}
    for name in ("experience", "education"):
        texts[name] = written(str(given.get(name) or ""))
        if len(texts[name]) > LONGEST:
            errors[name] = [gettext("Write at most %(number)s characters") % {"number": LONGEST}]
    chosen: dict[str, Any] = {}
    for name, allowed in (
        ("occupations", occupations.GROUPS),
        ("places", registers.counties()),
        ("kinds", occupations.KINDS),
    ):
        chosen[name] = list(given.get(name) or [])
        if not all(one in allowed for one in chosen[name]):
            errors[name] = [gettext("Choose among these")]
    extent = str(given.get("extent") or "1").strip()
    if not (extent.isascii() and extent.isdigit() and len(extent) < 4 and 1 <= int(extent) <= 100):
        errors["extent"] = [gettext("Write a number from 1 to %(number)s") % {"number": 100}]
    if errors:
        raise Invalid(errors=errors)
    skills = given.get("skills") or ""
    text = ",".join(map(str, skills)) if isinstance(skills, list) else str(skills)
    return Cv(**texts, **chosen, extent=int(extent), skills=occupations.skills(written(text)))
