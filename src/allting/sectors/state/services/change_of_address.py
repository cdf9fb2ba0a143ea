"""Change of address (folkeregisterloven § 6-1; folkeregisterforskriften § 5-1-1: where one spends the nights)."""

from __future__ import annotations

from datetime import date

from allting.kernel.rules import Outcome, Step
from allting.kernel.text import Text

_LAW = "folkeregisterloven § 6-1"
_LATE = Text(
    {
        "nb": "Meldingen kom mer enn åtte dager etter flyttingen. Flyttedatoen er registrert som du oppga.",
        "nn": "Meldinga kom meir enn åtte dagar etter flyttinga. Flyttedatoen er registrert slik du oppgav.",
        "en": "The report came more than eight days after the move. The date is registered as you gave it.",
    }
)
_BOX = Text(
    {
        "nb": "En postboks kan ikke være bostedsadresse. Oppgi adressen der du har din døgnhvile.",
        "nn": "Ein postboks kan ikkje vere bustadadresse. Oppgi adressa der du har døgnkvila di.",
        "en": "A post office box cannot be a home address. Give the address where you spend your nights.",
    }
)


def decide(moved_on: date, street: str, today: date) -> Outcome:
    """A move is registered as reported; an address nobody can live at is not."""
    days = (today - moved_on).days
    step = Step(
        Text({"nb": "Dager siden flyttingen", "nn": "Dagar sidan flyttinga", "en": "Days since the move"}),
        str(max(days, 0)),
        _LAW,
    )
    if street.strip().lower().startswith(("postboks", "p.b.", "pb ", "boks ")):
        return Outcome(False, (_BOX,), (step,))
    return Outcome(True, (_LATE,) if days > 8 else (), (step,))
