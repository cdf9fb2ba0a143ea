"""Whether somebody else has asked for the same: what is given once must not be paid to two."""

from __future__ import annotations

from collections.abc import Sequence

from allting.common.cases.journalling import contents
from allting.common.cases.models import Case
from allting.common.payment import api as payment
from allting.kernel.actor import Party


def taken(parties: Sequence[Party], service: str, question: str, answer: str) -> bool:
    """Whether one of ``parties`` has an application with this ``answer`` that waits for its decision, or is paid by
    month. For a rule or an offer, which tells no more than that: whose it is stays with the authority."""
    keys = [str(one) for one in parties]
    rows = Case.objects.filter(party__in=keys, service=service).exclude(outcome__in=("refused", "annulled"))
    return any(
        contents(row)["answers"].get(question) == answer and (not row.decided or payment.running_of_case(row.pk))
        for row in rows.exclude(state="withdrawn")
    )
