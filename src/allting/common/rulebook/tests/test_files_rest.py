"""A rule over a whole file, over REST: CSV, packed and Parquet, by those who are logged in or have the scope."""

import csv
import gzip
import io
import secrets
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from django.test import Client

from allting.common.identity.tests import factories_machine as machines
from allting.common.identity.tests.factories import log_in_for_test
from allting.common.registers.tests import factories as people
from allting.common.rulebook import files_rest

pytestmark = pytest.mark.django_db
WHERE = "/api/rules/tax.withholding/run?date=2026-05-01"
ROWS = "table,period,gross\n8000,month,50000\n8000,month,-1\n8010,month,50000\n"


@pytest.fixture
def someone():
    browser = Client()
    log_in_for_test(browser, people.person().pk)
    return browser


def send(browser, body, kind="text/csv", where=WHERE, **more):
    return browser.generic("POST", where, body, kind, **more)


def of(answer):
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def test_a_csv_file_comes_back_with_answers_and_reasons(someone, monkeypatch):
    monkeypatch.setattr(files_rest, "PIECE", 7)  # the body comes in pieces
    answer = send(someone, ROWS)
    found = list(csv.DictReader(io.StringIO(of(answer).decode())))
    assert [row["withheld"] for row in found[:2]] == ["14184", ""]
    assert "gross" in found[1]["problem"] and not found[0]["problem"] and int(found[2]["withheld"]) < 14184
    assert (answer["Allting-Rows"], answer["Allting-Rows-Wrong"], answer["Content-Type"]) == ("3", "1", "text/csv")
    assert not list(Path("/tmp").glob("allting-rules-*"))


def test_a_packed_file_is_answered_packed(someone):
    body = of(send(someone, gzip.compress(ROWS.encode()), "application/gzip"))
    assert b"14184" in gzip.decompress(body)


def test_parquet_is_answered_as_parquet(someone):
    table, out = pyarrow.table({"table": ["8000"], "period": ["month"], "gross": [50000]}), io.BytesIO()
    pyarrow.parquet.write_table(table, out)
    body = of(send(someone, out.getvalue(), "application/vnd.apache.parquet"))
    assert pyarrow.parquet.read_table(io.BytesIO(body)).column("withheld").to_pylist() == [14184]


@pytest.mark.parametrize(
    ("body", "kind", "where", "status"),
    [
        (ROWS, "application/json", WHERE, 422),
        ("table,gross\n8000,1\n", "text/csv", WHERE, 422),
        ("", "text/csv", WHERE, 422),
        ("no parquet", "application/vnd.apache.parquet", WHERE, 422),
        ("not packed", "application/gzip", WHERE, 422),
        (ROWS, "text/csv", "/api/rules/tax.nothing/run", 404),
        (ROWS, "text/csv", "/api/rules/tax.withholding/run?date=1999-01-01", 422),
    ],
)
def test_what_cannot_be_counted_is_a_problem_in_words_without_our_own_paths(someone, body, kind, where, status):
    answer = send(someone, body, kind, where)
    assert answer.status_code == status and answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] and "allting-rules-" not in answer.content.decode()


def test_nobody_unknown_makes_us_count_a_nation(client):
    assert send(client, ROWS).status_code == 401


@pytest.mark.parametrize(("scope", "status"), [("allting:rules", 200), (machines.SCOPE, 403)])
def test_a_program_needs_the_scope(scope, status):
    company = people.chief_of(f"Regn {secrets.token_hex(3)} AS")[1]
    people.state("digitaliseringsdirektoratet")
    machines.scope()
    machines.give(company)
    row = machines.machine(company, scope)
    text = machines.assertion(row, scope=scope, resource=["http://127.0.0.1:8000/api"])
    token = machines.ask(text).json()["access_token"]
    answer = send(Client(), ROWS, HTTP_AUTHORIZATION=f"Bearer {token}")
    assert answer.status_code == status
