import pytest
from django.test import RequestFactory

from allting.common.identity.tests.factories import log_in_for_test
from allting.common.mailbox import api as mailbox
from allting.common.mailbox import views
from allting.common.mailbox.tests.test_mailbox import letter_to
from allting.common.outbox import api as outbox
from allting.common.registers.tests import factories
from allting.kernel.actor import Actor, Level

pytestmark = pytest.mark.django_db


def test_the_pages_show_the_letter_as_text_and_keep_out_of_caches():
    actor = Actor(person=factories.person().id, level=Level.SUBSTANTIAL)
    mailbox.deliver(letter_to(actor.person), "k")
    outbox.drain()
    (mine,) = mailbox.inbox(actor)
    request = RequestFactory().get("/my/letters")
    request.actor = actor
    assert str(mine.id).encode() in views.inbox(request).content
    page = views.letter(request, mine.id)
    assert b"&lt;b&gt;" in page.content
    assert page["Cache-Control"] == "private, no-store"
    assert views.pdf(request, mine.id).content.startswith(b"%PDF")


def test_the_api_gives_the_same_letters_and_nobody_elses(client):
    person, other = factories.person(), factories.person()
    mailbox.deliver(letter_to(person.pk), "k")
    mailbox.deliver(letter_to(other.pk), "o")
    outbox.drain()
    assert client.get("/api/letters").status_code == 401
    log_in_for_test(client, person.pk)
    (found,) = client.get("/api/letters").json()
    assert (found["title"], found["sender_name"], found["opened"]) == ("Vedtak", "Molde kommune", None)
    assert client.get("/api/letters", {"before": found["id"]}).json() == []
    one = f"/api/letters/{found['id']}"
    assert client.get(one).json()["opened"] is not None
    assert client.get(one + "/pdf").content.startswith(b"%PDF")
    log_in_for_test(client, other.pk)
    for path in (one, one + "/pdf"):
        refused = client.get(path)
        assert (refused.status_code, refused["Content-Type"]) == (404, "application/problem+json")
    assert client.get("/api/letters/nonsense").status_code == 422


def test_what_is_personal_stays_out_of_caches(client):
    person = factories.person()
    mailbox.deliver(letter_to(person.pk), "k")
    outbox.drain()
    log_in_for_test(client, person.pk)
    (found,) = client.get("/api/letters").json()
    for path in ("/api/letters", f"/api/letters/{found['id']}", f"/api/letters/{found['id']}/pdf"):
        assert client.get(path)["Cache-Control"] == "private, no-store"
