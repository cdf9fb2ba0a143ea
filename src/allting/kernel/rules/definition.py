"""``@rule``: a plain function of plain numbers that knows its paragraph, its words, and the figures it uses.

The decorator gives the function back as it is, so that one rule calls another as any function. What it notes beside
it is what explaining, columns, pages and tests need.
"""

from __future__ import annotations

import ast
import inspect
import pkgutil
import textwrap
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from allting.kernel.rules.figures import NoRate, Rate, Rates, folder
from allting.kernel.rules.kinds import Kind, Unreadable
from allting.kernel.text import Text

Function = TypeVar("Function", bound=Callable[..., float])
REGISTRY: dict[str, Rule] = {}
Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Argument:
    """One thing a rule is given: its name, its kind, and what it is called."""

    name: str
    kind: Kind
    title: Text


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule of the law: ``function(law, *arguments)``, and what must be known about it."""

    name: str
    function: Callable[..., float]
    law: str
    title: Text
    arguments: tuple[Argument, ...]
    result: Argument
    asked: bool
    figures_at: Path
    _laws: Any = field(default=None, repr=False)

    @property
    def sector(self) -> str:
        return self.name.partition(".")[0]

    @cached_property
    def source(self) -> str:
        """The function as it is written, without the decorator."""
        text = textwrap.dedent(inspect.getsource(self.function))
        return text[text.index("\ndef ") + 1 :] if "\ndef " in text else text

    @cached_property
    def about(self) -> str:
        return inspect.getdoc(self.function) or ""

    @cached_property
    def _tree(self) -> ast.FunctionDef:
        tree = ast.parse(self.source).body[0]
        assert isinstance(tree, ast.FunctionDef)
        return tree

    @cached_property
    def calls(self) -> tuple[Rule, ...]:
        """The rules it calls itself, in the order of the text."""
        named = [
            one.func.id for one in ast.walk(self._tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
        ]
        found = [rule_of(self.function.__globals__.get(name)) for name in dict.fromkeys(named)]
        return tuple(one for one in found if one is not None)

    @cached_property
    def own_figures(self) -> tuple[str, ...]:
        """The figures it reads itself, as ``law.<name>``."""
        first = self._tree.args.args[0].arg
        return tuple(
            dict.fromkeys(
                one.attr
                for one in ast.walk(self._tree)
                if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == first
            )
        )

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures it and the rules it calls read."""
        deeper = (name for one in self.calls for name in one.figures)
        return tuple(sorted({*self.own_figures, *deeper}))

    @property
    def rates(self) -> Rates:
        """The figures of its sector."""
        return folder(self.figures_at)

    @cached_property
    def record(self) -> Any:
        return namedtuple("Law", self.figures)  # type: ignore[misc]  # its fields are known when the rule is

    def at(self, on: date, known: date | None = None) -> Any:
        """The law of a day, as the rule is given it. Raises NoRate, which says the figure that is not there."""
        return _law(self, self.rates, on, known)

    def under(self, rates: Rates, on: date, known: date | None = None) -> Any:
        """The same under other figures, as a proposal."""
        return _law(self, rates, on, known)

    def allowed(self, argument: Argument, on: date, known: date | None = None) -> dict[Any, int] | None:
        """What may be chosen on a day, each with the number it stands for; None when it is not a choice."""
        return _allowed(self, self.rates, argument, on, known)

    def read(self, given: Mapping[str, Any], on: date, known: date | None = None) -> dict[str, float]:
        """The arguments as numbers. Raises Misread with a reason for each that cannot be used."""
        wrong, values = {}, {}
        for one in self.arguments:
            try:
                values[one.name] = one.kind.read(given.get(one.name), self.allowed(one, on, known))
            except Unreadable as error:
                wrong[one.name] = error.reason
        if wrong:
            raise Misread(wrong)
        return values

    def figure(self, name: str, on: date, known: date | None = None) -> Rate:
        return self.rates.rate(name, on, known)

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """The figures it reads, and the lists its arguments are chosen from."""
        lists = (argument.kind.listed for argument in self.arguments if argument.kind.listed)
        return tuple(dict.fromkeys((*self.figures, *lists)))

    def days(self) -> list[date]:
        """The days from which its law was another than before, those without every figure left out."""
        starts = sorted({row.start for name in self.needs for row in self.rates.rows(name)})
        return [day for day in starts if self.has(day)]

    def has(self, on: date, known: date | None = None) -> bool:
        """Whether there are figures on that day."""
        try:
            for name in self.needs:
                self.rates.rate(name, on, known)
        except NoRate:
            return False
        return True


class Misread(ValueError):
    """Some of what a rule was given cannot be used: ``reasons`` by argument (translated)."""

    def __init__(self, reasons: Mapping[str, Any]) -> None:
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in reasons.items()))
        self.reasons = dict(reasons)


