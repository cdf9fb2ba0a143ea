"""The machine readable zone of an ID card: ICAO Doc 9303 part 5 (size TD1), with part 3's letters and check digits."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from allting.kernel.numbers import BadNumber

WIDTH, FILLER = 30, "<"
_WEIGHTS = (7, 3, 1)  # part 3, 4.9
# Part 3, section 6, table A, for letters whose plain letter is not simply the one without its mark.
_LETTERS = {
    "Å": "AA", "Ä": "AE", "Æ": "AE", "Ö": "OE", "Ø": "OE", "Œ": "OE", "Ü": "UE", "ẞ": "SS", "ß": "SS", "Þ": "TH",
    "Ð": "D", "Đ": "D", "Ħ": "H", "ı": "I", "Ĳ": "IJ", "ĸ": "Q", "Ł": "L", "Ŀ": "L", "Ŋ": "N", "Ŧ": "T", "Ñ": "N",
}  # fmt: skip
_SEPARATORS = " -‐–,.'’`´·"
_DROPPED = ".'’`´·"  # an apostrophe or a full stop leaves nothing behind (part 3, 4.6)


@dataclass(frozen=True, slots=True)
class Holder:
    """What the zone tells: names as they are written, ``sex`` M, F or empty for unspecified."""

    family_name: str
    given_names: str
    born: date
    nationality: str = "NOR"
    sex: str = ""


def check_digit(text: str) -> str:
    """The check digit of a field (part 3, 4.9): digits as they are, A–Z from 10, the filler 0; weights 7, 3, 1."""
    total = sum(_value(letter) * _WEIGHTS[place % 3] for place, letter in enumerate(text))
    return str(total % 10)


def _value(letter: str) -> int:
    if letter == FILLER:
        return 0
    if letter.isascii() and (letter.isdigit() or letter.isupper()):
        return int(letter, 36)
    raise BadNumber("has a letter that does not belong in a machine readable zone")


def transliterated(name: str) -> str:
    """A name in A–Z with fillers between its parts: "Åse-Märtha Bjørnsdottir" → "AASE<MAERTHA<BJOERNSDOTTIR".

    A letter that has no Latin counterpart is left out. Raises BadNumber when nothing is left.
    """
    letters = (_plain(letter) for letter in unicodedata.normalize("NFC", name))
    found = FILLER.join(part for part in "".join(letters).split(FILLER) if part)
    if not found:
        raise BadNumber("has no letter that can stand in a machine readable zone")
    return found


def _plain(letter: str) -> str:
    capital = letter if letter in _LETTERS else letter.upper()
    if letter in _SEPARATORS:
        return "" if letter in _DROPPED else FILLER
    if capital in _LETTERS:
        return _LETTERS[capital]
    return "".join(one for one in unicodedata.normalize("NFD", capital) if "A" <= one <= "Z")


def td1(code: str, issuer: str, number: str, holder: Holder, expires: date, optional: str = "") -> tuple[str, str, str]:
    """The three lines of thirty. ``code`` begins with A, C or I; ``number`` has at most nine letters and digits.

    Raises BadNumber for what cannot be written so.
    """
    if not 1 <= len(code) <= 2 or code[0] not in "ACI" or not 1 <= len(number) <= 9 or len(optional) > 11:
        raise BadNumber("does not fit the machine readable zone")
    written = number.ljust(9, FILLER)
    first = f"{code.ljust(2, FILLER)}{issuer.ljust(3, FILLER)}{written}{check_digit(written)}".ljust(WIDTH, FILLER)
    born, ends = f"{holder.born:%y%m%d}", f"{expires:%y%m%d}"
    middle = f"{born}{check_digit(born)}{holder.sex or FILLER}{ends}{check_digit(ends)}"
    second = f"{middle}{holder.nationality.ljust(3, FILLER)}{optional.ljust(11, FILLER)}"
    return first, second + composite(first, second), names(holder.family_name, holder.given_names)


def composite(first: str, second: str) -> str:
    """The last check digit of line two (part 5, 4.2.4): over both lines' numbers, dates and optional data."""
    return check_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29])


def names(family_name: str, given_names: str) -> str:
    """Line three. Names that are too long are cut so that both are told of, and the last place has a letter then,
    which says that something was cut (part 5, 4.2.3)."""
    family, given = transliterated(family_name), transliterated(given_names) if given_names.strip() else ""
    whole = f"{family}{FILLER * 2}{given}" if given else family
    if len(whole) <= WIDTH:
        return whole.ljust(WIDTH, FILLER)
    room = WIDTH - 2 - min(len(given), 10) if given else WIDTH
    family = family[:room].rstrip(FILLER)
    line = f"{family}{FILLER * 2}{given}"[:WIDTH] if given else family.ljust(WIDTH, FILLER)
    return line if line[-1] != FILLER or not given else f"{family[:-1].rstrip(FILLER)}{FILLER * 2}{given}"[:WIDTH]


def is_right(lines: tuple[str, str, str]) -> bool:
    """Whether the lines have the right form and all their check digits (number, birth, expiry, composite)."""
    first, second, third = lines
    try:
        right = [len(one) == WIDTH for one in lines]
        right += [check_digit(first[5:14]) == first[14], check_digit(second[:6]) == second[6]]
        right += [check_digit(second[8:14]) == second[14], composite(first, second) == second[29]]
        check_digit(third)
    except (BadNumber, IndexError):
        return False
    return all(right)
