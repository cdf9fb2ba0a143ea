"""A service tried before anybody has published it: its pages as they would be asked, and what an application would
come to. Nothing is looked up, stored or sent; the people are those that the file's examples make up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from allting.common.cases.drafts import Form
from allting.common.cases.forms import Question, named, questions
from allting.common.cases.letters import grounds, payments
from allting.common.cases.models import WAITING, Case
from allting.common.catalogue import api as catalogue
from allting.common.mailbox import api as mailbox
from allting.kernel.actor import Party
from allting.kernel.rules import Outcome
from allting.kernel.text import Text, said

Typed = Mapping[str, list[str]]
BROKEN = (ValueError, TypeError, KeyError, LookupError, AttributeError)  # what a file's own expressions may raise


@dataclass(frozen=True, slots=True)
class _MadeUp(Form):
    """A form that no draft holds, on a day of its own."""

    today: date = date.min

    @property
    def day(self) -> date:
        return self.today


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it would be asked; one that is not called for has no questions."""

    page: catalogue.Page
    questions: Sequence[Question]


@dataclass(frozen=True, slots=True)
class Letter:
    """What a decision would say; ``blocks`` are headings, paragraphs and facts, each with what it holds."""

    title: Text
    blocks: Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a test run. ``result``: invalid, stopped, officer, granted, refused or broken; ``errors`` leads from
    fields to what is wrong with them, ``said`` tells why it went no further."""

    result: str
    pages: Sequence[Page]
    errors: Sequence[tuple[str, str]] = ()
    said: Sequence[str] = ()
    letters: Sequence[Letter] = ()
    fee: int = 0


def preview_pages(published: catalogue.Published) -> list[Page]:
    """Each page, filled in as in the file's first example."""
    return _pages(_form(published, 0, None))


def preview_part(published: catalogue.Published) -> list[Page]:
    """Each page of what those who sign fill in of their own, empty; none where they only sign."""
    hers = published.service.part
    if hers is None:
        return []
    form = _form(published, 0, None)
    return _pages(replace(form, published=replace(published, service=hers), answers={}, known={}))


def ask_out(published: catalogue.Published, example: int, typed: Typed | None, today: date, more: str = "") -> Tried:
    """The questions of a test run, as the person of the numbered example meets them on ``today``; filled in as the
    example is, or as typed. ``more``: the table that shall have one more row."""
    form = _form(published, example, today)
    if typed is not None:
        _read(form, typed)
    return Tried("", _pages(form, typed, more=more))


def try_out(published: catalogue.Published, example: int, typed: Typed, today: date) -> Tried:
    """Read what was typed as an application of the person that the numbered example makes up, on ``today``. Where an
    officer decides, both letters are told."""
    form = _form(published, example, today)
    try:
        return _tried(form, typed)
    except BROKEN as error:
        return Tried("broken", _pages(form), said=[f"{type(error).__name__}: {error}"])


def begun_with(slug: str, authority: UUID | None = None) -> dict[str, int]:
    """How many open cases follow each version of the file, by digest; of one authority when it is named."""
    rows = Case.objects.filter(service=slug, state__in=WAITING)
    rows = rows.filter(authority=authority) if authority else rows
    return {row["digest"]: row["count"] for row in rows.values("digest").annotate(count=Count("id")).order_by("digest")}


def _form(published: catalogue.Published, example: int, today: date | None) -> _MadeUp:
    one = published.service.examples[example]
    known = catalogue.as_known(one.known)
    day = today or one.today or timezone.localdate()
    nobody = Party("person", uuid7())
    return _MadeUp(uuid7(), published, dict(one.given), known, [], 0, timezone.now(), None, nobody, today=day)


def _pages(
    form: Form, typed: Typed | None = None, errors: Mapping[str, Any] | None = None, more: str = ""
) -> list[Page]:
    return [Page(page, _questions(form, page, typed, errors or {}, more)) for page in form.service.asks]


def _questions(
    form: Form, page: catalogue.Page, typed: Typed | None, errors: Mapping[str, Any], more: str
) -> list[Question]:
    try:
        return questions(form, page, typed, errors, more)
    except BROKEN:  # a condition that cannot be computed; the check tells of it
        return []


def _tried(form: _MadeUp, typed: Typed) -> Tried:
    errors = _read(form, typed)
    pages = _pages(form, typed, errors)
    if stops := catalogue.stops(form.service, form.answers, form.known, form.today):
        return Tried("stopped", pages, said=[f"{one.because} ({one.law})" for one in stops])
    if errors:
        labels = {name: str(one.label) for name, one in form.service.fields.items()}
        return Tried("invalid", pages, [(name, named(labels[name], text)) for name, text in errors.items()])
    answers = catalogue.asked(form.service, form.answers, form.known, form.today)
    fee = catalogue.fee(form.service, answers, form.known, form.today)
    if not form.service.at_once:
        return Tried("officer", pages, letters=[_letter(form, Outcome(True)), _letter(form, Outcome(False))], fee=fee)
    outcome = catalogue.decide(form.service, answers, form.known, form.today, form.published.folder)
    return Tried("granted" if outcome.granted else "refused", pages, letters=[_letter(form, outcome)], fee=fee)


def _read(form: _MadeUp, typed: Typed) -> dict[str, Any]:
    """Put what was typed into the form's answers, page by page; what is wrong, by field. A file cannot be sent in
    a test run: one that the example holds stands in for it."""
    sent = {name: value for name, value in form.answers.items() if form.service.fields[name].type == "file"}
    form.answers.clear()
    errors: dict[str, Any] = {}
    for page in form.service.asks:
        asked = {name: typed.get(name, []) for name, one in page.fields.items() if one.type != "file"}
        files = {name: sent.get(name, ["test"]) for name, one in page.fields.items() if one.type == "file"}
        given = asked | {name: catalogue.as_typed(page.fields[name], value) for name, value in files.items()}
        reading = catalogue.read(form.service, page, given, form.answers, form.known, form.today)
        form.answers.update(reading.answers)
        errors |= reading.errors
    return errors


def _letter(form: _MadeUp, outcome: Outcome) -> Letter:
    words = form.service.letters.granted if outcome.granted else form.service.letters.refused
    values = form.scope()
    blocks = [("paragraph", catalogue.filled(text, values)) for text in words.text]
    blocks += [_block(one) for one in (*grounds(outcome), *payments(outcome.pays))]
    blocks.append(("paragraph", said(_("The decision is made under %(law)s."), law=form.service.law)))
    return Letter(catalogue.filled(words.title, values), blocks)


def _block(one: mailbox.Block) -> tuple[str, Any]:
    if isinstance(one, mailbox.Heading):
        return "heading", one.text
    return ("facts", one.rows) if isinstance(one, mailbox.Facts) else ("paragraph", getattr(one, "text", ""))
