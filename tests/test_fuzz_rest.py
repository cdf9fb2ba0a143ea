"""Every REST operation bears what it was not made for: no fault of ours, each refusal a problem details document (RFC
9457), and nothing stored when it refuses.

Schemathesis makes the requests of our own OpenAPI description, right ones and wrong ones. ``FUZZ=500`` makes as many
for each operation, by chance; without it they are few, and the same each time.
"""

from __future__ import annotations

import json
import os
from functools import cache
from urllib.parse import quote, unquote, urlencode

import pytest
import schemathesis
from django.apps import apps
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

from tests.test_access import OF_THEIR_OWN, World, addresses, app_of, described

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("FUZZ", "0"))
OURS = settings(
    max_examples=EXAMPLES or 5, derandomize=not EXAMPLES, database=None, deadline=None, print_blob=False,
    phases=(Phase.generate,), suppress_health_check=list(HealthCheck),
)  # fmt: skip


def operations():
    schema = schemathesis.openapi.from_dict(described())
    return [one.ok() for one in schema.get_all_operations()]


@cache
def counting():
    """One statement that counts the rows of every table of ours."""
    models = [one for one in apps.get_models() if one.__module__.startswith("allting.")]
    tables = [one._meta.db_table for one in models if one.__name__ not in OF_THEIR_OWN]
    return tables, "SELECT " + ", ".join(f'(SELECT count(*) FROM "{one}")' for one in tables)


def rows():
    """How many rows each table has."""
    tables, statement = counting()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return dict(zip(tables, cursor.fetchone(), strict=True))


def sent(client, case, path):
    body = case.body if isinstance(case.body, (dict, list, str, int, float, bool, type(None))) else None
    media = case.media_type or "application/json"
    data = b"" if body is None else json.dumps(body, ensure_ascii=True).encode()
    if isinstance(case.body, bytes):
        data = case.body
    query = urlencode(case.query or {}, doseq=True, errors="replace")
    return client.generic(case.method, path, data, content_type=media, QUERY_STRING=query)


def own_path(case):
    path = case.operation.path
    for name, value in (case.path_parameters or {}).items():
        path = path.replace(f"{{{name}}}", quote(unquote(str(value)).encode("utf-8", "replace").decode(), safe=""))
    return path


@pytest.fixture
def callers(settings, tmp_path):
    world = World(settings, tmp_path)
    found = [Client(), world.browser, world.officer, world.enterprise, app_of(world.owner)]
    for one in found:
        one.raise_request_exception = False
    return world, found


def judged(answer, case, path, before):
    said = f"{case.method} {path} {case.query} {str(case.body)[:300]}: {answer.status_code}"
    assert answer.status_code < 500, said
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json", f"{said}; {answer['Content-Type']}"
        problem = answer.json()
        assert problem["status"] == answer.status_code and problem["title"], said
        stored = {table for table, count in rows().items() if count != before[table]}
        assert not stored, f"{said}; it refused, and something was stored: {stored}"


def tried(operation, mode, world, found):
    """One operation with all sorts of requests, by all sorts of callers; what went wrong, or nothing."""
    known = list(addresses(world, operation.path)) if "{" in operation.path else [operation.path]

    @OURS
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def each(case, data):
        client = data.draw(st.sampled_from(found))
        path = data.draw(st.sampled_from(known)) if data.draw(st.booleans()) else own_path(case)
        before = rows()
        judged(sent(client, case, path), case, path, before)

    try:
        each()
    except AssertionError as wrong:
        return str(wrong).splitlines()[0]
    except Unsatisfiable:  # it can be asked in no wrong way, say
        return ""
    return ""


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_no_request_breaks_it(callers, mode):
    wrong = [found for one in operations() if (found := tried(one, mode, *callers))]
    assert not wrong, "\n".join(wrong)
