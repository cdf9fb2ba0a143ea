"""Passwords: Argon2id (RFC 9106), and a refusal of those that are guessed first (NIST SP 800-63B section 3.1.1.2)."""

from __future__ import annotations

import re
from itertools import pairwise

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORTEST, LONGEST = 12, 200


class Argon2id(Argon2PasswordHasher):
    """RFC 9106's second recommendation (64 MiB, three passes), in one lane: a login uses one core."""

    time_cost = 3
    parallelism = 1

    @property
    def memory_cost(self) -> int:  # type: ignore[override]
        return int(settings.PASSWORD_MEMORY_KIB)


def hashed(password: str) -> str:
    return make_password(password)


_nobodys: dict[int, str] = {}


def fits(password: str, stored: str | None) -> bool:
    """Whether it is the password, letter by letter; with nothing stored the same work is done, and the answer is no."""
    if stored is None or len(password) > LONGEST:
        memory = settings.PASSWORD_MEMORY_KIB
        if memory not in _nobodys:
            _nobodys[memory] = make_password("nobody has this password")
        check_password(password[:LONGEST], _nobodys[memory])
        return False
    return check_password(password, stored)


def complaint(password: str, *personal: str) -> str:
    """Why it cannot be a password, in the reader's language; empty when it can. ``personal`` is what others know."""
    if len(password) < SHORTEST:
        return _("Write at least 12 characters. Three or four words make a good password.")
    if len(password) > LONGEST:
        return _("Write at most 200 characters")
    low = password.lower()
    if len(set(low)) < 5 or _in_a_row(low):
        return _("This is among the first that are guessed. Choose another.")
    if any(part and part.lower() in low for part in personal):
        return _("Leave your name and your identity number out of it")
    if any(_common(one) for one in (low, re.sub(r"[^a-zæøå]", "", low), re.sub(r"[\W\d_]+$", "", low), _halved(low))):
        return _("This is in lists of stolen passwords. Choose another.")
    return ""


def _in_a_row(text: str) -> bool:
    """As 1234567890ab: four of five neighbours follow each other."""
    steps = [ord(after) - ord(before) for before, after in pairwise(text)]
    return sum(step in (1, -1) for step in steps) >= 0.8 * len(steps)


def _halved(text: str) -> str:
    """The part that is said twice or more, as passordpassord; else nothing."""
    again = re.fullmatch(r"(.{3,}?)\1+", text)
    return again[1] if again else ""


_list = CommonPasswordValidator()


def _common(text: str) -> bool:
    if len(text) < 4:
        return False
    try:
        _list.validate(text)
    except ValidationError:
        return True
    return text in _OURS


# The list above is an international one of 20 000; these are guessed first here.
_OURS = frozenset(
    "passord passordet hemmelig hemmeleg sommer sommaren vinter høst haust norge noreg fotball skole velkommen "
    "velkomen allting bankid minid myid qwertyå eksempel katten hunden".split()
)
