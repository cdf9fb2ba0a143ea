"""A real platform for the walks: its own processes, database and mail, driven by a real Chromium."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
PATIENCE_MS = 15_000  # a page may be slow when the machine is full; what never comes fails all the same
expect.set_options(timeout=PATIENCE_MS)
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@dataclass
class Platform:
    """A running platform: where it is, who lives there, and how to reach its processes."""

    url: str
    env: dict[str, str]
    facts: dict[str, Any]
    process: subprocess.Popen[bytes]

    def person(self, role: str) -> dict[str, Any]:
        """The first demo person whose roles contain ``role``."""
        return next(one for one in self.facts["people"] if any(role in text for text in one["roles"]))

    def officer(self, authority: str) -> dict[str, Any]:
        """The demo officer of an authority, by its slug."""
        return next(one for one in self.facts["officers"] if one["authority"] == authority)

    def allting(self, *arguments: str) -> str:
        """Run an ``allting`` command on the platform's data; returns what it prints."""
        command = [sys.executable, "-m", "allting", *arguments]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def _free_ports() -> int:
    """A port whose neighbours for live (+1) and mail (+25) are free as well."""
    for port in range(20000 + os.getpid() % 10000, 40000, 60):
        try:
            for offset in (0, 1, 25):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port + offset))
            return port
        except OSError:
            continue
    raise RuntimeError("no free ports")


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"the platform did not start: {log.read_text()[-3000:]}")


def _environment(folder: Path, worker: str, settings: dict[str, str]) -> dict[str, str]:
    port = _free_ports()
    source = str(Path(__file__).resolve().parents[2] / "src")
    env = os.environ | {
        "ALLTING_DATA": str(folder / "data"),
        "ALLTING_DEMO": "1",
        "PORT": str(port),
        "PYTHONPATH": source,
        "DJANGO_SETTINGS_MODULE": "allting.site.settings",
    } | {name: value.replace("{port}", str(port)) for name, value in settings.items()}
    if "DATABASE_URL" in os.environ:
        env["DATABASE_URL"] = _fresh_postgres(os.environ["DATABASE_URL"], f"walk_{worker}_{port}")
    return env


def _fresh_postgres(url: str, name: str) -> str:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return url.rsplit("/", 1)[0] + "/" + name


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Platform]:
    """``allting demo`` with a small population, started once for each test process."""
    with running_platform(tmp_path_factory.mktemp("platform"), worker_id) as started:
        yield started


@contextmanager
def running_platform(folder: Path, worker: str, **settings: str) -> Iterator[Platform]:
    """A platform of its own, for a walk that needs other ``settings``; ``{port}`` in one is the platform's port."""
    env = _environment(folder, worker, settings)
    facts = json.loads(
        subprocess.run(
            [sys.executable, "-m", "allting", "demo", "--json", "--count", "60"],
            env=env, capture_output=True, text=True, check=True, timeout=180,
        ).stdout
    )  # fmt: skip
    log = folder / "platform.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "allting", "serve"]
        process = subprocess.Popen(command, env=env, stdout=output, stderr=output, start_new_session=True)
    try:
        _wait(facts["base_url"] + "/healthz", process, log)
        yield Platform(facts["base_url"], env, facts, process)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield started
        started.close()


def new_page(browser: Browser, width: int = 1280, height: int = 900, *, scripts: bool = True) -> Page:
    """A page in a browser window of its own, ``width`` pixels wide; who asks for it closes ``page.context``.

    Reduced motion: what is folded out grows for 0.4 s, and a press meanwhile lands beside its button.
    """
    context = browser.new_context(
        locale="nb-NO",
        viewport={"width": width, "height": height},
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    return context.new_page()


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page as it is, where SCREENSHOTS says; without it, none."""
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = new_page(browser)
    yield opened
    opened.context.close()
