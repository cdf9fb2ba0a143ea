"""What a service file means for one person's answers. Pure: everything it needs is handed in."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, get_type_hints

from django.utils import formats, translation
from django.utils.translation import gettext_lazy as _

from allting.common.catalogue.definition import PLACEHOLDER, Service
from allting.common.catalogue.expressions import Expression
from allting.common.catalogue.kinds import KINDS, Wrong, choices, show
from allting.common.catalogue.members import Computed, Example, FormField, Page, Rule, Stop
from allting.kernel.rules import Outcome
from allting.kernel.text import LANGUAGES, Text, written

Answers = Mapping[str, Any]
MODULES = "allting.sectors"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a page: answers that can be used, and what is wrong, by field."""

    answers: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, Any] = field(default_factory=dict)


def scope(service: Service, answers: Answers, known: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The names an expression sees: what is known, what was answered (a chosen record as a whole), what is computed of
    these, ``today``."""
    values: dict[str, Any] = {**known, "today": today.isoformat()}
    for name, value in answers.items():
        asked = service.fields.get(name)
        if asked and asked.type == "choice" and asked.source:
            value = next((one for one in known.get(asked.source) or [] if str(one["id"]) == value), None)
        values[name] = value
    for name, one in service.computes.items():
        values[name] = _computed(one, values)
    return values


def _computed(one: Computed, values: Mapping[str, Any]) -> Any:
    """Nothing while an answer it needs is missing, or it comes to nothing sensible, as a division by zero."""
    try:
        return one.value(values)
    except ValueError:
        return None


def shown(service: Service, page: Page, values: Mapping[str, Any]) -> dict[str, FormField]:
    """The questions of a page that these answers call for; none when the page is not called for."""
    if page.show_if and not page.show_if.holds(values):
        return {}
    return {name: one for name, one in page.fields.items() if not one.show_if or one.show_if.holds(values)}


def read(
    service: Service,
    page: Page,
    typed: Mapping[str, list[str]],
    answers: Answers,
    known: Mapping[str, Any],
    today: date,
) -> Reading:
    """Read one page in order, so that a question may hang on the one before it."""
    reading = Reading()
    others = {name: value for name, value in answers.items() if name not in page.fields}
    for name, one in page.fields.items():
        values = scope(service, {**others, **reading.answers}, known, today)
        if (page.show_if and not page.show_if.holds(values)) or (one.show_if and not one.show_if.holds(values)):
            continue
        _answer(name, one, typed.get(name, []), values, known, reading)
    _checks(service, {**others, **reading.answers}, known, today, reading, set(page.fields))
    return reading


def _answer(
    name: str, one: FormField, typed: list[str], values: Mapping[str, Any], known: Mapping[str, Any], reading: Reading
) -> None:
    kind = KINDS[one.type]
    clean = [written(text) for text in typed]
    filled = [text for text in clean if text]
    if not filled:
        if one.required:
            reading.errors[name] = kind.missing
        return
    try:
        value = kind.read(one, clean if kind.parts or one.columns else filled, known)
        _within(one, value, values)
    except Wrong as wrong:
        reading.errors[name] = wrong.text
    else:
        reading.answers[name] = value


def _within(one: FormField, value: Any, values: Mapping[str, Any]) -> None:
    low = one.min(values) if one.min and one.min.answered(values) else None
    high = one.max(values) if one.max and one.max.answered(values) else None
    if low is not None and value < low:
        words = _("The date must be %(limit)s or later") if one.type == "date" else _("Write at least %(limit)s")
        raise Wrong(words % {"limit": show(one, low, {})})
    if high is not None and value > high:
        words = _("The date must be %(limit)s or earlier") if one.type == "date" else _("Write at most %(limit)s")
        raise Wrong(words % {"limit": show(one, high, {})})


def _checks(
    service: Service, answers: Answers, known: Mapping[str, Any], today: date, reading: Reading, fields: set[str]
) -> None:
    values = scope(service, answers, known, today)
    for one in service.checks:
        if one.field in fields and one.field not in reading.errors and one.holds.answered(values):
            if not one.holds.holds(values):
                reading.errors[one.field] = one.say


def recheck(service: Service, answers: Answers, known: Mapping[str, Any], today: date) -> dict[str, dict[str, Any]]:
    """Read all pages again from kept answers; what is wrong, by page and field. Empty: ready to be sent."""
    faults = {}
    for page in service.asks:
        typed = {name: as_typed(one, answers.get(name)) for name, one in page.fields.items()}
        errors = read(service, page, typed, answers, known, today).errors
        if errors:
            faults[page.page] = errors
    return faults


def asked(service: Service, answers: Answers, known: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The answers that count: those to questions that are called for now."""
    values = scope(service, answers, known, today)
    names = {name for page in service.asks for name in shown(service, page, values)}
    return {name: value for name, value in answers.items() if name in names}


def as_typed(one: FormField, value: Any) -> list[str]:
    """A kept answer as it would be typed."""
    return [] if value is None else KINDS[one.type].retype(one, value)


def prefilled(service: Service, page: Page, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the state knows already, put into the questions that say so; and a choice among one."""
    found: dict[str, Any] = {}
    for name, one in shown(service, page, values).items():
        if one.prefill:
            try:
                found[name] = one.prefill(values)
            except ValueError:
                continue
        elif one.type == "choice" and one.source and len(only := choices(one, values)) == 1:
            found[name] = next(iter(only))
    return {name: value for name, value in found.items() if value is not None}


def origin(service: Service, field: FormField) -> str:
    """The data set that the field is filled in from; empty when it is not."""
    names = field.prefill.names if field.prefill else ()
    return next((service.knows[name].source for name in names if name in service.knows), "")


def stops(service: Service, answers: Answers, known: Mapping[str, Any], today: date) -> list[Stop]:
    """Why this cannot be applied for, as far as the answers tell."""
    values = scope(service, answers, known, today)
    return [one for one in service.refuse_if if one.when.answered(values) and one.when.holds(values)]


def referral(service: Service, answers: Answers, known: Mapping[str, Any], today: date) -> Text | None:
    """Why an officer must look at it before the rule decides; None when the rule may."""
    values = scope(service, answers, known, today)
    return next((one.because for one in service.referrals if one.when.holds(values)), None)


def fee(service: Service, answers: Answers, known: Mapping[str, Any], today: date) -> int:
    """What it costs with these answers, in kroner; 0: nothing."""
    if service.fee is None:
        return 0
    lower = service.fee.lower
    return lower.kroner if lower and lower.when.holds(scope(service, answers, known, today)) else service.fee.kroner


def deadline(service: Service, answers: Answers, known: Mapping[str, Any], today: date) -> str:
    """How long the answer may take with these answers, as "3 weeks". Where they do not tell yet: as for most."""
    values = scope(service, answers, known, today)
    others = (one.within for one in service.deadline_if if one.when.answered(values) and one.when.holds(values))
    return next(others, service.deadline)


def decide(service: Service, answers: Answers, known: Mapping[str, Any], today: date, folder: Path) -> Outcome:
    """What the rule answers. Raises LookupError when an officer decides, ValueError when it cannot be computed."""
    if not isinstance(service.decide, Rule):
        raise LookupError("an officer decides")
    values = scope(service, answers, known, today)
    function = rule(service.decide, folder)
    outcome = function(**arguments(function, service.decide.given, values))
    if not isinstance(outcome, Outcome):
        raise ValueError(f"{service.decide.rule} answers {type(outcome).__name__}, not an Outcome")
    return outcome


def rule(which: Rule, folder: Path) -> Callable[..., Outcome]:
    """The function a rule names. Raises ValueError when it is not there."""
    module_name, _dot, name = which.rule.partition(".")
    path = folder / f"{module_name}.py"
    if not path.exists():
        raise ValueError(f"there is no {path.name} beside the service file")
    function = getattr(_module(path), name, None)
    if function is None:
        raise ValueError(f"{path.name} has no function {name}")
    return function  # type: ignore[no-any-return]


@cache
def _module(path: Path) -> Any:
    """A module of ours by its name, so that it is the same everywhere; another's from its file."""
    package = Path(__file__).resolve().parents[2]
    if path.resolve().is_relative_to(package / "sectors"):
        inside = path.resolve().relative_to(package).with_suffix("").parts
        return import_module(".".join(("allting", *inside)))
    spec = spec_from_file_location(f"allting_rules_{path.stem}", path)
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def arguments(
    function: Callable[..., Any] | None, given: Mapping[str, Expression], values: Mapping[str, Any]
) -> dict[str, Any]:
    """The arguments as expressions give them; where ``function`` wants a date, text becomes one."""
    hints = get_type_hints(function) if function else {}
    found = {}
    for name, expression in given.items():
        value = expression(values)
        wants_date = hints.get(name) in (date, date | None)
        found[name] = date.fromisoformat(value) if wants_date and isinstance(value, str) else value
    return found


def arguments_called(service: Service, folder: Path) -> dict[str, Text]:
    """What people call a rule's arguments, and the keys of a choice ("name.key"): as ``WORDS`` beside the function has
    them, else as the question is called that an argument is the answer to."""
    if not isinstance(service.decide, Rule):
        return {}
    found = {}
    for name, expression in service.decide.given.items():
        question = (service.fields | service.computes).get(expression.source.removesuffix(" / 100"))
        if question is not None:
            found[name] = question.label
            found |= {f"{name}.{key}": text for key, text in (getattr(question, "options", None) or {}).items()}
    words = rule(service.decide, folder).__globals__.get("WORDS", {})
    return found | {name: Text(text) for name, text in words.items()}


def unfit(which: Rule, folder: Path) -> str:
    """Why the rule cannot be called as the file says; empty when it can."""
    try:
        function = rule(which, folder)
        inspect.signature(function).bind(**dict.fromkeys(which.given))
    except (ValueError, TypeError) as error:
        return f"{which.rule}: {error}"
    return ""


def filled(text: Text, values: Mapping[str, Any]) -> Text:
    """``text`` with each ``{expression}`` computed; a date is written as its language writes it."""
    words = {}
    for language in LANGUAGES:
        with translation.override(language):
            words[language] = PLACEHOLDER.sub(lambda match: _word(Expression(match[1])(values)), text.in_(language))
    return Text(words)


def _word(value: Any) -> str:
    if isinstance(value, str) and len(value) == 10 and value[4:5] == value[7:8] == "-":
        try:
            return formats.date_format(date.fromisoformat(value), "DATE_FORMAT")
        except ValueError:
            return value
    return str(value) if value is not None else ""


def try_example(service: Service, example: Example, folder: Path) -> str:
    """Run one example; what differs from what it promises, or empty."""
    today = example.today or date.today()  # noqa: DTZ011 - an example's day has no zone
    known = as_known(example.known)
    if stops(service, example.given, known, today):
        return _differs("stopped", example)
    faults = recheck(service, example.given, known, today)
    if faults:
        wrong = [name for errors in faults.values() for name in errors]
        if example.then == "invalid" and (not example.on or example.on in wrong):
            return ""
        said = "; ".join(f"{name}: {text}" for errors in faults.values() for name, text in errors.items())
        return f"the answers cannot be used ({said}), expected {example.then}"
    if not service.by_rule or referral(service, example.given, known, today):
        return _differs("officer", example)
    outcome = decide(service, asked(service, example.given, known, today), known, today, folder)
    if not service.at_once:
        return _differs("officer", example)
    letter = service.letters.granted if outcome.granted else service.letters.refused
    for text in (letter.title, *letter.text):
        filled(text, scope(service, example.given, known, today))
    return _differs("granted" if outcome.granted else "refused", example, outcome)


def _differs(came: str, example: Example, outcome: Outcome | None = None) -> str:
    if came != example.then:
        return f"came out as {came}, expected {example.then}"
    paid = outcome.pays[0].amount // 100 if outcome and outcome.pays else None
    return f"pays {paid}, expected {example.pays}" if example.pays is not None and paid != example.pays else ""


def as_known(known: Mapping[str, Any]) -> dict[str, Any]:
    """Dates of an example as the registers give them: text; and an age where there is a birth date."""

    def plain(value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, dict):
            return {name: plain(one) for name, one in value.items()}
        return [plain(one) for one in value] if isinstance(value, list) else value

    return {name: plain(value) for name, value in known.items()}
