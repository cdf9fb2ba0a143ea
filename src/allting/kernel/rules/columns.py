"""A rule over columns: the same function, compiled by numba where it is installed, else called row by row.

NumPy and numba are the extra ``nation``. They are imported when they are first needed, so that a web process that
counts single cases does not carry them; without them everything runs on lists.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any, Literal

from allting.kernel.rules.definition import Rule

HAS_COMPILER = all(find_spec(name) for name in ("numpy", "numba"))
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

    ``path`` is chosen by the number of rows when it is not said: plain gives a list, compiled an array, and both fill
    ``out`` where it is given. Compiled, the rows go in chunks to ``workers`` threads (one for each core), so that what
    is in work at once is bounded. Raises ValueError for a key without a place, NotCompiled when it cannot be compiled.
    """
    given = [columns[argument.name] for argument in one.arguments]
    if path is None:
        path = "compiled" if HAS_COMPILER and given and len(given[0]) >= COMPILE_FROM else "plain"
    if path == "compiled":
        from allting.kernel.rules.compiling import run

        return run(one, law, given, out, workers or os.cpu_count() or 1)
    answers = [one.function(law, *values) for values in zip(*map(_plain, given), strict=True)]
    if out is None:
        return answers
    out[:] = answers
    return out


def _plain(column: Any) -> Sequence[float]:
    return column.tolist() if hasattr(column, "tolist") else column  # type: ignore[no-any-return]
