"""The installation as a whole: database, folders, addresses; and every room's own checks, found by folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from allting.kernel.findings import Finding, error, ok, warning

LEAST_FREE_MB = 500
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def findings() -> Iterator[Finding]:
    """Everything, the installation first. Without a database the rooms' checks are left out."""
    yield from folders()
    yield from addresses()
    yield from static_files()
    found = list(database())
    yield from found
    if any(one.level == "error" for one in found):
        return
    for config in apps.get_app_configs():
        if config.name.startswith("allting.common") and find_spec(f"{config.name}.doctor"):
            for check in import_module(f"{config.name}.doctor").CHECKS:
                yield from check()


def database() -> Iterator[Finding]:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as fault:
        mend = "mend DATABASE_URL, or start the database"
        yield error("database", f"it does not answer ({type(fault).__name__})", mend)
        return
    if waiting:
        yield error("database", f"{len(waiting)} migrations are not applied", "run `allting migrate`")
    else:
        yield ok("database", f"{connection.vendor} answers, and is up to date")
    workers = int(os.environ.get("GRANIAN_WORKERS", "1"))
    if connection.vendor == "sqlite" and workers > 1:
        yield error("database", "SQLite with several web processes", "set GRANIAN_WORKERS=1, or use PostgreSQL")


def folders() -> Iterator[Finding]:
    for name, folder in (("data folder", settings.DATA_FOLDER), ("key folder", settings.KEY_FOLDER)):
        yield from _folder(name, Path(folder))
    open_keys = [path.name for path in Path(settings.KEY_FOLDER).glob("*") if path.stat().st_mode & 0o077]
    if open_keys:
        yield error("keys", f"others can read {', '.join(open_keys)}", f"chmod 600 {settings.KEY_FOLDER}/*")


def _folder(name: str, folder: Path) -> Iterator[Finding]:
    if not folder.is_dir():
        yield warning(name, f"{folder} is not there yet", "it is made when the platform starts")
        return
    if not os.access(folder, os.W_OK):
        yield error(name, f"{folder} cannot be written in", "let the platform's user own it")
    free = shutil.disk_usage(folder).free // 1024 // 1024
    if free < LEAST_FREE_MB:
        yield error(name, f"only {free} MB are free", "make room")
    else:
        yield ok(name, f"{folder}, {free} MB free")


def addresses() -> Iterator[Finding]:
    base = urlsplit(settings.BASE_URL)
    here = base.hostname in LOOPBACK
    if base.hostname not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        yield error("address", f"{base.hostname} is not in ALLOWED_HOSTS", f"add {base.hostname} to ALLOWED_HOSTS")
    if "*" in settings.ALLOWED_HOSTS:
        yield warning("address", "ALLOWED_HOSTS lets every name in", "name the hosts")
    if not here and base.scheme != "https":
        yield error("address", "people's data would go unencrypted", "put TLS in front, and https:// in BASE_URL")
    if base.scheme == "https" and settings.SECURE_PROXY_SSL_HEADER is None:
        yield warning("address", "https without a proxy that is trusted", "set BEHIND_PROXY=1 when nginx is in front")
    if not here and settings.DEMO:
        yield error("demo", "the demo parts are on where others can reach them", "set ALLTING_DEMO=0")
    if settings.DEBUG and not here:
        yield error("debug", "strangers see stack traces", "set ALLTING_DEBUG=0")
    yield ok("address", settings.BASE_URL)


def static_files() -> Iterator[Finding]:
    vendor = Path(__file__).parent / "static" / "vendor" / "designsystemet.css"
    if not vendor.exists():
        yield error("looks", "the design system is missing", "install again: `make setup`")
    if not settings.WHITENOISE_USE_FINDERS and not (settings.STATIC_ROOT / "staticfiles.json").exists():
        yield error("looks", "static files are not collected", "run `allting collectstatic`")


__all__ = ["findings"]
