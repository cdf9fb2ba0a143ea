"""What a service file says as a whole: these classes are the keys, and the JSON Schema comes from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

from pydantic import Field, field_validator, model_validator

from allting.common.catalogue.expressions import Expression
from allting.common.catalogue.members import (
    Appeal,
    Check,
    Computed,
    Effect,
    EndsWith,
    Example,
    Fee,
    FormField,
    Gives,
    Keep,
    Known,
    Law,
    Letters,
    LetterText,
    Name,
    Officers,
    OtherDeadline,
    Page,
    Part,
    Period,
    Referral,
    Rule,
    Sign,
    Slug,
    Stop,
    Texts,
    readable_period,
)
from allting.kernel.actor import Level
from allting.kernel.text import Text


class Service(Part):
    """One public service."""

    service: Slug
    offered_by: str
    sent_to: Name | None = Field(default=None, description="the question that says whose case it is")
    audience: Literal["citizen", "business"] = "citizen"
    sent_as: Literal["application", "report"] = Field(
        default="application", description="what pages and letters call what is sent in: an application, or a report"
    )
    title: Text
    summary: Text
    about: Texts = ()
    law: Law
    words: tuple[str, ...] = ()
    themes: tuple[str, ...] = Field(min_length=1)
    life_events: tuple[Slug, ...] = ()
    level: Literal["substantial", "high"] = "substantial"
    own_page: str = Field(
        default="", pattern=r"^(/[a-z0-9/-]+)?$", description="where it is done, when a sector has a page for it"
    )
    knows: dict[Name, Known] = Field(default_factory=dict)
    corrects: tuple[str, ...] = Field(default=(), description="the data sets whose mistakes are reported here")
    asks: tuple[Page, ...] = Field(min_length=1)
    refuse_if: tuple[Stop, ...] = ()
    checks: tuple[Check, ...] = ()
    sign: Sign = Sign()
    fee: Fee | None = None
    costs: Text | None = Field(default=None, description="what it costs, where fee does not say it")
    decide: Literal["officer"] | Officers | Rule
    effect: Effect | None = None
    claims_back: Law | None = Field(default=None, description="the paragraph that claims back what was paid too much")
    ends_with: EndsWith | None = Field(default=None, description="whose death or move abroad ends what is paid")
    deadline: Period
    deadline_if: tuple[OtherDeadline, ...] = Field(default=(), description="other times; the first that holds is used")
    letters: Letters
    gives: Gives | None = Field(default=None, description="a sealed document that a granted application gives")
    appeal: Appeal
    keep: Keep
    examples: tuple[Example, ...] = Field(min_length=1)
    _period = field_validator("deadline")(readable_period)

    @field_validator("fee", mode="before")
    @classmethod
    def _none(cls, value: Any) -> Any:
        return None if value == "none" else value

    @property
    def assurance(self) -> Level:
        return Level.from_name(self.level)

    @property
    def fields(self) -> dict[str, FormField]:
        """All questions of all pages, in order."""
        return {name: field for page in self.asks for name, field in page.fields.items()}

    @property
    def part(self) -> Service | None:
        """What one who signs fills in, as a form of its own: nothing is known in it and nothing outside it is asked.
        None where they only sign."""
        alone = {"asks": self.sign.asks, "sign": Sign(), "sent_to": None, "knows": {}, "refuse_if": (), "checks": ()}
        return self.model_copy(update=alone) if self.sign.asks else None

    @property
    def computes(self) -> dict[str, Computed]:
        """What follows from the answers, in order: each may build on those before."""
        return {name: one for page in self.asks for name, one in page.computes.items()}

    @property
    def by_rule(self) -> bool:
        return isinstance(self.decide, Rule)

    @property
    def given(self) -> Mapping[str, Expression]:
        """What the rule's arguments are given, when a rule decides."""
        return self.decide.given if isinstance(self.decide, Rule) else {}

    @property
    def referrals(self) -> tuple[Referral, ...]:
        return self.decide.officer_if if isinstance(self.decide, Rule) else ()

    @property
    def at_once(self) -> bool:
        """Whether a rule decides by itself, as soon as it is sent."""
        return isinstance(self.decide, Rule) and self.decide.confirm is None

    @property
    def countersigned(self) -> bool:
        """Whether a decision takes two officers."""
        if isinstance(self.decide, Rule):
            return self.decide.confirm == "two officers"
        return isinstance(self.decide, Officers)

    @model_validator(mode="after")
    def _hangs_together(self) -> Service:
        if faults := [*_doubles(self), *_sources(self), *_part(self), *_names(self)]:
            raise ValueError("\n".join(faults))
        return self


def _doubles(service: Service) -> list[str]:
    names = [name for page in (*service.asks, *service.sign.asks) for name in (*page.fields, *page.computes)]
    pages = [page.page for page in (*service.asks, *service.sign.asks)]
    faults = [f"two fields are called {name!r}" for name in sorted(set(names)) if names.count(name) > 1]
    taken = sorted(set(names) & {*service.knows, "today"})
    faults += [f"field {name!r} has the name of something known" for name in taken]
    return faults + [f"two pages are called {name!r}" for name in sorted(set(pages)) if pages.count(name) > 1]


