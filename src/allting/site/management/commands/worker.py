"""``allting worker``: carries out effects, and seals the log."""

from __future__ import annotations

import logging
import signal
import time
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from allting.common.audit import api as audit
from allting.common.outbox import api as outbox
from allting.kernel import events

IDLE_SECONDS = 0.5
TROUBLE_SECONDS = 5
SEAL_SECONDS = 60
_log = logging.getLogger("allting.worker")


class Command(BaseCommand):
    help = "Carry out the effects that wait, until told to stop. Any number may run side by side."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due, then end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            while outbox.drain():
                pass
            audit.seal_pending()
            events.publish("tidy")
            return
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        _run(stop)


def _run(stop: Event) -> None:
    """Effect after effect. A database that is away is waited for, not died of; so is what we did not foresee, for
    when one process ends, whoever supervises them ends the others.
    """
    sealed = 0.0
    while not stop.is_set():
        try:
            busy = outbox.drain(20)
            if time.monotonic() - sealed > SEAL_SECONDS:
                audit.seal_pending()
                events.publish("tidy")  # the rooms throw away what they no longer need
                sealed = time.monotonic()
        except Exception as error:
            _log.error("the worker goes on", exc_info=error)
            busy = 0
            stop.wait(TROUBLE_SECONDS)
        close_old_connections()
        if not busy:
            stop.wait(IDLE_SECONDS)
