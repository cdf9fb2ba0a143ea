"""A rule over columns: the same function, compiled by numba where it is installed, else called row by row.

The rows go in chunks over all cores, so that what is in work at once is bounded whatever the number of rows. NumPy
and numba are the extra ``nation``; without them this takes and gives lists.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from types import FunctionType
from typing import Any, Literal

from allting.kernel.rules import arithmetic
from allting.kernel.rules.definition import Rule, rule_of

try:
    import numba
    import numpy as np
except ImportError:  # pragma: no cover - the extra is not installed
    numba = np = None  # type: ignore[assignment]

CHUNK = 1 << 16
COMPILE_FROM = 100_000  # rows; fewer are counted row by row before numba has compiled
Path = Literal["plain", "compiled"]


class NotCompiled(Exception):
    """A rule left what compiled code can do: says which rule, and what numba said."""


def over(
    one: Rule,
    law: Any,
    columns: Mapping[str, Any],
    *,
    path: Path | None = None,
    workers: int | None = None,
    out: Any = None,
) -> Any:
    """The answers for columns of equal length (arrays, or lists), under the law of one day.

    ``path`` is chosen by the number of rows when it is not said. Raises ValueError for a key that has no place,
    NotCompiled when the rule cannot be compiled.
    """
    given = [columns[argument.name] for argument in one.arguments]
    rows = len(given[0]) if given else 0
    if path is None:
        path = "compiled" if numba is not None and (rows >= COMPILE_FROM or one in _KERNELS) else "plain"
    if path == "plain" or np is None:
        answers = [one.function(law, *values) for values in zip(*map(_plain, given), strict=True)]
        return answers if np is None else _into(out, answers)
    arrays = [np.ascontiguousarray(column) for column in given]
    _in_place(one, law, arrays)
    if out is None:
        out = np.empty(rows, dtype="f8")
    _run(kernel(one), _frozen(law), arrays, out, workers or os.cpu_count() or 1)
    return out


def _plain(column: Any) -> Sequence[float]:
    return column.tolist() if hasattr(column, "tolist") else column  # type: ignore[no-any-return]


def _into(out: Any, answers: list[float]) -> Any:
    if out is None:
        return np.array(answers, dtype="f8")
    out[:] = answers
    return out


def _in_place(one: Rule, law: Any, arrays: Sequence[Any]) -> None:
    """Compiled code does not look where it reads: a key outside its list must not get there."""
    for argument, array in zip(one.arguments, arrays, strict=True):
        if argument.kind.key and len(array):
            most = len(one.rates.keys[argument.kind.key])
            if array.min() < 0 or array.max() >= most:
                raise ValueError(f"{argument.name}: a key without a place (there are {most})")


def _run(run: Callable[..., None], law: Any, arrays: Sequence[Any], out: Any, workers: int) -> None:
    rows = len(out)
    if workers == 1 or rows <= CHUNK:
        run(law, *arrays, out, 0, rows)
        return
    starts = range(0, rows, CHUNK)
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda start: run(law, *arrays, out, start, min(start + CHUNK, rows)), starts))


def _frozen(law: Any) -> Any:
    """The law as numba takes it: what is given by key becomes an array."""
    return type(law)(*(np.array(value) if isinstance(value, tuple) else value for value in law))


# --- Compiling ---------------------------------------------------------------------------------------

_KERNELS: dict[Rule, Callable[..., None]] = {}


def kernel(one: Rule) -> Callable[..., None]:
    """``run(law, *columns, out, start, stop)`` in machine code, without the interpreter's lock."""
    if one not in _KERNELS:
        names = ", ".join(f"c{place}" for place in range(len(one.arguments)))
        items = ", ".join(f"c{place}[i]" for place in range(len(one.arguments)))
        text = f"def run(law, {names}, out, start, stop):\n    for i in range(start, stop):\n        out[i] = rule(law, {items})\n"
        space: dict[str, Any] = {"rule": _compiled(one)}
        exec(compile(text, f"<columns of {one.name}>", "exec"), space)  # noqa: S102 - our own text, of numbered names
        _KERNELS[one] = _told(one, numba.njit(nogil=True, error_model="numpy")(space["run"]))
    return _KERNELS[one]


def _told(one: Rule, run: Callable[..., None]) -> Callable[..., None]:
    def checked(*given: Any) -> None:
        try:
            run(*given)
        except numba.core.errors.NumbaError as error:
            raise NotCompiled(f"{one.name}: {str(error).strip().splitlines()[0]}") from error

    return checked


@cache
def _compiled(one: Rule) -> Any:
    """The function with all it calls compiled; the copy is its own, the rule stays plain."""
    space = dict(one.function.__globals__)
    for name, value in one.function.__globals__.items():
        inner = rule_of(value)
        if inner is not None and inner in one.calls:
            space[name] = _compiled(inner)
        elif value in _twins() if callable(value) and getattr(value, "__hash__", None) else False:
            space[name] = _twins()[value]
    copy = FunctionType(one.function.__code__, space, one.function.__name__)
    return numba.njit(nogil=True, error_model="numpy")(copy)


@cache
def _twins() -> dict[Any, Any]:
    """The arithmetic in floating point throughout: whole numbers of ``math.floor`` would keep it from the vector units."""
    floor, ceil, jit = np.floor, np.ceil, numba.njit(nogil=True, error_model="numpy")

    def half_up(value):  # type: ignore[no-untyped-def]
        return floor(value + 0.5)

    def down(value):  # type: ignore[no-untyped-def]
        return floor(value)

    def up(value):  # type: ignore[no-untyped-def]
        return ceil(value)

    def down_to(value, step):  # type: ignore[no-untyped-def]
        return floor(value / step) * step

    def share(amount, percent):  # type: ignore[no-untyped-def]
        return floor(amount * percent * 1000 + 0.5) / 100_000

    made = {function.__name__: jit(function) for function in (half_up, down, up, down_to, share)}
    return {function: made[function.__name__] for function in arithmetic.ARITHMETIC}
