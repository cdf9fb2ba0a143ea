"""From an order to a card: what is printed on it, and certificates for the keys that the card has made itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction
from django.utils import timezone

from allting.common.registers import api as registers
from allting.kernel import mrz
from allting.kernel.actor import Actor, Purpose
from allting.kernel.encryption import seal, seal_json, unseal_json
from allting.kernel.problems import Invalid
from allting.sectors.idcard import ca, letters, lifecycle
from allting.sectors.idcard.models import Card, Certificate
from allting.sectors.idcard.ordering import POLICE
from allting.sectors.idcard.services.national_id_card import valid_until

USES: tuple[ca.Use, ...] = ("auth", "sign")
_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
_RSA_BITS = 3072
_LAST_YEAR_OF_SEX = 2031  # from 2032 the number no longer tells it


@dataclass(frozen=True, slots=True)
class Printed:
    """What the bureau prints: never kept in clear."""

    number: str
    given_name: str
    family_name: str
    birth_date: str
    valid_from: str
    valid_until: str
    travel: bool
    mrz: tuple[str, ...]


def police() -> Actor:
    """The issuing authority's own hand, for what the worker and the bureau do."""
    body = registers.authority(POLICE)
    return Actor.system(body.id, body.name)


@transaction.atomic
def produce(card_id: UUID) -> Printed:
    """Take an order into production: its dates and machine readable zone are settled. A second time gives the same.

    Raises Conflict when the card is past production.
    """
    card = lifecycle.locked(card_id)
    if card.state != lifecycle.State.IN_PRODUCTION:
        person = _person(card)
        today = timezone.localdate()
        card.valid_from, card.valid_until = today, valid_until(date.fromisoformat(person["birth_date"]), today)
        card.content = seal_json(_content(card, person), f"idcard:{card.pk}")
        lifecycle.step(card, "produced", police())
    return printed(card)


def _person(card: Card) -> Mapping[str, Any]:
    purpose = Purpose("ID-kortloven § 1", "Det som står på ID-kortet", card.case)
    found: Mapping[str, Any] = registers.look_up(police(), purpose, "population.person", card.holder)
    return found


def _content(card: Card, person: Mapping[str, Any]) -> dict[str, Any]:
    assert card.valid_from and card.valid_until
    born = date.fromisoformat(person["birth_date"])
    holder = mrz.Holder(person["family_name"], person["given_name"], born, sex=_sex(person["identity_number"]))
    return {
        "number": card.number, "given_name": person["given_name"], "family_name": person["family_name"],
        "birth_date": person["birth_date"], "valid_from": card.valid_from.isoformat(),
        "valid_until": card.valid_until.isoformat(), "travel": card.travel,
        "mrz": mrz.td1("I", "NOR", card.number, holder, card.valid_until),
    }  # fmt: skip


def _sex(number: str) -> str:
    if timezone.localdate().year > _LAST_YEAR_OF_SEX:
        return ""
    return "M" if int(number[8]) % 2 else "F"


def printed(card: Card) -> Printed:
    """What stands on a card that is made."""
    content = unseal_json(bytes(card.content or b""), f"idcard:{card.pk}")
    return Printed(**{**content, "mrz": tuple(content["mrz"])})


@transaction.atomic
def certify(card_id: UUID, requests: Mapping[ca.Use, x509.CertificateSigningRequest]) -> dict[ca.Use, x509.Certificate]:
    """Certificates for a card in production, one for each key that the card has made; then it is on its way.

    They are on hold until the card is taken into use. Raises Invalid for a request that is not signed by its own key or
    whose key is weak or used twice, Conflict in another state, Unavailable without a card authority.
    """
    card = lifecycle.locked(card_id)
    _sound(requests)
    person = _person(card)
    subject = ca.Subject(person["given_name"], person["family_name"], person["identity_number"])
    assert card.valid_until
    until = datetime.combine(card.valid_until + timedelta(days=1), time(), UTC)
    made = {use: ca.certificate_for(subject, use, requests[use], until) for use in USES}
    lifecycle.step(card, "sent", police())
    Certificate.objects.bulk_create(
        [
            Certificate(
                serial=f"{one.serial_number:x}", card=card, use=use, not_after=one.not_valid_after_utc,
                content=seal(one.public_bytes(Encoding.DER), f"idcard-certificate:{one.serial_number:x}"),
                revoked=timezone.now(), reason=lifecycle.HOLD, listed=False,
            )
            for use, one in made.items()
        ]
    )  # fmt: skip
    lifecycle.tell()
    letters.sent(card)
    return made


def _sound(requests: Mapping[ca.Use, x509.CertificateSigningRequest]) -> None:
    if set(requests) != set(USES):
        raise Invalid(code="two-requests")
    if requests["auth"].public_key() == requests["sign"].public_key():
        raise Invalid(code="one-key-for-two")  # what logs in must not be able to sign
    for one in requests.values():
        key = one.public_key()
        good = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, _CURVES)
        good = good or (isinstance(key, rsa.RSAPublicKey) and key.key_size >= _RSA_BITS)
        if not good or not one.is_signature_valid:
            raise Invalid(code="bad-request-for-certificate")
