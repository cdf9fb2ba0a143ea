"""The letters of a case: the decision with grounds and the right to appeal (forvaltningsloven §§ 24–27), and news."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid5

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from allting.common.cases import certificates, files
from allting.common.cases.came import Came
from allting.common.cases.journalling import contents, journal
from allting.common.cases.models import Case
from allting.common.cases.sent import sent_as
from allting.common.cases.shown import answers, flat
from allting.common.catalogue import api as catalogue
from allting.common.mailbox import api as mailbox
from allting.common.registers import api as registers
from allting.kernel.actor import Party
from allting.kernel.money import kroner
from allting.kernel.rules import Outcome, Pay
from allting.kernel.text import Text, said


def decision(case: Case, outcome: Outcome, *, law: str, final: bool = False) -> None:
    """The letter with a decision. ``final``: it was decided on appeal, and cannot be appealed here again."""
    service = catalogue.at(case.service, case.digest).service
    held = contents(case)
    scope = catalogue.scope(service, held["answers"], held["known"], case.decided or date.min)
    words = service.letters.granted if outcome.granted else service.letters.refused
    blocks: list[mailbox.Block] = [mailbox.Paragraph(catalogue.filled(text, scope)) for text in words.text]
    if who := _sent_by(case, service):
        blocks.append(mailbox.Paragraph(who))
    blocks += grounds(outcome)
    blocks += payments(outcome.pays)
    blocks.append(mailbox.Paragraph(said(_("The decision is made under %(law)s."), law=law)))
    entered = said(_("Decision: %(title)s"), title=service.title)
    appeal = "" if final else right_to_appeal(case, service)
    key = key_of(case, case.revision)
    enclosure = certificates.enclosed(case, service, scope, key) if outcome.granted else None
    if enclosure is not None:
        blocks.append(mailbox.Paragraph(said(_("With this letter: %(title)s."), title=enclosure.title)))
    title = catalogue.filled(words.title, scope)
    send(case, title, blocks, appeal=appeal, entered=entered, key=key, enclosure=enclosure)


def _sent_by(case: Case, service: catalogue.Service) -> Text | None:
    """Who applied, when it was somebody for the party."""
    party, applicant = Party.parse(case.party), Party("person", case.applicant)
    if party.id == applicant.id:
        return None
    return said(sent_as(service).by_another, who=registers.name_of(applicant), party=registers.name_of(party))


def grounds(outcome: Outcome) -> list[mailbox.Block]:
    """Why, and how it was counted."""
    blocks: list[mailbox.Block] = []
    if outcome.grounds:
        blocks.append(mailbox.Heading(said(_("Grounds"))))
        blocks += [mailbox.Paragraph(text) for text in outcome.grounds]
    if outcome.steps:
        blocks.append(mailbox.Heading(said(_("How we have counted"))))
        blocks.append(mailbox.Facts([(step.text, f"{step.value} ({step.law})") for step in outcome.steps]))
    return blocks


def payments(pays: Sequence[Pay]) -> list[mailbox.Block]:
    if not pays:
        return []
    return [mailbox.Heading(said(_("What you get"))), *[mailbox.Paragraph(payment_line(pay)) for pay in pays]]


def payment_line(pay: Pay) -> Text:
    """What is paid, and for which months."""
    amount = kroner(pay.amount)
    if pay.every == "once":
        return said(_("%(what)s: %(amount)s."), what=pay.text, amount=amount)
    if pay.end is None:
        words = _("%(what)s: %(amount)s a month from %(start)s on.")
        return said(words, what=pay.text, amount=amount, start=lambda: _month(pay.start))
    if pay.start and pay.start.replace(day=1) == pay.end.replace(day=1):
        words = _("%(what)s for %(month)s: %(amount)s.")
        return said(words, what=pay.text, amount=amount, month=lambda: _month(pay.start))
    return said(
        _("%(what)s: %(amount)s a month from %(start)s to %(end)s."),
        what=pay.text, amount=amount, start=lambda: _month(pay.start), end=lambda: _month(pay.end),
    )  # fmt: skip


def _month(day: date | None) -> str:
    return formats.date_format(day, "YEAR_MONTH_FORMAT") if day else "–"


def right_to_appeal(case: Case, service: catalogue.Service) -> Text:
    body = registers.appeals_body(service.appeal.to, case.authority).name
    return said(
        _(
            "You can appeal until %(day)s. Write why on the page of the case. We look at it again first, and send it"
            " to %(body)s if we do not change the decision. You may see the documents of the case."
            " The rules are in %(law)s."
        ),
        day=lambda: formats.date_format(case.appeal_until or date.max, "DATE_FORMAT"),
        body=body, law=service.appeal.law,
    )  # fmt: skip


def send(
    case: Case, title: Text, blocks: Sequence[mailbox.Block], *, appeal: Text | str = "", entered: Text | None = None,
    to: Party | None = None, reply_at: str = "", key: str = "", enclosure: mailbox.Enclosure | None = None,
) -> None:  # fmt: skip
    """A letter to the party, in the caller's transaction: journalled, and delivered once for each revision or ``key``.

    ``entered``: its title in the journal, where the letter's own names somebody. ``to``: another whom the case
    concerns; ``reply_at``: the page where she answers.
    """
    key = (key or key_of(case, case.revision)) + (f":{to.id}" if to else "")
    letter = mailbox.Letter(
        recipient=to or Party.parse(case.party), sender=case.desk, sender_name=registers.authority(case.desk).name,
        title=title, paragraphs=blocks, case=case.pk, case_number=case.number, appeal=appeal,
        reply_url=f"{settings.BASE_URL}{reply_at or f'/my/cases/{case.pk}'}", service=case.service, enclosure=enclosure,
    )  # fmt: skip
    mailbox.deliver(letter, key)
    other, private = (registers.name_of(to), to.kind == "person") if to else ("", False)
    journal(case, entered or title, "out", uuid5(case.pk, key), other=other, private=private)


def entered(case: Case, service: catalogue.Service, how: Came) -> None:
    """What an officer has entered for the party, question by question, so that she can object to it."""
    blocks: list[mailbox.Block] = [
        mailbox.Paragraph(
            said(
                sent_as(service).entered,
                day=lambda: formats.date_format(how.received, "DATE_FORMAT"),
            )
        ),
        mailbox.Paragraph(said(_("Tell us as soon as you can if something is wrong. Give us the case number."))),
    ]
    if how.note:
        blocks += [mailbox.Heading(said(_("What you told us"))), mailbox.Paragraph(how.note)]
    for title, rows in answers(service, contents(case), files.of(case=case.pk)):
        blocks += [mailbox.Heading(title), mailbox.Facts([(one.label, flat(one.value)) for one in rows])]
    title = said(sent_as(service).entered_title, title=service.title)
    send(case, title, blocks, key=f"entered:{case.pk}")


def key_of(case: Case, revision: int) -> str:
    """What the party's letter of that revision is known by."""
    return f"case:{case.pk}:{revision}"


def plain(case: Case, title: Any, *texts: Any) -> None:
    """A short letter: a title and paragraphs, translated."""
    words = [text if isinstance(text, (Text, str)) else said(text) for text in texts]
    send(case, said(title), [mailbox.Paragraph(one) for one in words])
