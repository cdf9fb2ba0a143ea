"""``allting serve``: web and worker processes (and, in the demo, the mail receiver) under one supervisor."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from honcho.manager import Manager


class Command(BaseCommand):
    help = "Start the platform on 127.0.0.1 (setting PORT). Ctrl-C ends it."

    def handle(self, *args: Any, **options: Any) -> None:
        _port_is_free(settings.PORT)
        manager = Manager()
        for name, command in processes().items():
            manager.add_process(name, command, env=dict(os.environ), quiet=False)
        manager.loop()
        sys.exit(manager.returncode)


def processes() -> dict[str, str]:
    """Name and command line of each process. SQLite has one writer, so one web worker with threads."""
    allting = f'"{sys.executable}" -m allting'
    workers = 1 if connection.vendor == "sqlite" else max(1, (os.cpu_count() or 2) // 2)
    found = {
        "web": f'"{sys.executable}" -m granian --interface wsgi --host 127.0.0.1 --port {settings.PORT} '
        f"--workers {workers} --blocking-threads 4 --no-ws --log-level warning allting.site.wsgi:application",
        "worker": f"{allting} worker",
    }
    if settings.DEMO and "demo_post" in get_commands():
        found["post"] = f"{allting} demo_post"
    return found


def _port_is_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CommandError(f"Port {port} is taken. Choose another: PORT={port + 100} allting serve") from None
