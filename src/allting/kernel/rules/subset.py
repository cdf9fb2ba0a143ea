"""What a rule may be written with, so that one function serves one case and a nation; and whether it keeps to it.

``faults`` is for the test that meets every rule: each fault says the line, what is wrong and what to write instead.
"""

from __future__ import annotations

import ast
import inspect
import random
from collections.abc import Iterator
from datetime import date
from typing import Any

from allting.kernel.rules import arithmetic, columns
from allting.kernel.rules.definition import Argument, NotCompiled, Rule, rule_of

FUNCTIONS = ("min", "max", "abs", *(one.__name__ for one in arithmetic.ARITHMETIC))
_MAY = (
    ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.If, ast.IfExp, ast.Assign, ast.AugAssign,
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call, ast.Name, ast.Attribute, ast.Subscript, ast.Constant,
    ast.Expr, ast.Load, ast.Store, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.USub, ast.UAdd,
    ast.Not, ast.And, ast.Or, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Pass,
)  # fmt: skip
_INSTEAD: dict[type[ast.AST], str] = {
    ast.For: "write each step out, or make it a rule that is called for each; columns take care of the many",
    ast.While: "write each step out; a rule always ends",
    ast.Dict: "write if and elif, or put the figures in rates/*.yaml by key and read law.figure[key]",
    ast.List: "give each value a name, or put the figures in rates/*.yaml",
    ast.Tuple: "give each value a name of its own",
    ast.ListComp: "write each step out",
    ast.GeneratorExp: "write each step out",
    ast.JoinedStr: "a rule counts; words belong in title and words=",
    ast.Try: "check before you count, with if",
    ast.Raise: "bounds belong in the kind of the argument; a rule answers a number",
    ast.Pow: "write the product out",
    ast.In: "write x == 1 or x == 2",
    ast.NotIn: "write x != 1 and x != 2",
    ast.Is: "compare with ==",
    ast.Lambda: "make it a rule of its own",
    ast.Import: "import at the top of the file",
    ast.ImportFrom: "import at the top of the file",
}


def faults(one: Rule, on: date, *, rows: int = 500, seed: int = 1) -> list[str]:
    """Everything that keeps a rule from running on both paths alike; empty when it is well.

    The text is read first. Then it is compiled (where numba is) and both paths count the same random ``rows``.
    """
    found = [*_written(one)]
    return found or [*_differs(one, on, rows, seed)]


def _written(one: Rule) -> Iterator[str]:
    tree = ast.parse(one.source).body[0]
    assert isinstance(tree, ast.FunctionDef)
    lines, first = inspect.getsourcelines(one.function)
    first += next(place for place, line in enumerate(lines) if line.lstrip().startswith("def "))
    at = f"{one.function.__module__.replace('.', '/')}.py"
    body = tree.body[1:] if one.about else tree.body
    law = tree.args.args[0].arg
    for node in (part for statement in body for part in ast.walk(statement)):
        said = _wrong(one, node, law)
        if said:
            yield f"{at}:{first + getattr(node, 'lineno', 1) - 1}: {one.name}: {said}"
    if not _ends(body):
        yield f"{at}:{first}: {one.name}: not every way through returns: answer a number on each"


def _ends(body: list[ast.stmt]) -> bool:
    """Whether every way through returns."""
    last = body[-1]
    if isinstance(last, ast.If):
        return bool(last.orelse) and _ends(last.body) and _ends(last.orelse)
    return isinstance(last, ast.Return)


def _wrong(one: Rule, node: ast.AST, law: str) -> str:
    if not isinstance(node, _MAY):
        word = type(node).__name__.lower()
        return f"a rule may not use {word}: {_INSTEAD.get(type(node), 'write it with if, min, max and other rules')}"
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return "a rule may not use text: take a key of the rates file, as Period = Annotated[float, key('period')]"
    if isinstance(node, ast.Constant) and not isinstance(node.value, int | float):
        return f"a rule may not use {node.value!r}: answer a number on every way through"
    if isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id == law):
        return f"a rule may read {law}.<figure> only: give what it needs as an argument"
    if isinstance(node, ast.Subscript) and not isinstance(node.value, ast.Attribute):
        return f"only a figure by key has places: {law}.figure[key]"
    return _wrong_call(one, node) if isinstance(node, ast.Call) else ""


def _wrong_call(one: Rule, node: ast.Call) -> str:
    if node.keywords:
        return "give the arguments of a call by place: compiled code does not know their names"
    if not isinstance(node.func, ast.Name):
        return "call rules and arithmetic by their own names: from … import them"
    name = node.func.id
    if name in ("round", "int"):
        return f"{name}() rounds a half to the even number, or towards nothing: say half_up, down or up as the law does"
    if name in FUNCTIONS or rule_of(one.function.__globals__.get(name)) is not None:
        return ""
    return f"{name} is not a rule: a rule may call {', '.join(FUNCTIONS)} and functions with @rule"


def _differs(one: Rule, on: date, rows: int, seed: int) -> Iterator[str]:
    try:
        law, given = one.at(on), made_up(one, on, rows, seed)
        plain = columns.over(one, law, given, path="plain")
        if not columns.HAS_COMPILER:
            return
        compiled = columns.over(one, law, given, path="compiled")
    except NotCompiled as error:
        yield f"{error}; a name may hold one kind of number only, and each way through must return one"
        return
    for place, (first, second) in enumerate(zip(plain, compiled, strict=True)):
        if first != second:
            row = {name: column[place] for name, column in given.items()}
            yield f"{one.name}: {row} gives {first} for one case and {second} in columns"
            return


def made_up(one: Rule, on: date, rows: int, seed: int) -> dict[str, list[float]]:
    """Random values for every argument of a rule, each within its kind."""
    luck = random.Random(seed)
    return {argument.name: _random(one, argument, on, rows, luck) for argument in one.arguments}


def _random(one: Rule, argument: Argument, on: date, rows: int, luck: random.Random) -> list[float]:
    kind = argument.kind
    allowed = one.allowed(argument, on)
    if allowed is not None:
        places = list(allowed.values())
        return [luck.choice(places) for _row in range(rows)]
    if kind.name == "yes_no":
        return [luck.randint(0, 1) for _row in range(rows)]
    low = int(kind.low if kind.low is not None else -2_000_000)
    high = int(kind.high) if kind.high is not None else 2_000_000
    return [_near(low, high, luck) for _row in range(rows)]


def _near(low: int, high: int, luck: random.Random) -> int:
    """Any number between, small ones often, the ends now and then."""
    return luck.choice(
        (luck.randint(low, high), luck.randint(low, high), min(high, low + luck.randint(0, 1000)), low, high)
    )


def sample(one: Rule, on: date, rows: int, seed: int = 1) -> dict[str, Any]:
    """Random values as columns of NumPy, for a million rows. Needs the extra ``nation``."""
    import numpy as np

    luck, columns = np.random.default_rng(seed), {}
    for argument in one.arguments:
        kind, allowed = argument.kind, one.allowed(argument, on)
        if allowed is not None:
            values = luck.choice(list(allowed.values()), rows)
        else:
            low = int(kind.low) if kind.low is not None else -2_000_000
            high = {"yes_no": 1}.get(kind.name, int(kind.high) if kind.high is not None else 2_000_000)
            values = luck.integers(max(low, 0) if kind.name == "yes_no" else low, high, rows, endpoint=True)
        columns[argument.name] = values.astype(kind.column)
    return columns
