"""What pages and letters call what was sent in: an application asks for something, a report tells of something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from allting.common.cases.wording import OUTCOMES
from allting.common.catalogue import api as catalogue


@dataclass(frozen=True, slots=True)
class Sent:
    """The sentences that name it, translated when shown."""

    name: Any
    signed: Any  # the link to the signed document
    received: Any
    waits_for_payment: Any  # with %(authority)s
    waits_for_others: Any
    lapsed: Any
    withdrawn: Any
    take_back: Any
    take_back_question: Any
    again: Any
    by_another: Any  # with %(who)s and %(party)s
    entered_title: Any  # with %(title)s
    entered: Any  # with %(day)s
    takes_longer: Any
    granted: Any  # the outcome in a word


APPLICATION: Final = Sent(
    name=_("The application"),
    signed=_("Download the signed application"),
    received=_("We have received your application. You have a receipt here, and nothing more to do now."),
    waits_for_payment=_("Your application goes to %(authority)s when the fee is paid."),
    waits_for_others=_(
        "We wait for the answers of the others. Your application goes on when they have answered, or when the time is"
        " out."
    ),
    lapsed=_("Not everyone who had to sign did, so the application was not sent. You can apply again."),
    withdrawn=_("You took this application back. You can apply again at any time."),
    take_back=_("Take the application back"),
    take_back_question=_("Take the application back?"),
    again=_("It will not be decided. A fee you have paid is paid back. You can apply again later."),
    by_another=_("The application was sent by %(who)s on behalf of %(party)s."),
    entered_title=_("We have received your application: %(title)s"),
    entered=_("We received your application on %(day)s, and have entered it for you. This is what we entered."),
    takes_longer=_("The answer to your application takes longer"),
    granted=OUTCOMES["granted"],
)
REPORT: Final = Sent(
    name=_("The report"),
    signed=_("Download the signed report"),
    received=_("We have received your report. You have a receipt here, and nothing more to do now."),
    waits_for_payment=_("Your report goes to %(authority)s when the fee is paid."),
    waits_for_others=_(
        "We wait for the answers of the others. Your report goes on when they have answered, or when the time is out."
    ),
    lapsed=_("Not everyone who had to sign did, so the report was not sent. You can send it again."),
    withdrawn=_("You took this report back. You can send it again at any time."),
    take_back=_("Take the report back"),
    take_back_question=_("Take the report back?"),
    again=_("It will not be dealt with. A fee you have paid is paid back. You can send it again later."),
    by_another=_("The report was sent by %(who)s on behalf of %(party)s."),
    entered_title=_("We have received your report: %(title)s"),
    entered=_("We received your report on %(day)s, and have entered it for you. This is what we entered."),
    takes_longer=_("The answer to your report takes longer"),
    granted=_("Dealt with"),
)
_ALL: Final = {"application": APPLICATION, "report": REPORT}


def sent_as(service: catalogue.Service) -> Sent:
    """The sentences that fit the service."""
    return _ALL[service.sent_as]
