"""kill -9 of the worker, at each step between the decision and the letter: the letter comes once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from allting.common.cases.models import Case
from allting.common.cases.tests.factories import client_of, send
from allting.common.mailbox.models import StoredLetter
from allting.common.outbox.models import Effect
from allting.common.registers.tests import factories as people

pytestmark = pytest.mark.django_db(transaction=True)

# A real worker in a process of its own, that is killed when it has come to ``place``.
DYING = """
import os, signal, sys
import django
django.setup()
from importlib import import_module
module, name = {place!r}.rsplit(".", 1)
owner = import_module(module)
kept = getattr(owner, name)
def die(*args, **more):
    kept(*args, **more)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, name, die)
from allting.common.outbox import api
api._handlers.update({{kind: die for kind, handler in api._handlers.items() if handler is kept}})
while api.drain():
    pass
"""
PLACES = [
    "allting.common.cases.following.by_rule",  # the rule has decided, and it is not committed
    "allting.common.mailbox.delivery.pdf_of",  # the letter is made, and not sealed
    "allting.common.signature.sealing.seal",  # sealed, and not delivered
    "allting.common.mailbox.delivery.carry_out",  # delivered, and not committed
    "allting.common.notification.sending.send_email",  # the e-mail is sent, and not marked so
]


def worker(code):
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}" if connection.vendor == "sqlite" else f"postgres://postgres@127.0.0.1:5432/{name}"
    env = os.environ | {
        "DATABASE_URL": url, "ALLTING_DATA": str(settings.DATA_FOLDER), "ALLTING_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "allting.site.settings", "SMTP_PORT": "9",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }  # fmt: skip
    return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, timeout=60, check=False)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.rsplit(".", 2)[1])
def test_a_worker_that_is_killed_loses_and_doubles_nothing(place):
    people.state("nav")
    people.state("nav-klageinstans")
    parent = people.person()
    child = people.child_of(parent)
    answers = {"child": {"child": str(child.pk), "alone": "no", "abroad": "no"}}
    case = send(client_of(parent), "child-benefit", answers)
    connection.close()
    died = worker(DYING.format(place=place))
    expected = 0 if "send_email" in place else -signal.SIGKILL  # with no mail server it is put off, not sent
    assert died.returncode == expected, died.stderr.decode()[-2000:]
    lived = worker("import django; django.setup()\nfrom allting.common.outbox import api\nwhile api.drain(): pass")
    assert lived.returncode == 0, lived.stderr.decode()[-2000:]
    assert all(json.loads(line)["level"] for line in lived.stderr.splitlines())
    assert Case.objects.get(pk=case).outcome == "granted"
    letter = StoredLetter.objects.get()
    assert letter.delivered is not None and letter.pdf
    assert Effect.objects.filter(kind="notification.email").count() <= 2  # to read it, and a reminder in a week
    assert Effect.objects.filter(kind="mailbox.deliver", done=None).count() == 0
