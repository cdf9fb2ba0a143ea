"""Numbers with check digits: of people, organisations, accounts and payments.

Sources: the Tax Administration's description of today's national identity number and the one of 2032;
the Brønnøysund registers (organisation number); Bits (account number, KID).
"""

from __future__ import annotations

from datetime import date

K1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
K2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_ORGANISATION = (3, 2, 7, 6, 5, 4, 3, 2)
_ACCOUNT = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
SYNTHETIC_MONTH = 80  # the Tax Administration's test population; 40 and 65 are the Labour Administration's


class BadNumber(ValueError):
    """The number cannot be right; the message says why, without repeating the number."""


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11


def _digits(text: str, length: int) -> str:
    digits = "".join(text.split()).replace(".", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == length):
        raise BadNumber(f"must have {length} digits")
    return digits


def _mod11(digits: str, weights: tuple[int, ...]) -> int | None:
    """The check digit; None when the number would need 10 and is therefore never given out."""
    check = (11 - _weighted(digits, weights)) % 11
    return None if check == 10 else check


def identity_number(text: str) -> str:
    """Eleven digits of a national identity number or D-number, synthetic ones too, by today's rule or 2032's.

    Spaces are removed. Raises BadNumber for a wrong length, check digit or date.
    """
    number = _digits(text, 11)
    # From 2032 the first check digit may also answer to the remainders 1, 2 and 3.
    if (_weighted(number[:9], K1) + int(number[9])) % 11 not in (0, 1, 2, 3):
        raise BadNumber("has a wrong check digit")
    if (_weighted(number[:10], K2) + int(number[10])) % 11 != 0:
        raise BadNumber("has a wrong check digit")
    _day_and_month(number)
    return number


def is_identity_number(text: str) -> bool:
    try:
        identity_number(text)
    except BadNumber:
        return False
    return True


def is_synthetic(number: str) -> bool:
    """Whether it can belong to no real person: the month has 40, 65 or 80 added."""
    return int(number[2:4]) > 40


def _day_and_month(number: str) -> tuple[int, int]:
    day, month = int(number[:2]), int(number[2:4])
    if day > 40:  # a D-number, for those without a permanent stay
        day -= 40
    for added in (80, 65, 40):
        if month > added:
            month -= added
            break
    try:
        date(2000, month, day)
    except ValueError:
        raise BadNumber("does not begin with a date") from None
    return day, month


def birth_date_in(number: str) -> date:
    """The date of birth by today's series of individual numbers. The register's own date goes before it.

    Raises BadNumber when the series and the year do not go together.
    """
    day, month = _day_and_month(number)
    year, serial = int(number[4:6]), int(number[6:9])
    if serial < 500 or (serial >= 900 and year >= 40):
        century = 1900
    elif 500 <= serial < 750 and year >= 54:
        century = 1800
    elif year < 40:
        century = 2000
    else:
        raise BadNumber("has an individual number that does not fit the year")
    try:
        return date(century + year, month, day)
    except ValueError:
        raise BadNumber("does not begin with a date") from None


def make_identity_number(birth: date, serial: int) -> str | None:
    """A synthetic number (month + 80) for ``serial`` of that day; None when its check digit would be 10.

    ``serial`` is 0–499 for births before 2000, 500–999 from 2000 (and 900–999 for 1940–1999).
    """
    stem = f"{birth.day:02}{birth.month + SYNTHETIC_MONTH:02}{birth.year % 100:02}{serial:03}"
    first = _mod11(stem, K1)
    if first is None:
        return None
    second = _mod11(f"{stem}{first}", K2)
    return None if second is None else f"{stem}{first}{second}"


def organisation_number(text: str) -> str:
    """Nine digits, MOD11. Raises BadNumber."""
    number = _digits(text, 9)
    if _mod11(number[:8], _ORGANISATION) != int(number[8]):
        raise BadNumber("has a wrong check digit")
    return number


def make_organisation_number(serial: int) -> str | None:
    """A synthetic organisation number (they begin with 3; real ones begin with 8 or 9)."""
    stem = f"3{serial:07}"
    check = _mod11(stem, _ORGANISATION)
    return None if check is None else f"{stem}{check}"


def bank_account(text: str) -> str:
    """Eleven digits of a Norwegian account, MOD11. Raises BadNumber."""
    number = _digits(text, 11)
    if _mod11(number[:10], _ACCOUNT) != int(number[10]):
        raise BadNumber("has a wrong check digit")
    return number


def make_bank_account(serial: int) -> str | None:
    """An account number of a bank that does not exist (register number 0000)."""
    stem = f"0000{serial:06}"
    check = _mod11(stem, _ACCOUNT)
    return None if check is None else f"{stem}{check}"


def kid(payload: str, modulus: int = 10) -> str:
    """The payload (1–24 digits) with its check digit: the customer's payment reference.

    The digit is MOD10 (Luhn) or, with ``modulus`` 11, weighted 2 to 7 from the right, where ten is written "-".
    """
    if not (payload.isascii() and payload.isdigit() and 1 <= len(payload) <= 24):
        raise BadNumber("a KID has 2 to 25 digits")
    return payload + (_luhn(payload) if modulus == 10 else _kid_mod11(payload))


def check_kid(text: str, modulus: int = 10) -> str:
    """A KID as somebody wrote it, without spaces. Raises BadNumber."""
    number = "".join(text.split())
    if len(number) < 2 or kid(number[:-1], modulus) != number:
        raise BadNumber("has a wrong check digit")
    return number


def _luhn(payload: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(payload)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def _kid_mod11(payload: str) -> str:
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(payload)))
    check = -total % 11
    return "-" if check == 10 else str(check)
