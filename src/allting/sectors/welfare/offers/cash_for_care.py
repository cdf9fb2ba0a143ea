"""Cash-for-care (kontantstøtteloven § 2) for a child without a place in kindergarten; else she uses the form."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from allting.kernel.rules import Outcome
from allting.sectors.welfare.offers import Child, Offer
from allting.sectors.welfare.services import cash_for_care


def _decide(child: Child, municipality: str | None, today: date) -> Outcome:
    born = date.fromisoformat(child["birth_date"])
    return cash_for_care.decide(born, True, hours=0, shared=False, abroad=False, member=True, today=today)


OFFER = Offer(
    "cash-for-care",
    "child",
    (
        _("The child has no place in kindergarten."),
        _("The child lives with you, and not with the other parent too by a written agreement."),
        _("You, and the other parent if you live together, have been members of national insurance for five years."),
        _("Neither you nor the child will be abroad for more than three months."),
    ),
    {"hours": ["0"], "shared": ["no"], "abroad": ["no"], "member": ["yes"]},
    _decide,
)
