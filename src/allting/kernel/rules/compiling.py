"""A rule as machine code over columns. Needs numba and NumPy (the extra ``nation``).

All rules a rule calls are put into one loop, arithmetic stays in floating point, and ``law.figure[key]`` becomes a
choice between numbers instead of a look in memory: then the compiler counts four rows at a time.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any

import numba
import numpy as np
from numba.core import types
from numba.extending import intrinsic, overload

from allting.kernel.rules import arithmetic
from allting.kernel.rules.definition import Argument, NotCompiled, Rule, rule_of

# No reference counting in the loop (_nrt): a rule makes no objects, and a column is held by the caller.
FLAGS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
CHOSEN = 16  # keys; a longer list is looked up in memory
CHUNK = 1 << 16  # rows a thread takes at a time


def run(one: Rule, law: Any, columns: Sequence[Any], out: Any, workers: int) -> Any:
    """The answers for columns in the order of the arguments, in ``out`` or a new array. For ``columns.over``."""
    arrays = [
        np.ascontiguousarray(column, argument.kind.column)
        for column, argument in zip(columns, one.arguments, strict=True)
    ]
    _in_place(one, arrays)
    if out is None:
        out = np.empty(len(arrays[0]) if arrays else 0, dtype="f8")
    _in_chunks(partial(loop(one), frozen(law)), arrays, out, workers)
    return out


def _in_place(one: Rule, arrays: Sequence[Any]) -> None:
    """Compiled code does not look where it reads: a key outside its list must not get there."""
    for argument, array in zip(one.arguments, arrays, strict=True):
        if argument.kind.key and len(array):
            most = len(one.rates.keys[argument.kind.key])
            if array.min() < 0 or array.max() >= most:
                raise ValueError(f"{argument.name}: a key without a place (there are {most})")


def _in_chunks(count: Callable[..., None], arrays: Sequence[Any], out: Any, workers: int) -> None:
    count(*(array[:0] for array in arrays), out[:0])  # compiles, once, before many threads want it
    starts = range(0, len(out), CHUNK)

    def part(start: int) -> None:
        count(*(array[start : start + CHUNK] for array in arrays), out[start : start + CHUNK])

    if workers == 1 or len(starts) <= 1:
        for start in starts:
            part(start)
        return
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(part, starts))


@cache
def loop(one: Rule) -> Callable[..., None]:
    """``run(law, *columns, out)``, without the interpreter's lock. Raises NotCompiled when it is first run."""
    names = [f"c{place}" for place in range(len(one.arguments))]
    items = "".join(f", {_item(one, name)}" for one, name in zip(one.arguments, names, strict=True))
    head = ", ".join(("law", *names, "out"))
    text = f"def run({head}):\n    for i in range(len(out)):\n        out[i] = rule(law{items})\n"
    space: dict[str, Any] = {"rule": _compiled(one)}
    exec(compile(text, f"<columns of {one.name}>", "exec"), space)  # noqa: S102 - numbered names only
    compiled = numba.njit(**FLAGS)(space["run"])

    def told(*given: Any) -> None:
        try:
            compiled(*given)
        except numba.core.errors.NumbaError as error:
            said = " ".join(line.strip() for line in str(error).splitlines() if line.strip())
            raise NotCompiled(f"{one.name}: numba cannot compile it: {said[:300]}") from error

    return told


def _item(argument: Argument, name: str) -> str:
    """A place of a column as the rule takes it: a key as it is, the rest in floating point."""
    if argument.kind.key:
        return f"{name}[i]"
    return f"(1.0 if {name}[i] else 0.0)" if argument.kind.name == "yes_no" else f"float({name}[i])"


def frozen(law: Any) -> Any:
    """The law as the loop takes it."""
    return type(law)(*(np.array(value) if isinstance(value, tuple) and len(value) > CHOSEN else value for value in law))


@cache
def _compiled(one: Rule) -> Any:
    """A copy of the function, compiled; it calls copies, and the rule itself stays plain."""
    space = {**one.function.__globals__, "pick": pick}
    for name, value in one.function.__globals__.items():
        inner = rule_of(value)
        if inner is not None and inner in one.calls:
            space[name] = _compiled(inner)
        elif any(value is plain for plain in arithmetic.ARITHMETIC):
            space[name] = _TWINS[value.__name__]
    tree = ast.parse(one.source)
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    function.returns = None
    for argument in function.args.args:
        argument.annotation = None
    exec(compile(ast.fix_missing_locations(_Straight().visit(tree)), f"<{one.name}>", "exec"), space)  # noqa: S102 - ours
    return numba.njit(inline="always", **FLAGS)(space[one.function.__name__])


class _Straight(ast.NodeTransformer):
    """Fewer branches: ``law.figure[key]`` as ``pick(law.figure, key)``, and comparisons joined without short cuts."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        if not all(_truth(one) for one in node.values):
            return node
        join = ast.BitOr() if isinstance(node.op, ast.Or) else ast.BitAnd()
        joined = node.values[0]
        for one in node.values[1:]:
            joined = ast.copy_location(ast.BinOp(joined, join, one), node)
        return joined

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        chosen = ast.Call(ast.Name("pick", ast.Load()), [self.visit(node.value), self.visit(node.slice)], [])
        return ast.copy_location(chosen, node)


def _truth(node: ast.expr) -> bool:
    """A comparison, or comparisons that were joined: nothing but true or false comes of it."""
    return isinstance(node, ast.Compare) or (
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr | ast.BitAnd)
    )


def pick(values: Any, place: int) -> float:
    """``values[place]`` in compiled code, without a branch for a short list."""
    return values[place]  # type: ignore[no-any-return]


@overload(pick, inline="always")
def _pick(values, place):  # type: ignore[no-untyped-def]
    if isinstance(values, types.UniTuple):
        return lambda values, place: _chosen(values, place)  # type: ignore[call-arg]
    return lambda values, place: values[place]


@intrinsic
def _chosen(context, values, place):  # type: ignore[no-untyped-def]
    def write(context, builder, signature, given):  # type: ignore[no-untyped-def]
        listed, at = given
        at = context.cast(builder, at, signature.args[1], types.int64)
        answer = builder.extract_value(listed, signature.args[0].count - 1)
        for one in reversed(range(signature.args[0].count - 1)):
            here = builder.icmp_signed("==", at, at.type(one))
            answer = builder.select(here, builder.extract_value(listed, one), answer)
        return answer

    return values.dtype(values, place), write


def _half_up(value):  # type: ignore[no-untyped-def]
    return np.floor(value + 0.5)


def _down(value):  # type: ignore[no-untyped-def]
    return np.floor(value)


def _up(value):  # type: ignore[no-untyped-def]
    return np.ceil(value)


def _down_to(value, step):  # type: ignore[no-untyped-def]
    return np.floor(value / step) * step


def _share(amount, percent):  # type: ignore[no-untyped-def]
    return np.floor(amount * percent * 1000 + 0.5) / 100_000


# math.floor gives whole numbers, which the vector units do not convert; np.floor stays in floating point.
_TWINS = {
    twin.__name__[1:]: numba.njit(inline="always", **FLAGS)(twin) for twin in (_half_up, _down, _up, _down_to, _share)
}
