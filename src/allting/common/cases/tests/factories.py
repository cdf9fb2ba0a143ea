"""Applications for tests, sent as people send them: over HTTP, page by page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from allting.common.identity.tests.factories import log_in_for_test
from allting.common.outbox import api as outbox

PDF = b"%PDF-1.7\n%made up\n"
START = "2027-08-17"
KINDERGARTEN = {"place": {"start": START, "hours": "full"}, "work": {"shift_work": "no"}}


def pdf(name: str = "letter.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/pdf")


def client_of(person: Any, **how: Any) -> Client:
    """A browser logged in as ``person``."""
    client = Client()
    log_in_for_test(client, person.pk, **how)
    return client


def begin(client: Client, slug: str) -> str:
    """Press Start; returns the draft's id."""
    response = client.post(f"/services/{slug}/start", {"again": "1"})
    assert response.status_code == 302, response.content.decode()[:800]
    return response["Location"].split("/")[2]


def fill_in(client: Client, draft: str, pages: dict[str, dict[str, Any]], at: str = "/drafts") -> Any:
    """Answer the pages in order; returns the last response."""
    response = None
    for name, answers in pages.items():
        response = client.post(f"{at}/{draft}/{name}", answers)
        assert response.status_code == 302, (name, response.status_code, response.content.decode()[-6000:])
    return response


def send(client: Client, slug: str, pages: dict[str, dict[str, Any]]) -> UUID:
    """Apply from Start to Sign and send; returns the case."""
    draft = begin(client, slug)
    fill_in(client, draft, pages)
    response = client.post(f"/drafts/{draft}/review")
    assert response.status_code == 302, response.content.decode()[-6000:]
    from allting.common.cases.models import Draft

    found = Draft.objects.get(pk=draft).case
    assert found is not None
    return found


def work() -> None:
    """Let the worker do what is due."""
    while outbox.drain():
        pass
