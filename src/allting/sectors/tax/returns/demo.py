"""Reports and returns of the demo country: who logs in sees her own for the income year 2025."""

from __future__ import annotations

from uuid import UUID

from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.problems import NotFound
from allting.sectors.tax.returns import making, reports

YEAR = 2025
# Name: kinds and kroner. The first enterprise is the employer, the second the bank, the third the kindergarten.
_HOUSE = [("interest_paid", 61_200), ("debt", 1_310_000)]  # a married couple with a loan each
REPORTED = {
    "Ingrid Moldestad": [
        ("wage", 548_000), ("withheld", 139_500), ("interest_received", 1_340), ("childcare", 22_000),
        ("union_fee", 6_900), ("deposit", 74_000), *_HOUSE,
    ],
    "Jonas Moldestad": [("wage", 612_000), ("withheld", 148_000), *_HOUSE],
    "Amir Bolsøy": [("wage", 701_500), ("withheld", 201_000), ("interest_paid", 98_300), ("interest_received", 420)],
    "Siri Romsdal": [("wage", 905_000), ("withheld", 258_000), ("interest_received", 12_800)],
    "Turid Tøndergård": [("wage", 655_000), ("withheld", 171_000)],
    "Harald Fannestrand": [("pension", 342_000), ("withheld", 50_800), ("interest_received", 9_900)],
    "Olav Fannestrand": [("pension", 268_000), ("withheld", 14_200), ("interest_received", 6_100)],
}  # fmt: skip
_OF = {"interest_paid": 1, "interest_received": 1, "debt": 1, "deposit": 1, "childcare": 2}  # by which enterprise
_WHY = Purpose("skatteforvaltningsloven kapittel 7", "Oppdiktet oppgave til prøvelandet")


def load() -> None:
    """Report and make, unless it is done: the same references change nothing."""
    enterprises = [one.id for one in registers.demo_companies()]
    try:
        office, nav = registers.authority(making.OFFICE), registers.authority("nav")
    except NotFound:
        return
    if not enterprises:
        return
    system = Actor.system(office.id, office.name)
    found: dict[UUID, list[reports.Report]] = {}
    for one in registers.demo_people()["people"]:
        person = registers.find_person(system, _WHY, one["identity_number"])
        told = REPORTED.get(one["name"], [])
        employer = nav.id if any(kind == "pension" for kind, _amount in told) else enterprises[0]
        for kind, amount in told:
            reporter = enterprises[min(_OF[kind], len(enterprises) - 1)] if kind in _OF else employer
            found.setdefault(reporter, []).append(_report(person, kind, amount))
    for reporter, rows in found.items():
        reports.store(Party("organisation", reporter), rows)
    making.make(YEAR)


def _report(person: UUID, kind: str, amount: int) -> reports.Report:
    months, degree = (12, 100) if kind == "pension" else (0, 0)
    return reports.Report(f"demo-{YEAR}-{kind}-{person.hex[-12:]}", person, YEAR, kind, amount * 100, months, degree)
