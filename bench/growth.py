"""``make bench``: what it costs to send a case and decide it among 10 thousand stored ones, and among a million.

On PostgreSQL (``DATABASE_URL``, or the server of this machine), in a database of its own that is dropped afterwards.
The reference is the same journey at the smaller size, in the same run. The cost is CPU: this process's and that of the
database's process that serves it. Goals: at most 1.2 times as much, and below 10 queries for each queue and search.

The stored cases are two real ones, one decided and one that waits, copied with every row that came with them: events,
letter, journal, log, signature, effects, words. What is sealed in them is cut short: a million PDF files fit on no
machine that this is run on, and lie outside the pages that indexes are made of.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

FEW, MANY, WAITING = 10_000, 1_000_000, 20  # one of so many waits
JOURNEYS, ROUNDS, MOST_TIMES, MOST_QUERIES = 10, 6, 1.2, 10
STEP = 31_557  # milliseconds between two stored cases: a million in a year
CHUNK = 50_000
NAMES = ("allting_bench_growth_few", "allting_bench_growth_many")
SERVER = os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# The tables that grow with a case, those that others refer to first.
GROW = (
    "cases_case", "cases_draft", "cases_event", "cases_word", "archive_file", "archive_entry", "archive_document",
    "archive_change", "audit_entry", "mailbox_storedletter", "outbox_effect", "signature_signature",
    "signature_signeddocument",
)  # fmt: skip
FRESH = """CREATE FUNCTION fresh(one text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT (lpad(to_hex(('x' || substr(replace(one, '-', ''), 1, 12))::bit(48)::bigint - n * %d), 12, '0') || '7'
  || substr(md5(one || n), 1, 3) || '8' || substr(md5(one || n), 4, 15))::uuid $$"""


def main() -> int:
    if not SERVER.startswith("postgres"):
        print("growth: needs PostgreSQL in DATABASE_URL")
        return 1
    _outside(*_DROP, f"CREATE DATABASE {NAMES[0]}")
    os.environ["DATABASE_URL"] = f"{SERVER.rsplit('/', 1)[0]}/{NAMES[0]}"
    try:
        return _measure()
    finally:
        from django.db import connection

        connection.close()
        _outside(*_DROP)


_DROP = [f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in NAMES]


def _outside(*statements: str) -> None:
    import psycopg

    with psycopg.connect(SERVER, autocommit=True) as server:
        for one in statements:
            server.execute(one)


def _enter(name: str) -> None:
    """Go on in the other database: the same town, with its own store."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = name


def _measure() -> int:
    town = Town()
    stored, began = Stored(town), time.perf_counter()
    stored.grow(0, FEW)
    _enter("postgres")
    _outside(f"CREATE DATABASE {NAMES[1]} TEMPLATE {NAMES[0]}")
    _enter(NAMES[1])
    stored.grow(FEW, MANY)
    print(f"{FEW:,} and {MANY:,} stored cases, filled in {time.perf_counter() - began:.0f} s", flush=True)
    costs = town.in_turns()
    missed = []
    for size, cost in zip((FEW, MANY), costs, strict=True):
        sent, decided, letter = cost
        print(f"{size:,}: send {sent:.1f} ms, decide {decided:.1f} ms, the worker's letter {letter:.1f} ms CPU")
        alone, whole = 1000 / (sent + decided), 1000 / sum(cost)
        print(f"{size:,}: {alone:.1f} journeys sent and decided per CPU second; {whole:.1f} with the letter")
    few, many = costs
    for name, ratio in (("send and decide", sum(many[:2]) / sum(few[:2])), ("with the letter", sum(many) / sum(few))):
        print(f"{name}: {ratio:.2f} times as much at {MANY:,} (goal at most {MOST_TIMES})")
        missed += [f"{name}: {ratio:.2f} times"] if ratio > MOST_TIMES else []
    missed += _lists(town)
    if missed:
        print(f"missed: {'; '.join(missed)}")
    return 0


def _lists(town: Town) -> list[str]:
    """Print what each queue and search costs; what asks too often."""
    found = []
    for name in NAMES:
        _enter(name)
        found.append(town.lists())
    for name, (few, count) in found[0].items():
        many, more = found[1][name]
        print(f"  {name:28} {few:6.1f} ms, {many:6.1f} ms CPU; {count} and {more} queries (goal below {MOST_QUERIES})")
    return [f"{name}: {count} queries" for one in found for name, (_ms, count) in one.items() if count >= MOST_QUERIES]


class Town:
    """An authority with an officer, and parents who apply."""

    def __init__(self) -> None:
        from bench import stage

        stage.set_up()
        from allting.common.cases.tests import factories as cases
        from allting.common.registers.models import Organisation
        from allting.common.registers.tests import factories as people

        self.cases, self.people = cases, people
        self.molde = Organisation.objects.get(slug="1506-molde")
        self.officer = people.officer_in(self.molde)
        self.office = cases.client_of(self.officer, as_officer_of=self.molde.pk)

    def send(self) -> Any:
        """One parent's application, ready to be sent; call it."""
        parent = self.people.person()
        child, browser = self.people.child_of(parent), self.cases.client_of(parent)
        plain = self.cases.KINDERGARTEN
        pages = plain | {"place": plain["place"] | {"child": str(child.pk)}}
        return lambda: self.cases.send(browser, "kindergarten-place", pages)

    def decide(self, case: Any) -> None:
        from allting.common.cases.models import Case

        assert self.office.get(f"/office/cases/{case}").status_code == 200
        form = {"revision": Case.objects.get(pk=case).revision, "outcome": "granted", "grounds": "Ledig plass."}
        assert self.office.post(f"/office/cases/{case}/decide", form).status_code == 302

    def in_turns(self) -> list[tuple[float, ...]]:
        """Milliseconds of CPU for each, to send, to decide, and for the worker: few and many. The best of each, for a
        busy machine makes some rounds dearer and none cheaper."""
        rounds: list[list[tuple[float, ...]]] = [[], []]
        for _round in range(ROUNDS + 1):
            for place, name in enumerate(NAMES):
                _enter(name)
                rounds[place].append(self._round())
        return [tuple(min(parts) for parts in zip(*one[1:], strict=True)) for one in rounds]

    def _round(self) -> tuple[float, float, float]:
        ready = [self.send() for _one in range(JOURNEYS)]
        sent, cases = _cpu(lambda: [send() for send in ready])
        decided, _none = _cpu(lambda: [self.decide(case) for case in cases])
        worked, _none = _cpu(self.cases.work)
        return sent / JOURNEYS, decided / JOURNEYS, worked / JOURNEYS

    def lists(self) -> dict[str, tuple[float, int]]:
        """CPU and queries of each queue and search."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        found = {}
        for name, ask in self._lists().items():
            ask()
            with CaptureQueriesContext(connection) as seen:
                ask()
                count = len(seen)
            found[name] = min(_cpu(lambda ask=ask: [ask() for _time in range(5)])[0] / 5 for _round in range(4)), count
        return found

    def _lists(self) -> dict[str, Callable[[], None]]:
        from allting.common.cases.api import TABS
        from allting.common.cases.models import Case

        def get(path: str) -> None:
            assert self.office.get(path).status_code == 200

        def find(**form: str) -> None:
            assert self.office.post("/office/search", form).status_code == 200

        case = Case.objects.filter(desk=self.molde.pk).order_by("-id").first()
        assert case is not None
        number = self.people.person().identity_number
        return {
            "first page": lambda: get("/office"),
            **{f"queue: {tab}": lambda tab=tab: get(f"/office/queue?show={tab}") for tab in TABS},
            "queue: one service": lambda: get("/office/queue?service=kindergarten-place"),
            "queue: one theme": lambda: get("/office/queue?theme=barnehage"),
            "search: number": lambda: find(find=case.number),
            "search: name": lambda: find(find="Kari Prøve"),
            "search: identity number": lambda: find(find=number),
            "search: service and state": lambda: find(service="kindergarten-place", state="received"),
            "search: days": lambda: find(first="2026-03-01", last="2026-03-02"),
        }


class Stored:
    """The stored cases: each is a copy of all that came with a real one."""

    def __init__(self, town: Town) -> None:
        from django.db import connection

        from allting.common.audit import api as audit

        self.cursor = connection.cursor()
        self.cursor.execute(FRESH % STEP)
        self.kept = {str(one) for one in (town.molde.pk, town.officer.pk)}
        self.made: list[list[str]] = []
        for decided in (True, False):
            send = town.send()
            while audit.seal_pending():  # a row that is sealed now would seem to be new afterwards
                pass
            before = self._last()
            case = send()
            if decided:
                town.decide(case)
            town.cases.work()
            while audit.seal_pending():
                pass
            self.made.append([self._copying(table, row) for table, row in self._new(before)])

    def grow(self, size: int, to: int) -> None:
        """From ``size`` to ``to`` stored cases, and what the server knows of them made fresh, as it does in time."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")  # what refers is made with what it refers to
            indexes = _plain_indexes(cursor)
            for name, _made in indexes:
                cursor.execute(f'DROP INDEX "{name}"')
            for start in range(size, to, CHUNK):
                for waits, statements in enumerate(self.made):
                    sign = "=" if waits else "<>"
                    for one in statements:
                        cursor.execute(f"{one} WHERE n %% {WAITING} {sign} 0", [start + 1, min(start + CHUNK, to)])
            for _name, made in indexes:
                cursor.execute(made)
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")

    def _last(self) -> dict[str, set[str]]:
        """Where each row lies: what is new afterwards, lies elsewhere."""
        return {table: {place for place, *_row in self._rows(table)} for table in GROW}

    def _rows(self, table: str) -> list[Any]:
        self.cursor.execute(f'SELECT ctid::text || xmin::text, * FROM "{table}"')
        return self.cursor.fetchall()

    def _new(self, before: dict[str, set[str]]) -> Iterable[tuple[str, dict[str, Any]]]:
        """The rows that the case brought, those that others refer to first."""
        for table in GROW:
            found = self._rows(table)
            names = [column.name for column in self.cursor.description[1:]]
            for place, *values in found:
                if place not in before.get(table, set()):
                    yield table, dict(zip(names, values, strict=True))

    def _copying(self, table: str, row: dict[str, Any]) -> str:
        """``INSERT … SELECT`` that makes the row's copy number n."""
        self.cursor.execute(
            "SELECT column_name, udt_name, is_identity FROM information_schema.columns WHERE table_name = %s", [table]
        )
        types = {name: kind for name, kind, identity in self.cursor.fetchall() if identity == "NO"}
        self.place = getattr(self, "place", 0) + 1
        values = [self._value(name, kind, row[name]) for name, kind in types.items()]
        columns = ", ".join(f'"{name}"' for name in types)
        return f'INSERT INTO "{table}" ({columns}) SELECT {", ".join(values)} FROM generate_series(%s, %s) n'

    def _value(self, name: str, kind: str, value: Any) -> str:
        back = f"- n * interval '{STEP} milliseconds'"
        if name == "done" and value is None:
            return f"now() {back}"  # what a stored case set going is over
        if value is None:
            return "NULL"
        if name == "year":
            return "2000"
        if name == "number" and kind == "int4":  # of a journal; a small one counts within its entry
            return f"n * 16 + {self.place % 16}"
        if kind == "bytea":
            return f"'\\x{bytes(value)[:120].hex()}'::bytea"
        if kind == "timestamptz":
            return f"'{value.isoformat()}'::timestamptz {back}"
        if kind == "date":
            return f"('{value.isoformat()}'::date {back})::date"
        if kind in ("jsonb", "json"):
            import json

            value = json.dumps(value) if not isinstance(value, str) else value
        suffix = " || ':' || n" if name == "key" else ""  # some are made of a number
        return f"({self._text(str(value))}{suffix})::{kind}"

    def _text(self, text: str) -> str:
        """Words with each id in them made anew, and the case's number."""
        if re.fullmatch(r"\d{4}/\d+", text):
            return "('2000/' || n)"
        if re.fullmatch(r"[0-9a-f]{32}", text):
            return f"md5('{text}' || n %% 20000)"
        parts, at = [], 0
        for one in UUID.finditer(text):
            if one[0] not in self.kept:
                parts += [_quoted(text[at : one.start()]), f"fresh('{one[0]}', n)::text"]
                at = one.end()
        return "(" + " || ".join([*parts, _quoted(text[at:])]) + ")"


def _plain_indexes(cursor: Any) -> list[tuple[str, str]]:
    """Those of the tables that grow which hold no constraint, and how each is made: sooner made once, afterwards."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
        [list(GROW)],
    )
    found: list[tuple[str, str]] = cursor.fetchall()
    return found


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def _cpu(do: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of CPU here and in the database's process, and what came of it."""
    theirs, ours = _backend(), time.process_time()
    answer = do()
    return (time.process_time() - ours + _backend() - theirs) * 1000, answer


def _backend() -> float:
    """Seconds of CPU of the process that serves this connection, where it is on this machine; else nothing."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        return 0.0
    user, system = stat.read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
