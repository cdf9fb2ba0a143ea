"""Endpoints between programs keep what every answer has, and leave out what only readers need."""

from unittest import mock

import pytest
from django.db import OperationalError
from django.test import override_settings

from allting.site.programs import doors

pytestmark = pytest.mark.django_db
TOKEN = "/id/token"
AUTHENTICATE = "allting.common.identity.gateway.views.authenticate"


def test_the_endpoints_are_found_by_their_mark():
    assert {TOKEN, "/id/userinfo", "/id/par", "/id/introspect", "/id/revoke", "/machine/token"} <= set(doors())
    assert "/id/authorize" not in doors()


@pytest.mark.parametrize("path", sorted(doors()))
def test_an_answer_has_the_headers_of_every_answer_and_none_for_readers(client, path):
    client.cookies["allting"] = "whatever"
    answer = client.post(path, HTTP_ACCEPT_LANGUAGE="nb", HTTP_X_REQUEST_ID="known-to-the-caller")
    assert answer.status_code in (400, 401)
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer["X-Request-ID"] == "known-to-the-caller"
    assert answer["Content-Length"] == str(len(answer.content))
    assert not answer.cookies and "Content-Language" not in answer and "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_wrong_method_is_a_problem_for_programs_whatever_they_accept(client, accept):
    answer = client.delete(TOKEN, HTTP_ACCEPT=accept)
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert answer["Allow"] == "POST, OPTIONS" and answer.json()["code"] == "wrong-method"


def test_a_host_that_is_not_ours_is_refused(client):
    with override_settings(ALLOWED_HOSTS=["allting.example"]):
        answer = client.post(TOKEN, HTTP_HOST="evil.example")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_what_is_too_large_is_refused_before_it_is_read(client, settings):
    megabytes = (2 * settings.UPLOAD_MAX_MB + 2) * 1024 * 1024
    answer = client.post(TOKEN, CONTENT_LENGTH=str(megabytes))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_a_database_that_is_down_is_told_so(client):
    with mock.patch(AUTHENTICATE, side_effect=OperationalError("gone")):
        answer = client.post(TOKEN)
    assert (answer.status_code, answer.json()["part"]) == (503, "database")


def test_what_nobody_foresaw_is_the_sites_own_error(client):
    client.raise_request_exception = False
    with mock.patch(AUTHENTICATE, side_effect=ZeroDivisionError):
        answer = client.post(TOKEN, HTTP_ACCEPT="text/html")
    assert (answer.status_code, answer.json()["code"]) == (500, "server-error")
