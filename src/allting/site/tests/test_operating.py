"""Logs without people, figures, error pages, the dead-letter page, the live stream."""

from __future__ import annotations

import asyncio
import errno
import io
import json
import logging

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from allting.common.cases.tests.factories import KINDERGARTEN, client_of, send
from allting.common.outbox import api as outbox
from allting.common.outbox.models import Effect
from allting.common.registers.tests import factories as people
from allting.site import logs

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines():
    """What is written to the log, as it is written."""
    logs.configure({})
    root = logging.getLogger()
    handler = next(one for one in root.handlers if getattr(one, "ours", False))
    kept, handler.stream = handler.stream, io.StringIO()
    yield lambda: [json.loads(line) for line in handler.stream.getvalue().splitlines()]
    handler.stream = kept
    root.removeHandler(handler)


def test_a_request_is_one_line_with_its_route_and_nobody_in_it(lines):
    people.municipality()
    people.state("statsforvalteren")
    parent = people.person(given_name="Ragnhild", family_name="Hemmelig")
    child = people.child_of(parent, given_name="Lillebror")
    pages = KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}}
    case = send(client_of(parent), "kindergarten-place", pages)
    client_of(parent).get(f"/my/cases/{case}", HTTP_X_REQUEST_ID="abcdef-123456")
    last = lines()[-1]
    assert last["route"] == "my/cases/<uuid:case_id>" and last["status"] == 200 and last["capacity"] == "citizen"
    assert last["request"] == "abcdef-123456"
    whole = json.dumps(lines(), ensure_ascii=False)
    for secret in ("Hemmelig", "Ragnhild", "Lillebror", parent.identity_number, str(parent.pk), str(case), "@"):
        assert secret not in whole


def test_what_looks_like_a_person_is_masked_and_an_exception_keeps_its_words_to_itself(lines):
    log = logging.getLogger("allting.test")
    try:
        raise ValueError("Kari 17059012345")
    except ValueError:
        log.exception("failed for 20914695016 and kari@example.org, +4799999999")
    line = lines()[-1]
    assert line["event"] == "failed for • and •, •"
    assert line["exception"] == "ValueError" and "Kari" not in json.dumps(line)


def test_a_seals_digest_is_logged_whole_so_that_it_can_be_asked_for(lines):
    logging.getLogger("allting.audit").info("sealed", extra={"digest": "ab12345678cd" * 5})
    assert lines()[-1]["digest"] == "ab12345678cd" * 5


@pytest.fixture
def broken(monkeypatch):
    """A page whose view raises what the test says."""

    def let_raise(error):
        def raising(*args, **more):
            raise error

        monkeypatch.setattr("allting.site.pages.catalogue.life_events", raising)

    return let_raise


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (RuntimeError("Kari"), 500, "Noe gikk galt hos oss"),
        (OperationalError("gone"), 503, "virker ikke akkurat nå"),
        (OSError(errno.ENOSPC, "full"), 503, "virker ikke akkurat nå"),
        (OperationalError("database or disk is full"), 503, "virker ikke akkurat nå"),
    ],
)
def test_what_we_did_not_foresee_is_a_page_that_says_so(broken, error, status, words):
    broken(error)
    browser = Client(raise_request_exception=False)
    page = browser.get("/", HTTP_ACCEPT_LANGUAGE="nb", HTTP_X_REQUEST_ID="abcdef-123456")
    assert page.status_code == status
    text = page.content.decode()
    assert words in text and "Kari" not in text and text.count("<h1") == 1
    assert status == 503 or "abcdef-123456" in text
    answer = browser.get("/", HTTP_ACCEPT="application/json")
    assert answer.status_code == status and answer["Content-Type"] == "application/problem+json"


def test_the_error_page_is_plain_text_when_pages_fail(broken, monkeypatch):
    broken(RuntimeError())
    monkeypatch.setattr("allting.site.errors.render", lambda *a, **k: 1 / 0)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500 and answer["Content-Type"].startswith("text/plain")


def test_too_large_a_request_is_refused_before_it_is_read(client, settings):
    size = (2 * settings.UPLOAD_MAX_MB + 2) * 1024 * 1024
    answer = client.post("/language", data=b"x", content_type="text/plain", CONTENT_LENGTH=str(size))
    assert answer.status_code == 413
    assert "for stor" in answer.content.decode()


