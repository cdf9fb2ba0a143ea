"""Many postings at once on PostgreSQL: by COPY into a table of the transaction's own, and from there once per key.

A row at a time costs most of its time on the way to the database; this way a year's payments are posted in minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

MANY = 100  # from here on it is worth the table
_TABLE = """
CREATE TEMP TABLE IF NOT EXISTS posting_new ON COMMIT DROP
AS SELECT key, owner, debit, credit, amount, kind, subject, day, at FROM payment_posting WITH NO DATA
"""
_COPY = "COPY posting_new (key, owner, debit, credit, amount, kind, subject, day, at) FROM STDIN"
_INSERT = """
INSERT INTO payment_posting (key, owner, debit, credit, amount, kind, subject, day, at)
SELECT key, owner, debit, credit, amount, kind, subject, day, at FROM posting_new ON CONFLICT (key) DO NOTHING
"""
_DIFFERS = """
SELECT new.kind FROM posting_new new LEFT JOIN payment_posting old USING (key)
WHERE (new.owner, new.debit, new.credit, new.amount, new.subject)
IS DISTINCT FROM (old.owner, old.debit, old.credit, old.amount, old.subject) LIMIT 1
"""


def fits(count: int) -> bool:
    """Whether so many are stored this way."""
    return count >= MANY and connection.vendor == "postgresql"


def store(lines: Sequence[tuple[Any, ...]]) -> str | None:
    """Store those whose key is new, in the caller's transaction, with the columns as they stand above; answers the kind
    of one whose key holds something else."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.execute("TRUNCATE posting_new")
        with cursor.copy(_COPY) as copy:
            for line in lines:
                copy.write_row(line)
        cursor.execute(_INSERT)
        if cursor.rowcount == len(lines):
            return None
        cursor.execute(_DIFFERS)
        found = cursor.fetchone()
    return found[0] if found else None
