import socket
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from django.utils import timezone

from allting.common.notification import api as notification
from allting.common.notification.demo import keep_email
from allting.common.notification.models import DemoMessage
from allting.common.notification.sending import gateway_token, text_of
from allting.common.outbox import api as outbox
from allting.common.outbox.models import Effect
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party

pytestmark = pytest.mark.django_db


class Catch:
    def __init__(self):
        self.got = []

    async def handle_DATA(self, server, session, envelope):
        self.got.append((envelope.content, envelope.rcpt_tos[0]))
        return "250 OK"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def party():
    actor = Actor(person=uuid4())
    registers.set_contact(actor, email="kari@example.org", mobile="", language="nn", reserved=False)
    return actor.party


def test_a_dead_server_loses_nothing(party, settings):
    settings.SMTP_HOST, settings.SMTP_PORT = "127.0.0.1", free_port()
    notification.nudge(party, "letter", "k1")
    notification.nudge(party, "letter", "k1")
    assert outbox.drain() == 0
    row = Effect.objects.get()
    assert (row.done, row.dead, row.error) == (None, None, "PutOff")
    Effect.objects.update(due=timezone.now())
    catch = Catch()
    server = Controller(catch, hostname="127.0.0.1", port=settings.SMTP_PORT)
    server.start()
    try:
        assert outbox.drain() == 1
    finally:
        server.stop()
    ((content, recipient),) = catch.got
    keep_email(content, recipient)
    keep_email(content, recipient)
    message = DemoMessage.objects.get()
    assert message.recipient == "kari@example.org"
    assert str(party.id) not in message.body


def test_nobody_reachable_gets_nothing():
    notification.nudge(Party("person", uuid4()), "letter", "k2")
    assert outbox.waiting() == 0


@pytest.mark.parametrize("message", ["letter", "letter-reminder", "to-sign", "payment-due", "case-news"])
def test_an_sms_is_short(message):
    assert len(text_of(message, "en")[1]) <= 160


def test_the_demo_gateway_wants_its_token_and_knows_a_repeat():
    client = Client()
    call = {"path": "/demo/sms", "data": '{"to": "+4790000000", "text": "Hei"}', "content_type": "application/json"}
    assert client.post(**call).status_code == 403
    headers = {"Authorization": f"Bearer {gateway_token()}", "Idempotency-Key": "a"}
    assert [client.post(**call, headers=headers).status_code for _ in range(2)] == [202, 202]
    assert DemoMessage.objects.count() == 1
    assert b"Hei" in client.get("/demo/messages").content
