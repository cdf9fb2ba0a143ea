"""What anyone may ask the registers without saying why: nothing in it is about a person."""

from __future__ import annotations

from uuid import UUID

from allting.common.registers import models


def organisation_name(number: str) -> str:
    """The name of the organisation with this number; empty when there is none (enhetsregisterloven § 22)."""
    return models.Organisation.objects.filter(organisation_number=number).values_list("name", flat=True).first() or ""


def organisation_with(number: str) -> UUID | None:
    """Our id of the organisation with this number."""
    return models.Organisation.objects.filter(organisation_number=number).values_list("pk", flat=True).first()


def place_of(postcode: str) -> str:
    """The place a postcode belongs to, as the address register has it; empty when it knows no address there."""
    return models.Address.objects.filter(postcode=postcode).values_list("place", flat=True).first() or ""
