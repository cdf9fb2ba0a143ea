import pytest
from django.test import RequestFactory

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
