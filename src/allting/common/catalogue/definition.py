"""What a service file says: these classes are the keys, their checks the rules, and the JSON Schema comes from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from allting.common.catalogue import kinds
from allting.common.catalogue.expressions import Expression
from allting.common.catalogue.kinds.composed import CELLS
from allting.kernel.actor import Level
from allting.kernel.calendar import legal_deadline
from allting.kernel.text import Text

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


def _as_text(value: Any) -> Any:
    """Paragraph marks and classes look like numbers in YAML; here they are text."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _period(value: str) -> str:
    legal_deadline(date(2026, 1, 1), value)  # raises ValueError for what it cannot read
    return value


def _texts(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Law = Annotated[str, BeforeValidator(_as_text), Field(min_length=3)]
Period = Annotated[str, Field(examples=["3 weeks", "1 month", "5 working days"])]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_texts)]


class Part(BaseModel):
    """Each part of the file: unknown keys are faults, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=True)


class Known(Part):
    """What is looked up instead of asked: from which data set, under which paragraph, and why in plain words."""

    source: str = Field(alias="from")
    basis: Law
    reason: Text


LIMITED: Final = frozenset({"number", "decimal", "money", "date", "time"})


class FormField(Part):
    """One question."""

    type: str
    label: Text
    help: Text | None = None
    required: bool = True
    show_if: Expression | None = None
    options: dict[str, Text] = Field(default_factory=dict)
    source: str = Field(default="", alias="from", description="choose among what is known under this name")
    prefill: Expression | None = None
    min: Expression | None = None
    max: Expression | None = None
    max_mb: int = Field(default=10, ge=1, le=50)
    rows: int = Field(default=6, ge=2, le=30)
    columns: dict[Name, FormField] = Field(default_factory=dict, description="the parts of each row of a table")
    max_rows: int = Field(default=10, ge=1, le=100)

    @field_validator("type")
    @classmethod
    def _known_type(cls, value: str) -> str:
        if value not in kinds.KINDS:
            raise ValueError(f"unknown type {value!r}; use one of {', '.join(sorted(kinds.KINDS))}")
        return value

    @model_validator(mode="after")
    def _has_choices(self) -> FormField:
        if self.type in ("choice", "many") and bool(self.options) is bool(self.source):
            raise ValueError("a choice needs either options: or from:")
        return self

    @model_validator(mode="after")
    def _has_limits(self) -> FormField:
        if (self.min or self.max) and self.type not in LIMITED:
            raise ValueError(f"min: and max: are for {', '.join(sorted(LIMITED))}; use checks: for {self.type}")
        return self

    @model_validator(mode="after")
    def _has_columns(self) -> FormField:
        if (self.type == "table") is not bool(self.columns):
            raise ValueError("a table, and only a table, needs columns:")
        for name, one in self.columns.items():
            if one.type not in CELLS:
                raise ValueError(f"{name!r} is {one.type}; a column is one of {', '.join(sorted(CELLS))}")
            if one.show_if or one.prefill or one.min or one.max:
                raise ValueError(f"{name!r}: conditions, limits and prefilling belong to the table or to checks:")
        return self


class Computed(Part):
    """Something that follows from the answers: shown with them when there is enough to compute it, and a name that
    expressions can use. Money is in øre, as answers are."""

    label: Text
    type: Literal["number", "decimal", "money", "date", "text", "yes_no"]
    value: Expression

    @property
    def field(self) -> FormField:
        """The question that would have this for its answer: it is shown alike."""
        return FormField(type=self.type, label=self.label)


class Page(Part):
    """One page of questions, and what ``computes`` from them and from those before."""

    page: Slug
    title: Text
    text: Text | None = None
    show_if: Expression | None = None
    fields: dict[Name, FormField] = Field(min_length=1)
    computes: dict[Name, Computed] = Field(default_factory=dict)


class Stop(Part):
    """When it holds, no application can be sent; told, with the paragraph, before the work of applying."""

    when: Expression
    because: Text
    law: Law


class Check(Part):
    """Something about several answers that must hold; said at ``field`` when it does not."""

    field: Name
    holds: Expression
    say: Text


class Sign(Part):
    """Who signs: the applicant at ``level``; ``also`` the people known or answered under that name.

    Each of these has ``within`` to answer. ``must``: one who does not sign stops the case; else it goes on without.
    ``when``: they are asked only when it holds. ``in_order``: one after another, as they stand; else all at once.
    ``asks``: what each fills in of her own before she signs, for the authority and not for the applicant.
    """

    level: Literal["substantial", "high"] = "substantial"
    also: Name | None = None
    when: Expression | None = None
    within: Period = "14 days"
    must: bool = True
    in_order: bool = False
    text: Text | None = None
    asks: tuple[Page, ...] = ()
    _period = field_validator("within")(_period)


class LowerFee(Part):
    """A lower fee, for those of whom ``when`` holds; ``text`` says who they are."""

    when: Expression
    kroner: int = Field(ge=0)
    text: Text


class Fee(Part):
    """What it costs, in kroner, and the paragraph that says so; ``lower``: less for some."""

    kroner: int = Field(gt=0)
    law: Law
    source: str = ""
    lower: LowerFee | None = None


class Referral(Part):
    """When it holds, an officer decides instead of the rule; ``because`` is told to both sides."""

    when: Expression
    because: Text


class Rule(Part):
    """A rule decides: ``module.function`` beside the file, given each argument as an expression.

    ``confirm: officer``: an officer looks at what it was given, corrects it and decides; the rule counts.
    ``officer_if``: an officer looks at it instead, when it holds.
    """

    rule: str = Field(pattern=r"^[a-z_]\w*\.[a-z_]\w*$")
    confirm: Literal["officer"] | None = None
    given: dict[Name, Expression] = Field(default_factory=dict, alias="with")
    officer_if: tuple[Referral, ...] = ()


class Officers(Part):
    """Officers decide; ``two``: one writes the decision, and another must sign it too."""

    officer: Literal["two"]


class Effect(Part):
    """What a granted application changes elsewhere, as ``registers.move``; its arguments are expressions."""

    do: str
    given: dict[Name, Expression] = Field(default_factory=dict, alias="with")


class LetterText(Part):
    """A decision letter's own words; ``{…}`` in them is an expression."""

    title: Text
    text: Texts