class NotCompiled(Exception):
    """A rule left what compiled code can do: says which rule, and what the compiler said."""


@lru_cache(maxsize=4096)
def _law(one: Rule, rates: Rates, on: date, known: date | None) -> Any:
    return one.record(*(_number(rates, name, on, known) for name in one.figures))


def _number(rates: Rates, name: str, on: date, known: date | None) -> Any:
    if name not in rates.names():
        raise NoRate(name, on)
    value = rates.value(name, on, known)
    if isinstance(value, Mapping):
        nothing = float("nan")  # a key without a figure; ``allowed`` leaves it out
        return tuple(float(value[key]) if key in value else nothing for key in rates.keys[rates.by[name]])
    return tuple(map(float, value)) if isinstance(value, tuple) else float(value)


@lru_cache(maxsize=4096)
def _allowed(
    one: Rule, rates: Rates, argument: Argument, on: date, known: date | None
) -> dict[Any, int] | None:
    if argument.kind.key:
        keys = rates.keys.get(argument.kind.key, ())
        keyed = [rates.value(name, on, known) for name in one.figures if rates.by.get(name) == argument.kind.key]
        return {key: place for place, key in enumerate(keys) if all(key in value for value in keyed)}
    if argument.kind.listed:
        return {str(int(value)): int(value) for value in rates.value(argument.kind.listed, on, known)}
    return None


def rule(
    law: str,
    title: Mapping[str, str],
    *,
    words: Words,
    result: str = "",
    asked: bool = False,
    name: str = "",
    rates: str = "",
) -> Callable[[Function], Function]:
    """Make a function a rule under paragraph ``law``, called ``title``.

    ``words`` says what each argument, and the ``result`` (its column; the function's own name when not said), is
    called. A rule that is ``asked`` has a calculator of its own. Its name is ``<sector>.<function>``, and its figures
    stand in the sector's ``rates`` folder. Raises TypeError for an argument without a kind or words.
    """

    def decorate(function: Function) -> Function:
        path = Path(rates) if rates else Path(inspect.getfile(function)).resolve().parent.parent / "rates"
        hints = get_type_hints(function, include_extras=True)
        arguments = [
            _argument(function, one, hints.get(one), words) for one in list(inspect.signature(function).parameters)[1:]
        ]
        called = name or f"{path.parent.name}.{function.__name__}"
        column = result or function.__name__
        answer = Argument(column, _kind(function, "return", hints.get("return")), Text(words.get(result, title)))
        made = Rule(called, function, law, Text(title), tuple(arguments), answer, asked, path)
        known = REGISTRY.get(called)
        if known is not None and known.function.__module__ != function.__module__:
            raise TypeError(f"two rules are called {called}: in {known.function.__module__} and {function.__module__}")
        REGISTRY[called] = made
        function.__rule__ = made  # type: ignore[attr-defined]
        return function

    return decorate


def _argument(function: Callable[..., float], name: str, hint: Any, words: Words) -> Argument:
    if name not in words:
        raise TypeError(f"{function.__name__}: say in words= what {name} is called, in every language")
    return Argument(name, _kind(function, name, hint), Text(words[name]))


def _kind(function: Callable[..., float], name: str, hint: Any) -> Kind:
    found = [one for one in getattr(hint, "__metadata__", ()) if isinstance(one, Kind)]
    if not found:
        raise TypeError(f"{function.__name__}: give {name} a kind from kernel.rules, as Kroner")
    return found[0]


def rule_of(function: Any) -> Rule | None:
    """The rule a function is; None when it is none."""
    return getattr(function, "__rule__", None)


def rule_for(function: Any) -> Rule:
    """The rule a function is. Raises TypeError for one that is none."""
    found = rule_of(function)
    if found is None:
        raise TypeError(f"{function.__name__} is no rule")
    return found


def find(package: str) -> None:
    """Import every module in the ``rules`` and ``services`` folders of the package's sectors: that registers them."""
    outer = import_module(package)
    for sector in pkgutil.iter_modules(outer.__path__):
        for place in ("rules", "services"):
            _import_all(Path(outer.__path__[0]) / sector.name / place, f"{package}.{sector.name}.{place}")


def _import_all(path: Path, package: str) -> None:
    for file in sorted(path.glob("*.py")):
        if file.stem != "__init__":
            import_module(f"{package}.{file.stem}")


def named(name: str) -> Rule:
    """Raises KeyError for a name nobody has."""
    return REGISTRY[name]


def every() -> Sequence[Rule]:
    """All rules that were found, by name."""
    return [REGISTRY[name] for name in sorted(REGISTRY)]


def below(one: Rule) -> Iterable[Rule]:
    """A rule and all it calls, each once, callers first."""
    found = {one.name: one}
    for inner in one.calls:
        found.update({deeper.name: deeper for deeper in below(inner)})
    return found.values()
