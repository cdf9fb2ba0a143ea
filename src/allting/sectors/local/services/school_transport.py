"""School transport in upper secondary school (opplæringslova § 9-2)."""

from __future__ import annotations

from datetime import date

from allting.kernel.rules import Outcome, Step, rates
from allting.kernel.text import Text

_LAW = "opplæringslova § 9-2"


def decide(distance_km: int, cannot_walk: bool, start: date) -> Outcome:
    """A pupil more than so many kilometres from school, or who cannot walk, has a right to transport."""
    rate = rates(__file__, "opplaeringslova").rate("limit_km", start)
    limit = int(rate.value)
    steps = (
        Step(Text({"nb": "Skoleveien", "nn": "Skulevegen", "en": "The way to school"}), f"{distance_km} km", _LAW),
        Step(Text({"nb": "Grensen", "nn": "Grensa", "en": "The limit"}), f"{limit} km", rate.law),
    )
    version = rates(__file__, "opplaeringslova").version
    if distance_km > limit:
        return Outcome(True, (_far(distance_km, limit),), steps, version=version)
    if cannot_walk:
        return Outcome(True, (_UNABLE,), steps, version=version)
    return Outcome(False, (_near(distance_km, limit),), steps, version=version)


_UNABLE = Text(
    {
        "nb": "Eleven kan ikke gå på grunn av funksjonsnedsettelse, skade eller sykdom, og har rett til skyss uansett avstand.",
        "nn": "Eleven kan ikkje gå på grunn av funksjonsnedsetjing, skade eller sjukdom, og har rett til skyss same kva avstanden er.",
        "en": "The pupil cannot walk because of disability, injury or illness, and has a right to transport whatever the distance.",
    }
)


def _far(distance_km: int, limit: int) -> Text:
    return Text(
        {
            "nb": f"Skoleveien er {distance_km} km. Det er mer enn {limit} km.",
            "nn": f"Skulevegen er {distance_km} km. Det er meir enn {limit} km.",
            "en": f"The way to school is {distance_km} km. That is more than {limit} km.",
        }
    )


def _near(distance_km: int, limit: int) -> Text:
    return Text(
        {
            "nb": f"Skoleveien er {distance_km} km. Den må være mer enn {limit} km for å gi rett til skyss.",
            "nn": f"Skulevegen er {distance_km} km. Han må vere meir enn {limit} km for å gi rett til skyss.",
            "en": f"The way to school is {distance_km} km. It must be more than {limit} km to give a right to transport.",
        }
    )
