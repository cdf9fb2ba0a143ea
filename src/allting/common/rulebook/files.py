"""CSV and Parquet in chunks, read and written, so that the memory used does not grow with the file."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.utils.translation import gettext as _

from allting.kernel.problems import Invalid

CHUNK = 50_000
PROBLEM = "problem"
PART = ".part"
GIVEN = "given_"  # put before a column of the source that has the answer's name
Columns = Mapping[str, Sequence[Any]]
Write = Callable[[Columns, Sequence[float | None], Sequence[str]], None]


class Reader(Protocol):
    """A file being read: its column names, its rows in chunks, and how far it has come (0 to 1)."""

    names: list[str]

    def chunks(self) -> Iterator[tuple[Columns, int, Mapping[int, str]]]:
        """Columns, their length, and what is wrong with a row as it stands in the file, by place."""

    def share(self) -> float: ...


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Open a file by its ending: ``.parquet``, or else CSV, packed when it ends in ``.gz``.

    Raises Invalid if it cannot be read.
    """
    try:
        if path.suffix == ".parquet":
            yield _Parquet(path)
            return
        with path.open("rb") as raw:
            yield _Csv(raw, path)
    except OSError as error:
        why = {"file": path.name, "why": error.strerror or error}
        raise Invalid(_("%(file)s cannot be read: %(why)s") % why) from None
    except (EOFError, zlib.error) as error:
        raise Invalid(_("%(file)s cannot be unpacked: %(why)s") % {"file": path.name, "why": error}) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise Invalid(_("%(file)s is not a CSV file in UTF-8: %(why)s") % {"file": path.name, "why": error}) from None


@contextmanager
def writing(path: Path, reader: Reader, result: str) -> Iterator[Write]:
    """Write beside the file and put it in place when all is there, so that half a result is never taken for one."""
    part = path.with_name(path.name + PART)
    make = _write_parquet if path.suffix == ".parquet" else _write_csv
    try:
        with make(part, reader, result) as write:
            yield write
        part.replace(path)
    except OSError as error:
        raise Invalid(
            _("%(file)s cannot be written: %(why)s") % {"file": path.name, "why": error.strerror or error}
        ) from None
    finally:
        part.unlink(missing_ok=True)


# --- CSV -----------------------------------------------------------------------------------------------


class _Csv:
    def __init__(self, raw: Any, path: Path) -> None:
        self._raw, self._size = raw, max(1, path.stat().st_size)
        stream = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        heading = text.readline()
        self._mark = ";" if heading.count(";") > heading.count(",") else ","
        self.names = [name.strip() for name in next(csv.reader([heading], delimiter=self._mark), [])]
        twice = {name for name in self.names if self.names.count(name) > 1}
        if not heading.strip() or twice:
            raise Invalid(_("The first line must name the columns, each once."), code="no-heading")
        self._rows = csv.reader(text, delimiter=self._mark)

    def chunks(self) -> Iterator[tuple[Columns, int, Mapping[int, str]]]:
        width = len(self.names)
        while rows := list(islice(self._rows, CHUNK)):
            short = {}
            for place, row in enumerate(rows):
                if len(row) != width:
                    words = _("the row has %(found)s fields, the heading has %(wanted)s")
                    short[place] = words % {"found": len(row), "wanted": width}
                    rows[place] = (row + [""] * width)[:width]
            yield dict(zip(self.names, zip(*rows, strict=True), strict=True)), len(rows), short

    def share(self) -> float:
        return float(self._raw.tell() / self._size)


@contextmanager
def _write_csv(path: Path, reader: Reader, result: str) -> Iterator[Write]:
    with _opened(path) as file:
        out = csv.writer(file)
        out.writerow([*_kept(reader.names, result), result, PROBLEM])

        def write(columns: Columns, answers: Sequence[float | None], problems: Sequence[str]) -> None:
            out.writerows(zip(*(columns[name] for name in reader.names), map(_written, answers), problems, strict=True))

        yield write


def _opened(part: Path) -> Any:
    """Packed when the file it will become is."""
    if part.name.removesuffix(PART).endswith(".gz"):
        return gzip.open(part, "wt", encoding="utf-8", newline="", compresslevel=1)
    return part.open("w", encoding="utf-8", newline="")


def _written(value: float | None) -> str | int | float:
    if value is None:
        return ""
    return int(value) if value == int(value) else value


def _kept(names: Sequence[str], result: str) -> list[str]:
    """The source's columns as the target has them."""
    return [GIVEN + name if name in (result, PROBLEM) else name for name in names]


# --- Parquet -------------------------------------------------------------------------------------------


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise Invalid(_("Parquet needs pyarrow: install allting[nation], or use CSV."), code="no-parquet") from None
    return pyarrow, pyarrow.parquet


class _Parquet:
    def __init__(self, path: Path) -> None:
        arrow, parquet = _arrow()
        try:
            self._file = parquet.ParquetFile(path)
        except arrow.ArrowInvalid as error:
            raise Invalid(_("%(file)s is not a Parquet file: %(why)s") % {"file": path.name, "why": error}) from None
        self.types = {field.name: field.type for field in self._file.schema_arrow}
        self.names = list(self._file.schema_arrow.names)
        if len(self.types) < len(self.names):
            raise Invalid(_("The first line must name the columns, each once."), code="no-heading")
        self._rows, self._read = max(1, self._file.metadata.num_rows), 0

    def chunks(self) -> Iterator[tuple[Columns, int, Mapping[int, str]]]:
        for batch in self._file.iter_batches(batch_size=CHUNK):
            self._read += batch.num_rows
            yield {name: batch.column(name).to_pylist() for name in self.names}, batch.num_rows, {}

    def share(self) -> float:
        return float(self._read / self._rows)


@contextmanager
def _write_parquet(path: Path, reader: Reader, result: str) -> Iterator[Write]:
    arrow, parquet = _arrow()
    kept, types = _kept(reader.names, result), reader.types if isinstance(reader, _Parquet) else {}
    writer: Any = None

    def write(columns: Columns, answers: Sequence[float | None], problems: Sequence[str]) -> None:
        nonlocal writer
        made = {
            new: arrow.array(columns[old], type=types.get(old, arrow.string()))
            for new, old in zip(kept, reader.names, strict=True)
        }
        made[result] = arrow.array(answers, type=arrow.float64())
        made[PROBLEM] = arrow.array(problems, type=arrow.string())
        table = arrow.table(made)
        if writer is None:
            writer = parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)

    try:
        yield write
    finally:
        if writer is not None:
            writer.close()
        elif not path.exists():
            parquet.write_table(arrow.table({name: [] for name in [*kept, result, PROBLEM]}), path)
