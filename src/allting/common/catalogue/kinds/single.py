"""Questions with one answer in one place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from allting.common.catalogue.kinds import FormField, Wrong, choices, kind
from allting.common.registers import api as registers
from allting.kernel import money
from allting.kernel.numbers import BadNumber, bank_account, birth_date_in, is_identity_number, organisation_number

LONGEST: Final = 4000
MOST_PEOPLE: Final = 20


def show_day(field: FormField, value: str, known: Mapping[str, Any]) -> str:
    return formats.date_format(date.fromisoformat(value), "DATE_FORMAT")


def _show_choice(field: FormField, value: str, known: Mapping[str, Any]) -> Any:
    return choices(field, known).get(value, value)


def _kroner_typed(field: FormField, value: int) -> list[str]:
    return [f"{value // 100},{value % 100:02}" if value % 100 else str(value // 100)]


def _yes_no_typed(field: FormField, value: bool) -> list[str]:
    return ["yes" if value else "no"]


@kind("text", "text")
def _text(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    text = " ".join(typed[0].split())
    if len(text) > 200:
        raise Wrong(_("Write at most 200 characters"))
    return text


@kind("long_text", "area")
def _long_text(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    text = typed[0]
    if len(text) > LONGEST:
        raise Wrong(_("Write at most 4000 characters"))
    return text


@kind("number", "number")
def _number(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> int:
    text = re.sub(r"\s", "", typed[0])
    if not re.fullmatch(r"-?[0-9]{1,12}", text):
        raise Wrong(_("Write a whole number, with digits only"))
    return int(text)


@kind("money", "money", show=lambda field, value, known: money.kroner(value), retype=_kroner_typed)
def _money(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> int:
    text = re.sub(r"[\s.]|kr", "", typed[0].lower()) if "," in typed[0] else re.sub(r"\s|kr", "", typed[0].lower())
    match = re.fullmatch(r"([0-9]{1,11})(?:[,.]([0-9]{1,2}|-))?", text)
    if match is None:
        raise Wrong(_("Write an amount in kroner, for example 1500 or 1500,50"))
    return int(match[1]) * 100 + int((match[2] or "0").replace("-", "0").ljust(2, "0"))


def day(text: str) -> str:
    """An ISO date, of one that was typed as people write it. Raises Wrong."""
    text = text.strip()
    local = re.fullmatch(r"([0-9]{1,2})[./ -]([0-9]{1,2})[./ -]([0-9]{4})", text)
    try:
        found = date(int(local[3]), int(local[2]), int(local[1])) if local else date.fromisoformat(text)
    except ValueError:
        raise Wrong(_("Write a date, for example 17.05.2026")) from None
    if not 1850 <= found.year <= 2200:
        raise Wrong(_("Check the year"))
    return found.isoformat()


@kind("date", "date", show=show_day)
def _date(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    return day(typed[0])


@kind(
    "yes_no", "yes_no", _("Answer yes or no"),
    show=lambda field, value, known: _("Yes") if value else _("No"), retype=_yes_no_typed,
)  # fmt: skip
def _yes_no(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> bool:
    if typed[0] not in ("yes", "no"):
        raise Wrong(_("Answer yes or no"))
    return typed[0] == "yes"


@kind(
    "declaration", "declaration", _("You must confirm this to go on"),
    show=lambda field, value, known: _("Confirmed"), retype=_yes_no_typed,
)  # fmt: skip
def _declaration(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> bool:
    if typed[0] != "yes":
        raise Wrong(_("You must confirm this to go on"))
    return True


@kind("choice", "choice", _("Choose one"), show=_show_choice)
def _choice(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    if typed[0] not in choices(field, known):
        raise Wrong(_("Choose one of those listed"))
    return typed[0]


@kind(
    "many", "many", _("Choose at least one"),
    show=lambda field, value, known: [_show_choice(field, one, known) for one in value],
)  # fmt: skip
def _many(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> list[str]:
    there = choices(field, known)
    if any(one not in there for one in typed):
        raise Wrong(_("Choose among those listed"))
    return [key for key in there if key in typed]


@kind(
    "municipality", "listed", _("Choose a municipality"),
    show=lambda field, value, known: registers.municipalities().get(value, value),
)  # fmt: skip
def _municipality(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    return _listed(typed, registers.municipalities())


@kind(
    "authority", "listed", _("Choose an authority"),
    show=lambda field, value, known: registers.askable().get(value, value),
)  # fmt: skip
def _authority(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    return _listed(typed, registers.askable())


def _listed(typed: Sequence[str], names: Mapping[str, str]) -> str:
    key = typed[0].strip()
    if key not in names:
        raise Wrong(_("Choose one of those listed"))
    return key


@kind("email", "email")
def _email(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    try:
        validate_email(typed[0].strip())
    except ValidationError:
        raise Wrong(_("Write an e-mail address, for example name@example.org")) from None
    return typed[0].strip()


@kind("phone", "phone")
def _phone(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    try:
        number = phonenumbers.parse(typed[0], "NO")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise Wrong(_("Write a phone number with 8 digits, or with the country code first"))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def postcode(text: str) -> str:
    """Raises Wrong."""
    if not re.fullmatch(r"[0-9]{4}", text.strip()):
        raise Wrong(_("A postcode has four digits"))
    return text.strip()


@kind("postcode", "digits")
def _postcode(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    return postcode(typed[0])


@kind("bank_account", "digits")
def _bank_account(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    try:
        return bank_account(re.sub(r"[\s.]", "", typed[0]))
    except BadNumber:
        raise Wrong(_("This is not a Norwegian account number. It has 11 digits; check each one.")) from None


def somebodys(number: str) -> bool:
    """Whether it may be the identity number of somebody who is born."""
    return is_identity_number(number) and birth_date_in(number) <= timezone.localdate()


def masked(number: str) -> str:
    """An identity number for a page that others may glance at: the birth date only."""
    return f"{number[:6]} •••••"


@kind("person", "digits", show=lambda field, value, known: masked(value))
def _person(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    """An identity number. Who it is, is looked up when the application is sent, not here."""
    number = re.sub(r"\s", "", typed[0])
    if not somebodys(number):
        raise Wrong(_("This is not an identity number. It has 11 digits; check each one."))
    return number


def _show_organisation(field: FormField, value: str, known: Mapping[str, Any]) -> str:
    return f"{registers.organisation_name(value)} ({value[:3]} {value[3:6]} {value[6:]})".strip()


@kind("organisation", "digits", show=_show_organisation)
def _organisation(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    """An organisation number that the entity register, which is open to all, knows."""
    number = re.sub(r"\s", "", typed[0])
    try:
        organisation_number(number)
    except BadNumber:
        raise Wrong(_("This is not an organisation number. It has 9 digits; check each one.")) from None
    if not registers.organisation_name(number):
        raise Wrong(_("The entity register has no organisation with this number"))
    return number


@kind("decimal", "decimal", show=lambda field, value, known: formats.number_format(value))
def _decimal(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> float:
    """A number with at most three decimals, as square metres or kilometres."""
    text = re.sub(r"\s", "", typed[0]).replace(",", ".")
    if not re.fullmatch(r"-?[0-9]{1,9}([.][0-9]{1,3})?", text):
        raise Wrong(_("Write a number, for example 12 or 12,5"))
    return float(text)


@kind("time", "time")
def _time(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    """A time of day, 24 hours."""
    match = re.fullmatch(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])", typed[0].strip())
    if match is None:
        raise Wrong(_("Write a time of day, for example 14:30"))
    return f"{int(match[1]):02}:{match[2]}"


@kind("point", "point")
def _point(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    """A place on the map: latitude and longitude in degrees (WGS 84, EPSG:4326), on Norwegian land or sea."""
    text = typed[0].replace("°", "")
    match = re.fullmatch(r"(-?[0-9]{1,2}[.][0-9]{1,8})[,; ]+(-?[0-9]{1,3}[.][0-9]{1,8})", text)
    if match is None:
        raise Wrong(_("Write latitude and longitude, for example 62.7375, 7.1591"))
    latitude, longitude = float(match[1]), float(match[2])
    if not (57 <= latitude <= 81.5 and -10 <= longitude <= 40):
        raise Wrong(_("This place is not in Norway. Write latitude first, then longitude."))
    return f"{latitude:.6f}, {longitude:.6f}"


@kind(
    "people", "people", _("Write at least one identity number"),
    show=lambda field, value, known: [masked(one) for one in value], retype=lambda field, value: ["\n".join(value)],
)  # fmt: skip
def _people(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> list[str]:
    """Identity numbers, one a line. Who they are is looked up when the application is sent, not here."""
    numbers = [re.sub(r"\s", "", line) for line in typed[0].splitlines() if line.strip()]
    if len(numbers) > MOST_PEOPLE:
        raise Wrong(_("Write at most 20 identity numbers"))
    for place, number in enumerate(numbers, 1):
        if not somebodys(number):
            said = _("Line %(line)d is not an identity number. It has 11 digits; check each one.")
            raise Wrong(said % {"line": place})
    if len(set(numbers)) != len(numbers):
        raise Wrong(_("The same identity number is there twice"))
    return numbers


@kind("file", "file", _("Choose a file"))
def _file(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> list[str]:
    """The ids of files already received; the files themselves are the case room's."""
    return [one for one in typed if one]
