"""What a party may say about how she is reached, checked."""

from __future__ import annotations

from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from allting.kernel.numbers import BadNumber, bank_account
from allting.kernel.problems import Invalid
from allting.kernel.text import LANGUAGES

REGION = "NO"  # a mobile number without a country code is Norwegian
_MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """``values`` as they are stored: mobile as +4790000000, account as 11 digits. Raises Invalid, field by field."""
    checks = {"email": _email, "mobile": _mobile, "language": _language, "account": _account}
    found, errors = dict(values), {}
    for name, check in checks.items():
        if name not in values:
            continue
        try:
            found[name] = check(values[name].strip())
        except ValueError as error:
            errors[name] = [str(error)]
    if errors:
        raise Invalid(errors=errors)
    return found


def _email(text: str) -> str:
    try:
        if text:
            validate_email(text)
    except ValidationError:
        raise ValueError(_("Write an e-mail address, as name@example.org")) from None
    if len(text) > 254:
        raise ValueError(_("The e-mail address is too long"))
    return text


def _mobile(text: str) -> str:
    if not text:
        return ""
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _MOBILE:
        raise ValueError(_("Write a mobile number, as 912 34 567, or with + and the country code")) from None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise ValueError(_("Choose a language"))
    return text


def _account(text: str) -> str:
    try:
        return bank_account(text) if text else ""
    except BadNumber:
        raise ValueError(
            _("Write the 11 digits of an account number. One of the digits is wrong, or one is missing.")
        ) from None