def test_an_old_form_of_ours_can_be_sent_again_and_anothers_cannot(settings):
    browser = client_of(people.person())
    browser.handler.enforce_csrf_checks = True
    form = {"email": "ny@example.org"}
    ours = browser.post("/my/contact", form, HTTP_ORIGIN=settings.BASE_URL)
    assert ours.status_code == 403 and 'value="ny@example.org"' in ours.content.decode()
    theirs = browser.post("/my/contact", form, HTTP_ORIGIN="https://evil.example")
    assert theirs.status_code == 403 and "ny@example.org" not in theirs.content.decode()


@pytest.mark.parametrize("path", ["/api/no-such-thing", "/api/cases"])
def test_the_api_answers_problem_details(client, path):
    answer = client.get(path)
    assert answer.status_code in (401, 404)
    assert answer["Content-Type"] == "application/problem+json" and answer.json()["title"]


# --- Figures -----------------------------------------------------------------------------------------


def test_the_figures_are_for_the_machine_itself_or_for_whoever_holds_the_token(client, settings):
    client.get("/healthz")
    page = client.get("/metrics").content.decode()
    assert 'allting_requests_total{method="GET",route="healthz",status="2xx"}' in page
    assert "allting_outbox_waiting 0.0" in page
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="10.0.0.1").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.1").status_code == 404
    settings.METRICS_TOKEN = "secret"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer secret", REMOTE_ADDR="10.0.0.1").status_code == 200


# --- Effects given up on -----------------------------------------------------------------------------


def test_the_operator_lets_a_dead_effect_be_tried_again():
    operator = people.state("digitaliseringsdirektoratet")
    officer = people.officer_in(operator)
    browser = client_of(officer, as_officer_of=operator.pk)
    assert "Ingenting har stoppet" in browser.get("/office/dead").content.decode()
    Effect.objects.create(kind="no.such.kind", key="one", payload={"who": "Kari"})
    outbox.drain()
    page = browser.get("/office/dead").content.decode()
    assert "no.such.kind" in page and "NoHandler" in page and "Kari" not in page
    browser.post("/office/dead", {"effect": str(Effect.objects.get().pk)})
    assert outbox.waiting() == 1


def test_another_authoritys_officer_does_not_see_it():
    people.state("digitaliseringsdirektoratet")
    molde = people.municipality()
    browser = client_of(people.officer_in(molde), as_officer_of=molde.pk)
    assert browser.get("/office/dead").status_code == 403


@pytest.mark.parametrize("trouble", [OperationalError("gone"), InterfaceError("closed"), RuntimeError("a bug")])
def test_the_worker_outlives_what_happens_around_it(monkeypatch, lines, trouble):
    from threading import Event

    from allting.site.management.commands import worker

    stop, turns = Event(), []

    def drain(limit):
        turns.append(limit)
        if len(turns) == 1:
            raise trouble
        stop.set()
        return 0

    monkeypatch.setattr(worker.outbox, "drain", drain)
    monkeypatch.setattr(worker, "TROUBLE_SECONDS", 0)
    worker._run(stop)
    assert len(turns) == 2 and lines()[0]["exception"] == type(trouble).__name__


# --- Live --------------------------------------------------------------------------------------------


def ask(headers, path="/live/case", method="GET"):
    """One request to the ASGI app; returns what it sent."""
    from allting.site import live

    sent = []

    async def receive():
        await asyncio.sleep(0.2)
        return {"type": "http.disconnect"}

    async def keep(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "method": method, "headers": headers}
    asyncio.run(live.application(scope, receive, keep))
    return sent


@pytest.mark.django_db(transaction=True)
def test_the_stream_is_for_who_is_logged_in(settings):
    assert ask([])[0]["status"] == 401
    assert ask([], "/other")[0]["status"] == 404
    browser = client_of(people.person())
    cookie = f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}".encode()
    sent = ask([(b"cookie", cookie)])
    assert sent[0]["status"] == 200
    assert dict(sent[0]["headers"])[b"access-control-allow-origin"] == settings.BASE_URL.encode()


@pytest.mark.django_db(transaction=True)
def test_the_stamp_changes_when_a_case_does(settings):
    from allting.site.live import stamp

    people.municipality()
    people.state("statsforvalteren")
    parent = people.person()
    child = people.child_of(parent)
    browser = client_of(parent)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    before = stamp(key)
    pages = KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}}
    send(browser, "kindergarten-place", pages)
    assert before is not None and stamp(key) != before
    browser.post("/logout")
    assert stamp(key) is None
