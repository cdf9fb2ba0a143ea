"""``allting serve``: web, live and worker processes (and the demo's mail receiver) under one supervisor."""

from __future__ import annotations

import os
import shutil
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
        _metrics_folder()
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns when it is missing
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
        "live": f'"{sys.executable}" -m granian --interface asgi --host 127.0.0.1 --port {settings.PORT + 1} '
        f"--workers 1 --no-ws --log-level warning allting.site.live:application",
        "worker": f"{allting} worker",
    }
    if settings.DEMO and "demo_post" in get_commands():
        found["post"] = f"{allting} demo_post"
    return found


def _metrics_folder() -> None:
    """An empty folder where each process writes its figures (site/metrics.py)."""
    folder = settings.DATA_FOLDER / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _port_is_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CommandError(f"Port {port} is taken. Choose another: PORT={port + 100} allting serve") from None
