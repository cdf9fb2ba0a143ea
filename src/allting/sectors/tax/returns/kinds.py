"""What is reported, changed and added in a return: each kind with its paragraph and what it counts as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of amount. ``group``: income, deduction, withheld, or told (shown, and counts for nothing here).

    ``addable``: a person may add one that nobody has reported.
    """

    title: Any
    law: str
    group: str
    addable: bool = False

    @property
    def counts(self) -> bool:
        return self.group != "told"


KINDS: Final[dict[str, Kind]] = {
    "wage": Kind(_("Wages"), "skatteloven § 5-10", "income", addable=True),
    "pension": Kind(_("Pension"), "skatteloven § 5-40", "income"),
    "interest_received": Kind(_("Interest on deposits"), "skatteloven § 5-20", "income", addable=True),
    "other_income": Kind(_("Other income"), "skatteloven § 5-1", "income", addable=True),
    "interest_paid": Kind(_("Interest on debt"), "skatteloven § 6-40", "deduction", addable=True),
    "childcare": Kind(_("Childcare"), "skatteloven § 6-48", "deduction", addable=True),
    "withheld": Kind(_("Tax withheld"), "skattebetalingsloven § 7-1", "withheld"),
    # No limit for union fees in 2025 and no rule of wealth tax in a source we may cite: told, not counted.
    "union_fee": Kind(_("Union fee"), "skatteloven § 6-20", "told"),
    "deposit": Kind(_("Deposits in the bank"), "skatteloven § 4-1", "told"),
    "debt": Kind(_("Debt"), "skatteloven § 4-1", "told"),
}
GROUPS: Final = {
    "income": _("Income"),
    "deduction": _("Deductions"),
    "withheld": _("Paid in advance"),
    "told": _("Reported, and not counted here"),
}
