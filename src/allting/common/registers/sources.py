"""The data sets the registers offer through the exchange."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from allting.common.registers.models import Address, Contact, Organisation, Person, Relation
from allting.kernel.calendar import age, months_after

ADULT = 18


def address_of(address: Address | None) -> dict[str, str] | None:
    if address is None:
        return None
    return {
        "street": address.street,
        "postcode": address.postcode,
        "place": address.place,
        "municipality": address.municipality,
        "text": f"{address.street}, {f'{address.postcode} {address.place}'.strip()}",
    }


def person(subject: UUID) -> dict[str, Any] | None:
    """population.person: name, identity number, birth date, address, and the day she left Norway, if she did."""
    row = Person.objects.select_related("address").filter(pk=subject).first()
    if row is None:
        return None
    return {
        "id": str(row.pk),
        "identity_number": row.identity_number,
        "given_name": row.given_name,
        "family_name": row.family_name,
        "name": row.name,
        "birth_date": row.birth_date.isoformat(),
        "address": address_of(row.address),
        "emigrated": row.emigrated.isoformat() if row.emigrated else None,
    }


def address(subject: UUID) -> dict[str, str] | None:
    """population.address: where the person lives now."""
    row = Person.objects.select_related("address").filter(pk=subject).first()
    return address_of(row.address) if row else None


def children(subject: UUID) -> list[dict[str, Any]]:
    """population.children: the living children under 18 that the person is parent of, youngest first."""
    me = Person.objects.filter(pk=subject).values_list("address_id", flat=True).first()
    rows = Person.objects.filter(
        related__person=subject, related__kind=Relation.Kind.PARENT, died=None, birth_date__gt=adult_line()
    )
    return [
        {
            "id": str(row.pk),
            "name": row.name,
            "birth_date": row.birth_date.isoformat(),
            "age": age(row.birth_date, timezone.localdate()),
            "lives_with_me": row.address_id == me,
        }
        for row in rows.order_by("-birth_date")
    ]


def guardians(subject: UUID) -> list[dict[str, Any]]:
    """population.guardians: the parents of a child under 18, and guardians."""
    today = timezone.localdate()
    holds = Q(kind=Relation.Kind.PARENT, other__birth_date__gt=adult_line()) | Q(kind=Relation.Kind.GUARDIAN)
    related = Relation.objects.filter(holds, Q(ended=None) | Q(ended__gt=today), other=subject)
    rows = Person.objects.filter(pk__in=related.values("person"), died=None)
    return [{"id": str(row.pk), "name": row.name} for row in rows.order_by("pk")]


def organisation(subject: UUID) -> dict[str, Any] | None:
    """entities.organisation: number, name and seat."""
    row = Organisation.objects.filter(pk=subject).first()
    if row is None:
        return None
    return {
        "id": str(row.pk),
        "organisation_number": row.organisation_number,
        "name": row.name,
        "kind": row.kind,
        "municipality": row.municipality,
    }


def contact_details(subject: UUID) -> dict[str, Any] | None:
    """contact.details: e-mail, mobile, language, reservation."""
    row = Contact.objects.filter(party=f"person:{subject}").first()
    if row is None:
        return None
    return {"email": row.email, "mobile": row.mobile, "language": row.language, "reserved": row.reserved}


def account(subject: UUID) -> dict[str, str] | None:
    """account.number: the account payments from authorities go to."""
    parties = (f"person:{subject}", f"organisation:{subject}")
    row = Contact.objects.filter(party__in=parties).exclude(account="").first()
    return {"number": row.account} if row else None


def adult_line() -> date:
    """Whoever was born after this day is not yet 18 (vergemålsloven § 2)."""
    return months_after(timezone.localdate(), -12 * ADULT)


SOURCES = {
    "population.person": person,
    "population.address": address,
    "population.children": children,
    "population.guardians": guardians,
    "contact.details": contact_details,
    "account.number": account,
    "entities.organisation": organisation,
}
