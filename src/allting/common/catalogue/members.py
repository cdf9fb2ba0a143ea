"""The members of a service file: each class is a key, its checks the rules (definition.py has the file as a whole)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from allting.common.catalogue import kinds
from allting.common.catalogue.expressions import Expression
from allting.common.catalogue.kinds.composed import CELLS
from allting.kernel.calendar import legal_deadline
from allting.kernel.text import Text

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


def _as_text(value: Any) -> Any:
    """Paragraph marks and classes look like numbers in YAML; here they are text."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def readable_period(value: str) -> str:
    legal_deadline(date(2026, 1, 1), value)  # raises ValueError for what it cannot read
    return value


def _texts(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _words(value: Any) -> Any:
    """One text for all languages where only one is written."""
    return Text.same(value) if isinstance(value, str) and value.strip() else value


Law = Annotated[str, BeforeValidator(_as_text), Field(min_length=3)]
Period = Annotated[str, Field(examples=["3 weeks", "1 month", "5 working days"])]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_texts)]
Words = Annotated[Text, BeforeValidator(_words)]


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
    _period = field_validator("within")(readable_period)


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

    ``confirm: officer``: an officer looks at what it was given, corrects it and decides; the rule counts. With ``two
    officers`` another one must sign it too.
    ``officer_if``: an officer looks at it instead, when it holds.
    """

    rule: str = Field(pattern=r"^[a-z_]\w*\.[a-z_]\w*$")
    confirm: Literal["officer", "two officers"] | None = None
    given: dict[Name, Expression] = Field(default_factory=dict, alias="with")
    officer_if: tuple[Referral, ...] = ()


class Officers(Part):
    """Officers decide; ``two``: one writes the decision, and another must sign it too."""

    officer: Literal["two"]


class EndsWith(Part):
    """What is paid by month ends with the month somebody dies or moves abroad in: ``who`` is the question that names
    the one it is for; it ends with the receiver's move too."""

    who: Name
    law: Law


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
    _period = field_validator("within")(readable_period)


class Appeal(Part):
    within: Period = "3 weeks"
    to: str
    law: Law = "forvaltningsloven §§ 28–29"
    _period = field_validator("within")(readable_period)


class Keep(Part):
    """Archive class and how many years the case is kept."""

    class_: Annotated[str, BeforeValidator(_as_text)] = Field(alias="class")
    years: int = Field(ge=1, le=200)


class Example(Part):
    """A case that must come out as ``then`` says; run by ``allting check`` and as tests."""

    name: Words | None = Field(default=None, description="in one language, or in nb, nn and en")
    today: date | None = None
    known: dict[str, Any] = Field(default_factory=dict)
    given: dict[str, Any] = Field(default_factory=dict)
    then: Literal["granted", "refused", "stopped", "invalid", "officer"]
    pays: int | None = Field(default=None, description="kroner of the first payment")
    on: str = Field(default="", description="which field is invalid")