class Letters(Part):
    granted: LetterText
    refused: LetterText


class Gives(Part):
    """A sealed document that a granted application gives, for the party to show: ``{…}`` in its texts is an
    expression. ``valid``: the last day it holds, an expression; without it, until the decision is changed."""

    title: Text
    text: Texts
    valid: Expression | None = None


class OtherDeadline(Part):
    """Another time for the answer, where ``when`` holds; ``text`` says when that is, and ``law`` where it stands."""

    when: Expression
    within: Period
    text: Text
    law: Law
    _period = field_validator("within")(_period)


class Appeal(Part):
    within: Period = "3 weeks"
    to: str
    law: Law = "forvaltningsloven §§ 28–29"
    _period = field_validator("within")(_period)


class Keep(Part):
    """Archive class and how many years the case is kept."""

    class_: Annotated[str, BeforeValidator(_as_text)] = Field(alias="class")
    years: int = Field(ge=1, le=200)


class Example(Part):
    """A case that must come out as ``then`` says; run by ``allting check`` and as tests."""

    name: str = ""
    today: date | None = None
    known: dict[str, Any] = Field(default_factory=dict)
    given: dict[str, Any] = Field(default_factory=dict)
    then: Literal["granted", "refused", "stopped", "invalid", "officer"]
    pays: int | None = Field(default=None, description="kroner of the first payment")
    on: str = Field(default="", description="which field is invalid")


class Service(Part):
    """One public service."""

    service: Slug
    offered_by: str
    sent_to: Name | None = Field(default=None, description="the question that says whose case it is")
    audience: Literal["citizen", "business"] = "citizen"
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
    deadline: Period
    deadline_if: tuple[OtherDeadline, ...] = Field(default=(), description="other times; the first that holds is used")
    letters: Letters
    gives: Gives | None = Field(default=None, description="a sealed document that a granted application gives")
    appeal: Appeal
    keep: Keep
    examples: tuple[Example, ...] = Field(min_length=1)
    _period = field_validator("deadline")(_period)

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
    def referrals(self) -> tuple[Referral, ...]:
        return self.decide.officer_if if isinstance(self.decide, Rule) else ()

    @property
    def at_once(self) -> bool:
        """Whether a rule decides by itself, as soon as it is sent."""
        return isinstance(self.decide, Rule) and self.decide.confirm is None

    @property
    def countersigned(self) -> bool:
        """Whether a decision takes two officers."""
        return isinstance(self.decide, Officers)

    @model_validator(mode="after")
    def _hangs_together(self) -> Service:
        faults = [*_doubles(self), *_sources(self), *_part(self), *_names(self)]
        if faults:
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
    given: Mapping[str, Expression] = service.decide.given if isinstance(service.decide, Rule) else {}
    found += [("decide", one) for one in given.values()]
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
