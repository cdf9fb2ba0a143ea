"""Money is integer øre."""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import get_language

NO_BREAK = "\u00a0"


def kroner(ore: int) -> str:
    """Øre as people read them: "1 766 kr", or "12,50 kr" ("12.50" in English) when there are øre."""
    sign = "\u2212" if ore < 0 else ""
    whole, rest = divmod(abs(ore), 100)
    text = f"{whole:,}".replace(",", NO_BREAK)
    if rest:
        text += ("." if (get_language() or "nb").startswith("en") else ",") + f"{rest:02}"
    return f"{sign}{text}{NO_BREAK}kr"


def ore(text: str) -> int | None:
    """Kroner as people write them, in øre; None for what is no amount above zero, and for "5.000", which may be two."""
    plain = "".join(text.split()).replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,9}([.][0-9]{1,2})?", plain):
        return None
    return int(Decimal(plain) * 100) or None
