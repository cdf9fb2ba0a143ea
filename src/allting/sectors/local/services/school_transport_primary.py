"""School transport in compulsory school (opplæringslova § 4-1)."""

from __future__ import annotations

from datetime import date
from typing import Final

from allting.kernel.rules import Outcome, Step, rates
from allting.kernel.text import Text

WORDS = {
    "born": {"nb": "Elevens fødselsdato", "nn": "Fødselsdatoen til eleven", "en": "The pupil's date of birth"},
}  # fmt: skip
_LAW: Final = "opplæringslova § 4-1"
_AUGUST: Final = 8  # a school year begins in August
_STARTS_AT: Final = 6  # in the calendar year the child turns six (§ 2-1)


def decide(born: date, distance_km: float, cannot_walk: bool, start: date) -> Outcome:
    """A pupil over the limit of her year, or who cannot walk, has a right to transport.

    ``distance_km``: the shortest passable way from door to door.
    """
    year = school_year(born, start)
    table = rates(__file__, "opplaeringslova")
    limit = table.rate("limit_first_year_km" if year <= 1 else "limit_later_years_km", start)
    steps = (
        Step(Text({"nb": "Trinn", "nn": "Trinn", "en": "School year"}), str(max(year, 1)), "opplæringslova § 2-1"),
        Step(Text({"nb": "Skoleveien", "nn": "Skulevegen", "en": "The way to school"}), f"{distance_km:g} km", _LAW),
        Step(Text({"nb": "Grensen", "nn": "Grensa", "en": "The limit"}), f"{limit.value} km", limit.law),
    )
    if distance_km > limit.value:
        return Outcome(True, (_far(distance_km, int(limit.value)),), steps, version=table.version)
    if cannot_walk:
        return Outcome(True, (_UNABLE,), steps, version=table.version)
    return Outcome(False, (_near(distance_km, int(limit.value)),), steps, version=table.version)


def school_year(born: date, on: date) -> int:
    """The year (1–10) of a pupil who began on time."""
    begun = on.year if on.month >= _AUGUST else on.year - 1
    return begun - born.year - _STARTS_AT + 1


_UNABLE: Final = Text(
    {
        "nb": "Eleven kan ikke gå på grunn av funksjonsnedsettelse, skade eller sykdom, og har rett til skyss uansett avstand.",
        "nn": "Eleven kan ikkje gå på grunn av funksjonsnedsetjing, skade eller sjukdom, og har rett til skyss same kva avstanden er.",
        "en": "The pupil cannot walk because of disability, injury or illness, and has a right to transport whatever the distance.",
    }
)


def _far(distance_km: float, limit: int) -> Text:
    return Text(
        {
            "nb": f"Skoleveien er {_comma(distance_km)} km. Det er mer enn {limit} km.",
            "nn": f"Skulevegen er {_comma(distance_km)} km. Det er meir enn {limit} km.",
            "en": f"The way to school is {distance_km:g} km. That is more than {limit} km.",
        }
    )


def _near(distance_km: float, limit: int) -> Text:
    return Text(
        {
            "nb": f"Skoleveien er {_comma(distance_km)} km. Den må være mer enn {limit} km for å gi rett til skyss.",
            "nn": f"Skulevegen er {_comma(distance_km)} km. Han må vere meir enn {limit} km for å gi rett til skyss.",
            "en": f"The way to school is {distance_km:g} km. It must be more than {limit} km to give a right to transport.",
        }
    )


def _comma(distance_km: float) -> str:
    return f"{distance_km:g}".replace(".", ",")
