"""The kinds of questions: how an answer is read, kept and shown. Adding one is adding a function here.

An answer is kept as plain JSON: text, whole numbers (øre for money), ISO dates, true/false, lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.registers import api as registers
from allting.kernel import money
from allting.kernel.numbers import BadNumber, bank_account, birth_date_in, is_identity_number


class FormField(Protocol):
    """What a kind needs to know of a question."""

    @property
    def type(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def options(self) -> Mapping[str, Any]: ...


Read = Callable[[FormField, Sequence[str], Mapping[str, Any]], Any]
LONGEST: Final = 4000
MOST_PEOPLE: Final = 20
FILL_IN: Final = _("Fill in this field")


class Wrong(Exception):
    """An answer that cannot be used; the text says how to mend it."""

    def __init__(self, text: Any) -> None:
        super().__init__("wrong answer")
        self.text = text


@dataclass(frozen=True, slots=True)
class Kind:
    """``read`` makes an answer of what was typed, or raises Wrong; ``widget`` is the macro that asks."""

    read: Read
    widget: str
    missing: Any


KINDS: dict[str, Kind] = {}


def kind(name: str, widget: str, missing: Any = FILL_IN) -> Callable[[Read], Read]:
    def register(read: Read) -> Read:
        KINDS[name] = Kind(read, widget, missing)
        return read

    return register


@kind("text", "text")
def _text(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    text = typed[0].strip()
    if len(text) > 200:
        raise Wrong(_("Write at most 200 characters"))
    return text


@kind("long_text", "area")
def _long_text(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    text = typed[0].strip().replace("\r\n", "\n")
    if len(text) > LONGEST:
        raise Wrong(_("Write at most 4000 characters"))
    return text


@kind("number", "number")
def _number(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> int:
    text = re.sub(r"\s", "", typed[0])
    if not re.fullmatch(r"-?\d{1,12}", text):
        raise Wrong(_("Write a whole number, with digits only"))
    return int(text)


@kind("money", "money")
def _money(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> int:
    text = re.sub(r"[\s.]|kr", "", typed[0].lower()) if "," in typed[0] else re.sub(r"\s|kr", "", typed[0].lower())
    match = re.fullmatch(r"(\d{1,11})(?:[,.](\d{1,2}|-))?", text)
    if match is None:
        raise Wrong(_("Write an amount in kroner, for example 1500 or 1500,50"))
    return int(match[1]) * 100 + int((match[2] or "0").replace("-", "0").ljust(2, "0"))


@kind("date", "date")
def _date(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    text = typed[0].strip()
    local = re.fullmatch(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})", text)
    try:
        day = date(int(local[3]), int(local[2]), int(local[1])) if local else date.fromisoformat(text)
    except ValueError:
        raise Wrong(_("Write a date, for example 17.05.2026")) from None
    if not 1850 <= day.year <= 2200:
        raise Wrong(_("Check the year"))
    return day.isoformat()


@kind("yes_no", "yes_no", _("Answer yes or no"))
def _yes_no(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> bool:
    if typed[0] not in ("yes", "no"):
        raise Wrong(_("Answer yes or no"))
    return typed[0] == "yes"


@kind("declaration", "declaration", _("You must confirm this to go on"))
def _declaration(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> bool:
    if typed[0] != "yes":
        raise Wrong(_("You must confirm this to go on"))
    return True


def choices(field: FormField, known: Mapping[str, Any]) -> dict[str, Any]:
    """What can be chosen: key and label; known records by their id and name."""
    if field.source:
        return {str(one["id"]): one["name"] for one in known.get(field.source) or []}
    return dict(field.options)


@kind("choice", "choice", _("Choose one"))
def _choice(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    if typed[0] not in choices(field, known):
        raise Wrong(_("Choose one of those listed"))
    return typed[0]


@kind("many", "many", _("Choose at least one"))
def _many(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> list[str]:
    there = choices(field, known)
    if any(one not in there for one in typed):
        raise Wrong(_("Choose among those listed"))
    return [key for key in there if key in typed]


@kind("municipality", "municipality", _("Choose a municipality"))
def _municipality(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    number = typed[0].strip()
    if number not in registers.municipalities():
        raise Wrong(_("Choose one of those listed"))
    return number


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


@kind("postcode", "digits")
def _postcode(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    if not re.fullmatch(r"\d{4}", typed[0].strip()):
        raise Wrong(_("A postcode has four digits"))
    return typed[0].strip()


@kind("bank_account", "digits")
def _bank_account(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> str:
    try:
        return bank_account(re.sub(r"[\s.]", "", typed[0]))
    except BadNumber:
        raise Wrong(_("This is not a Norwegian account number. It has 11 digits; check each one.")) from None


@kind("people", "people", _("Write at least one identity number"))
def _people(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> list[str]:
    """Identity numbers, one a line. Who they are is looked up when the application is sent, not here."""
    numbers = [re.sub(r"\s", "", line) for line in typed[0].splitlines() if line.strip()]
    if len(numbers) > MOST_PEOPLE:
        raise Wrong(_("Write at most 20 identity numbers"))
    for place, number in enumerate(numbers, 1):
        if not is_identity_number(number) or birth_date_in(number) > timezone.localdate():
            said = _("Line %(line)d is not an identity number. It has 11 digits; check each one.")
            raise Wrong(said % {"line": place})
    if len(set(numbers)) != len(numbers):
        raise Wrong(_("The same identity number is there twice"))
    return numbers


@kind("file", "file", _("Choose a file"))
def _file(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> list[str]:
    """The ids of files already received; the files themselves are the case room's."""
    return [one for one in typed if one]


def show(field: FormField, value: Any, known: Mapping[str, Any]) -> Any:
    """An answer as its reader sees it; lists become lists of texts."""
    if value is None or value == [] or value == "":
        return str(_("Not answered"))
    shown = _SHOWN[field.type](field, value, known) if field.type in _SHOWN else value
    return [str(one) for one in shown] if isinstance(shown, list) else str(shown)


def _show_municipality(field: FormField, value: str, known: Mapping[str, Any]) -> str:
    return registers.municipalities().get(value, value)


def _show_choice(field: FormField, value: str, known: Mapping[str, Any]) -> Any:
    return choices(field, known).get(value, value)


def _show_day(field: FormField, value: str, known: Mapping[str, Any]) -> str:
    from django.utils import formats

    return formats.date_format(date.fromisoformat(value), "DATE_FORMAT")


_SHOWN: Final[Mapping[str, Callable[[Any, Any, Mapping[str, Any]], Any]]] = {
    "yes_no": lambda field, value, known: _("Yes") if value else _("No"),
    "declaration": lambda field, value, known: _("Confirmed"),
    "money": lambda field, value, known: money.kroner(value),
    "date": _show_day,
    "choice": _show_choice,
    "many": lambda field, value, known: [_show_choice(field, one, known) for one in value],
    "municipality": _show_municipality,
    "people": lambda field, value, known: [f"{one[:6]} •••••" for one in value],
}
