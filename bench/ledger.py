"""``make bench``: a million ledger postings on PostgreSQL, beside COPY of the same rows into the same kind of table.

Ours comes from moves, as a batch of payments posts them: five hundred in each call, checked, each once per key, in a
transaction of ten thousand. The reference is psycopg's COPY of rows that are ready made. Both tables have the ledger's
indexes and constraints. There is no goal but that it is told. Needs PostgreSQL (BENCH_POSTGRES, an empty database).
"""

from __future__ import annotations

import os
import sys
import time
from uuid import UUID, uuid4

from bench import stage

POSTINGS, CALL, TRANSACTION = int(os.environ.get("BENCH_POSTINGS", "1000000")), 500, 10_000
POSTGRES = os.environ.get("BENCH_POSTGRES", "")


def main() -> int:
    if not POSTGRES:
        print("ledger: name an empty database of PostgreSQL in BENCH_POSTGRES")
        return 0
    os.environ["DATABASE_URL"] = POSTGRES
    stage.settings()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    owner = uuid4()
    ours, copied = _ours(owner), _copied(owner)
    print(f"{'ours, checked and once per key':34} {POSTINGS / ours:9.0f} postings/s, {ours:.1f} s in all")
    print(f"{'COPY of the same rows':34} {POSTINGS / copied:9.0f} postings/s, {copied:.1f} s in all")
    print(f"{'ratio':34} {copied / ours:9.2f}")
    _balances(owner)
    return 0


def _ours(owner: UUID) -> float:
    from django.db import transaction

    from allting.common.payment.ledger import Account, Move, book

    began = time.perf_counter()
    for first in range(0, POSTINGS, TRANSACTION):
        with transaction.atomic():
            for place in range(first, min(first + TRANSACTION, POSTINGS), CALL):
                numbers = range(place, min(place + CALL, POSTINGS))
                book(owner, *(
                    Move(f"bench:{owner}:{one}", "granted", Account.GRANTS, Account.PAYABLE, one + 1, UUID(int=one))
                    for one in numbers
                ))  # fmt: skip
    return time.perf_counter() - began


def _copied(owner: UUID) -> float:
    from django.db import connection, transaction
    from django.utils import timezone

    now, day = timezone.now(), timezone.localdate()
    rows = [
        (f"bench:{owner}:{one}", owner, "grants", "payable", one + 1, "granted", UUID(int=one), day, now)
        for one in range(POSTINGS)
    ]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_posting")
        cursor.execute("CREATE TABLE bench_posting (LIKE payment_posting INCLUDING ALL)")
        began = time.perf_counter()
        names = "key, owner, debit, credit, amount, kind, subject, day, at"
        with transaction.atomic(), cursor.copy(f"COPY bench_posting ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        took = time.perf_counter() - began
        cursor.execute("DROP TABLE bench_posting")
    return took


def _balances(owner: UUID) -> None:
    from allting.common.payment.ledger import trial_balance

    began = time.perf_counter()
    lines = trial_balance(owner)
    assert sum(one.debits for one in lines) == sum(one.credits for one in lines) == POSTINGS * (POSTINGS + 1) // 2
    print(f"{'its trial balance':34} {time.perf_counter() - began:9.2f} s")


if __name__ == "__main__":
    sys.exit(main())
