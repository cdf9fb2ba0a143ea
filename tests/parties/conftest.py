"""Our gateway over HTTP, and a reader who logs in there, for programs that others wrote."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from allting.common.registers.tests import factories as make
from tests.parties import npm

_FIELD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Reader:
    """A browser without scripts: it keeps cookies, follows our own redirects, and stops where a client's begin."""

    def __init__(self, home: str) -> None:
        self.home, self.http = home, httpx.Client(timeout=20)

    def go(self, url: str) -> httpx.Response:
        """The first page, or the redirect that leads away from the gateway."""
        response = self.http.get(url)
        while response.is_redirect and urljoin(url, response.headers["Location"]).startswith(self.home):
            url = urljoin(url, response.headers["Location"])
            response = self.http.get(url)
        return response

    def log_in(self, url: str, person: Any, level: str = "substantial") -> str:
        """Show who she is where the gateway asks for it; returns the address that she is sent back to."""
        page = self.go(url)
        if not page.is_redirect:
            assert page.status_code == 200, page.text[:2000]
            token = _FIELD.search(page.text)
            assert token is not None
            form = {"csrfmiddlewaretoken": token[1], "pid": person.identity_number, "level": level}
            page = self.http.post(page.url, data=form, headers={"Referer": str(page.url)})
        assert page.is_redirect, page.text[:2000]
        return page.headers["Location"]


@pytest.fixture
def gateway(live_server: Any, settings: Any) -> str:
    """The gateway at a port of its own; its address is its issuer."""
    settings.BASE_URL = live_server.url
    settings.OIDC_ISSUER = live_server.url + "/id"
    return str(settings.OIDC_ISSUER)


@pytest.fixture
def reader(live_server: Any) -> Iterator[Reader]:
    one = Reader(live_server.url)
    yield one
    one.http.close()


@pytest.fixture
def kari(gateway: str) -> Any:
    return make.person()


@pytest.fixture(scope="session")
def packages() -> Path:
    return npm.folder()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def run_server(tmp_path: Path) -> Iterator[Any]:
    """``run_server(command, port)`` starts a program and waits until its port answers; it is stopped afterwards."""
    started: list[subprocess.Popen[bytes]] = []

    def start(command: list[str], port: int) -> None:
        log = tmp_path / "server.log"
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
        started.append(process)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            assert process.poll() is None, log.read_text()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError(log.read_text())

    yield start
    for process in started:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
