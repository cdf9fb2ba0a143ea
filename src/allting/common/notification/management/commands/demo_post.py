"""``allting demo_post``: an SMTP server whose messages are shown on /demo/messages."""

import logging
import signal
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from allting.common.notification.demo import Receiver


class Command(BaseCommand):
    help = "Receive the demo's e-mail on SMTP_PORT."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only in a demo: set ALLTING_DEMO=1.")
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # below that it writes every address
        stop = {signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, stop)  # before the receiver's thread starts: it takes them over
        controller = Controller(Receiver(), hostname=settings.SMTP_HOST, port=settings.SMTP_PORT)
        controller.start()
        try:
            signal.sigwait(stop)
        finally:
            controller.stop()