def _sources(service: Service) -> list[str]:
    faults = []
    for name, field in service.fields.items():
        if field.source and field.source not in service.knows:
            faults.append(f"field {name!r} chooses from {field.source!r}, which is not under knows:")
        for column, one in field.columns.items():
            if one.source and one.source not in service.knows:
                faults.append(f"column {column!r} chooses from {one.source!r}, which is not under knows:")
    to = service.sent_to
    kind = _CHOSEN.get(service.offered_by)
    if to and kind is None:
        faults.append(f"sent_to is for what is offered by {', '.join(_CHOSEN)}")
    elif to and (to not in service.fields or not _always(service.fields[to], str(kind))):
        faults.append(f"sent_to names {to!r}; it must be a required question of type {kind} without show_if")
    elif not to and service.offered_by == "every authority":
        faults.append("what every authority offers needs sent_to: the question of type authority that says which")
    also = service.sign.also
    if also and also not in service.fields and also not in service.knows:
        faults.append(f"sign.also names {also!r}, which is neither known nor asked")
    if also in service.fields and service.fields[also].type not in ("person", "people"):
        faults.append(f"sign.also names {also!r}, which does not ask for people; give it the type person or people")
    return faults + [
        f"checks name the field {one.field!r}, which is not asked"
        for one in service.checks
        if one.field not in service.fields
    ]


_CHOSEN = {"every municipality": "municipality", "every county": "municipality", "every authority": "authority"}


def _always(field: FormField, kind: str) -> bool:
    return field.type == kind and field.required and field.show_if is None


NOT_HERS: Final = {
    "file": "everyone who signs reads the files; ask the applicant for it",
    "person": "nobody is looked up by what they answer; ask for a name as text",
    "people": "nobody is looked up by what they answer; ask for names as text",
}
_ON_THE_PAGE: Final = ("answer", "remark")  # the fields beside hers where she signs


def _part(service: Service) -> Iterator[str]:
    """What those who sign may be asked: what is known is known of the applicant, and is not theirs to choose from."""
    pages = service.sign.asks
    if pages and service.sign.also is None:
        yield "sign.asks has nobody to ask; name those who sign under also:"
    for name, field in ((name, one) for page in pages for name, one in page.fields.items()):
        if field.type in NOT_HERS:
            yield f"sign.asks: {name!r} has the type {field.type}; {NOT_HERS[field.type]}"
        if field.source or any(one.source for one in field.columns.values()):
            yield f"sign.asks: {name!r} chooses from what is known of the applicant; use options:"
        if name in _ON_THE_PAGE:
            yield f"sign.asks: {name!r} is taken on the page where they sign; use another name"


def _names(service: Service) -> Iterator[str]:
    """Each name in an expression is something known, asked, or ``today``. Those who sign have their own names: what
    they answer is not the applicant's to see the effect of."""
    hers = {name for page in service.sign.asks for name in (*page.fields, *page.computes)}
    there = {"today", *service.knows, *service.fields, *service.computes}
    for where, expression in expressions(service):
        for name in sorted(expression.names - there):
            why = "only those who sign answer, for officers to read" if name in hers else "is neither known nor asked"
            yield f"{where} uses {name!r}, which {why}"
    for where, expression in _held(_of_pages(service.sign.asks)):
        for name in sorted(expression.names - hers - {"today"}):
            yield f"sign.asks: {where} uses {name!r}; there only their own answers and today are known"
    if service.ends_with and service.ends_with.who not in service.fields:
        yield f"ends_with uses {service.ends_with.who!r}, which is not asked"


PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


_Found = list[tuple[str, Expression | None]]


def _of_pages(pages: Iterable[Page]) -> _Found:
    found: _Found = []
    for page in pages:
        found.append((f"page {page.page}", page.show_if))
        for name, field in page.fields.items():
            found += [(f"field {name}", one) for one in (field.show_if, field.prefill, field.min, field.max)]
        found += [(f"computes {name}", one.value) for name, one in page.computes.items()]
    return found


def _held(found: _Found) -> list[tuple[str, Expression]]:
    return [(where, one) for where, one in found if one is not None]


def expressions(service: Service) -> list[tuple[str, Expression]]:
    """Every expression about the application, with where it stands."""
    found = _of_pages(service.asks)
    found.append(("sign", service.sign.when))
    found.append(("fee", service.fee.lower.when if service.fee and service.fee.lower else None))
    found += [("refuse_if", one.when) for one in service.refuse_if]
    found += [("deadline_if", one.when) for one in service.deadline_if]
    found += [("checks", one.holds) for one in service.checks]
    found += [("decide", one) for one in service.given.values()]
    found += [("officer_if", one.when) for one in service.referrals]
    found += [("effect", one) for one in (service.effect.given.values() if service.effect else ())]
    found.append(("gives", service.gives.valid if service.gives else None))
    written: list[tuple[str, LetterText | Gives | None]] = [
        ("letters", service.letters.granted), ("letters", service.letters.refused), ("gives", service.gives),
    ]  # fmt: skip
    for where, one in written:
        for text in (one.title, *one.text) if one else ():
            for words in text.as_dict().values():
                found += [(where, Expression(source)) for source in PLACEHOLDER.findall(words)]
    return _held(found)
