"""A rule over columns: the same function, compiled by numba where it is installed, else called row by row.

The rows go in chunks over all cores, so that what is in work at once is bounded whatever the number of rows. NumPy
and numba are the extra ``nation``; without them this takes and gives lists.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Literal

from allting.kernel.rules.definition import Rule

try:
    import numpy as np

    from allting.kernel.rules.compiling import frozen, loop

    HAS_COMPILER = True
except ImportError:  # the extra is not installed
    HAS_COMPILER = False

CHUNK = 1 << 16
COMPILE_FROM = 100_000  # rows: fewer are counted one by one before the compiler has begun
Path = Literal["plain", "compiled"]


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
        path = "compiled" if HAS_COMPILER and rows >= COMPILE_FROM else "plain"
    if path == "plain":
        answers = [one.function(law, *values) for values in zip(*map(_plain, given), strict=True)]
        return _into(out, answers) if HAS_COMPILER else answers
    arrays = [
        np.ascontiguousarray(column, argument.kind.column)
        for column, argument in zip(given, one.arguments, strict=True)
    ]
    _in_place(one, arrays)
    if out is None:
        out = np.empty(rows, dtype="f8")
    _run(partial(loop(one), frozen(law)), arrays, out, workers or os.cpu_count() or 1)
    return out


def _plain(column: Any) -> Sequence[float]:
    return column.tolist() if hasattr(column, "tolist") else column  # type: ignore[no-any-return]


def _into(out: Any, answers: list[float]) -> Any:
    if out is None:
        return np.array(answers, dtype="f8")
    out[:] = answers
    return out


def _in_place(one: Rule, arrays: Sequence[Any]) -> None:
    """Compiled code does not look where it reads: a key outside its list must not get there."""
    for argument, array in zip(one.arguments, arrays, strict=True):
        if argument.kind.key and len(array):
            most = len(one.rates.keys[argument.kind.key])
            if array.min() < 0 or array.max() >= most:
                raise ValueError(f"{argument.name}: a key without a place (there are {most})")


def _run(run: Any, arrays: Sequence[Any], out: Any, workers: int) -> None:
    rows = len(out)
    run(*(array[:0] for array in arrays), out[:0])  # compiles, once, before many threads want it
    starts = range(0, rows, CHUNK)

    def part(start: int) -> None:
        run(*(array[start : start + CHUNK] for array in arrays), out[start : start + CHUNK])

    if workers == 1 or len(starts) <= 1:
        for start in starts:
            part(start)
        return
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(part, starts))
