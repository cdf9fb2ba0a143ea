import logging
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import time
from datetime import timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, transaction
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


@pytest.mark.parametrize(
    "message", ["letter", "letter-reminder", "to-sign", "payment-due", "case-news", "login-changed"]
)
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


@pytest.fixture
def mobile():
    actor = Actor(person=uuid4())
    registers.set_contact(actor, email="", mobile="+4790000000", language="nb", reserved=False)
    return actor.party


@pytest.mark.django_db(transaction=True)
def test_an_sms_reaches_the_gateway_over_http_once(mobile, live_server, settings):
    settings.SMS_GATEWAY_URL = live_server.url + "/demo/sms"
    with transaction.atomic():
        notification.nudge(mobile, "letter", "s1")
    assert outbox.drain() == 1
    Effect.objects.update(done=None, due=timezone.now())  # as if the worker had died before it wrote "done"
    assert outbox.drain() == 1
    message = DemoMessage.objects.get()
    assert (message.kind, message.recipient) == ("sms", "+4790000000")
    assert message.body == "Du har fått et nytt brev. Logg inn på Allting for å lese mer."


@pytest.mark.django_db(transaction=True)
def test_a_code_is_sent_and_stands_readable_nowhere_on_the_way(live_server, settings, caplog):
    settings.SMS_GATEWAY_URL = live_server.url + "/demo/sms"
    now = timezone.now()
    with transaction.atomic():
        notification.send_code("+4790000000", "123456", "c1", until=now + timedelta(minutes=5), language="nn")
        notification.send_code("+4790000000", "654321", "c2", until=now - timedelta(seconds=1), language="nn")
    queue = str(list(Effect.objects.values_list("payload", "key")))
    with caplog.at_level(logging.DEBUG):
        assert outbox.drain() == 2
    assert not re.search("123456|90000000", queue + caplog.text)
    (message,) = DemoMessage.objects.all()  # the other came too late to be of use
    assert message.body.startswith("123456 ")
    assert message.body.endswith(" #123456")
    assert len(message.body) <= 160


@pytest.mark.django_db(transaction=True)
def test_a_gateway_that_refuses_our_token_is_asked_again(mobile, live_server, settings):
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN, settings.DEMO = live_server.url + "/demo/sms", "old", False
    with transaction.atomic():
        notification.nudge(mobile, "letter", "s1")
    outbox.drain()
    assert (Effect.objects.get().dead, outbox.waiting()) == (None, 1)


class Refuse:
    def __init__(self, answer):
        self.answer = answer

    async def handle_RCPT(self, server, session, envelope, address, options):
        return self.answer


@pytest.mark.parametrize(("answer", "dead"), [("550 no such user", True), ("451 try later", False)])
def test_only_a_permanent_refusal_is_given_up(party, settings, caplog, answer, dead):
    server = Controller(Refuse(answer), hostname="127.0.0.1", port=free_port())
    settings.SMTP_HOST, settings.SMTP_PORT = server.hostname, server.port
    notification.nudge(party, "letter", "k3")
    server.start()
    try:
        with caplog.at_level(logging.DEBUG):
            assert outbox.drain() == 0
    finally:
        server.stop()
    row = Effect.objects.get()
    assert ((row.dead is not None), row.error) == (dead, "SMTP 550 recipient" if dead else "PutOff")
    ours = [vars(one) for one in caplog.records if one.name != "mail.log"]  # that one is the test's own server
    assert ours and "kari@example.org" not in str(ours)


def database_url():
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    who = facts["USER"] + (f":{facts['PASSWORD']}" if facts["PASSWORD"] else "")
    return f"postgres://{who}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


@pytest.mark.django_db(transaction=True)
def test_the_demo_post_office_keeps_what_comes_by_smtp(tmp_path):
    port = free_port()
    env = os.environ | {
        "DATABASE_URL": database_url(),
        "SMTP_PORT": str(port),
        "ALLTING_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "allting.site.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    office = subprocess.Popen([sys.executable, "-m", "allting", "demo_post"], env=env)
    mail = EmailMessage()
    mail["Subject"], mail["Message-ID"] = "Du har fått et nytt brev", "<one@allting>"
    mail.set_content("Logg inn")
    try:
        end = time.monotonic() + 20
        while True:
            try:
                with smtplib.SMTP("127.0.0.1", port, timeout=20) as smtp:
                    for _twice in range(2):
                        smtp.send_message(mail, "a@example.org", ["kari@example.org"])
                break
            except ConnectionRefusedError:
                assert time.monotonic() < end
                time.sleep(0.1)
    finally:
        office.send_signal(signal.SIGTERM)
        assert office.wait(20) == 0
    message = DemoMessage.objects.get()
    assert (message.recipient, message.subject) == ("kari@example.org", "Du har fått et nytt brev")
