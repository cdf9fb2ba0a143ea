"""Child benefit (barnetrygdloven § 2), without the extended one: whether she is alone no register tells."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from allting.kernel.rules import Outcome
from allting.sectors.welfare.offers import Child, Offer
from allting.sectors.welfare.services import child_benefit


def _decide(child: Child, municipality: str | None, today: date) -> Outcome:
    born = date.fromisoformat(child["birth_date"])
    return child_benefit.decide(born, True, alone=False, abroad=False, today=today, municipality=municipality)


OFFER = Offer(
    "child-benefit",
    "child",
    (
        _("The child lives with you, and nobody else gets child benefit for the child."),
        _("You share the care of the child with somebody, or do not ask for the extended benefit."),
        _("The child will not be abroad for more than three months."),
    ),
    {"shared": ["no"], "alone": ["no"], "abroad": ["no"]},
    _decide,
)
