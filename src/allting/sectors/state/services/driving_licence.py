"""Replacement of a driving licence (førerkortforskriften § 14-1)."""

from __future__ import annotations

from allting.kernel.rules import Outcome
from allting.kernel.text import Text

_REPORT_FIRST = Text(
    {
        "nb": "Et stjålet førerkort må meldes til politiet før nytt kan gis. Meld tyveriet, og søk igjen.",
        "nn": "Eit stole førarkort må meldast til politiet før nytt kan bli gitt. Meld tjuveriet, og søk på nytt.",
        "en": "A stolen licence must be reported to the police before a new one can be given. Report it, and apply again.",
    }
)


def decide(reason: str, reported: bool | None) -> Outcome:
    """A lost or damaged licence is replaced; a stolen one when the police know."""
    if reason == "stolen" and not reported:
        return Outcome(False, (_REPORT_FIRST,))
    return Outcome(True)
