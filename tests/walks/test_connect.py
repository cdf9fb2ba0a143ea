"""docs/howto/connect.md as a newcomer does it: what stands there is typed, from nothing to a login."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from playwright.sync_api import Error

from tests.walks.conftest import _free_ports

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/howto/connect.md").read_text()
AT = "http://127.0.0.1:8000"  # as the page has it
MINUTES = 5


def blocks(kind):
    """The page's code of a kind, in order."""
    return [body.strip() for named, body in re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.M | re.S) if named == kind]


def table(heading):
    """The first cells of the rows under a heading."""
    part = PAGE.split(f"## {heading}\n", 1)[1]
    rows = re.search(r"^\|[-|]+\|\n((?:\|.*\n)+)", part, re.M)[1]
    return [line.split("|")[1].strip().strip("`") for line in rows.splitlines()]


class Shell:
    """Somebody's terminals, in the folder of the code, with a data folder and a port that are free."""

    def __init__(self, folder):
        port = str(_free_ports())
        self.here = f"http://127.0.0.1:{port}"
        self.log = folder / "demo.log"
        dropped = {"ALLTING_DEMO", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTHONPATH"}
        self.env = {name: value for name, value in os.environ.items() if name not in dropped}
        self.env |= {"PORT": port, "ALLTING_DATA": str(folder / "data")}

    def typed(self, line):
        """As the page has it, save the address; the environment is the one that runs the tests."""
        return line.replace(AT, self.here).replace(".venv/bin/", f"{Path(sys.executable).parent}/")

    def start(self, line):
        assert line == "make demo"
        prepared = [*line.split(), "-o", "setup", f"BIN={Path(sys.executable).parent}"]
        with self.log.open("wb") as output:
            to = {"stdout": output, "stderr": output, "start_new_session": True}
            return subprocess.Popen(prepared, cwd=ROOT, env=self.env, **to)

    def run(self, line):
        done = subprocess.run(
            ["sh", "-c", self.typed(line)], cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def wait(self, process):
        end = time.monotonic() + 200
        while time.monotonic() < end:
            assert process.poll() is None, self.log.read_text()[-3000:]
            try:
                if httpx.get(f"{self.here}/healthz", timeout=5).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.5)
        raise AssertionError(self.log.read_text()[-3000:])


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    found = Shell(tmp_path_factory.mktemp("newcomer"))
    process = found.start(blocks("sh")[0])
    try:
        found.wait(process)
        yield found
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


@pytest.fixture
def sent(page):
    """Where the browser was sent, and nobody listens."""
    addresses = []
    page.on("request", lambda one: addresses.append(one.url) if one.url.startswith("http://127.0.0.1:9999/") else None)
    return addresses


def answer(page, sent):
    """What stands in the address then."""
    end = time.monotonic() + 15
    while not sent and time.monotonic() < end:
        page.wait_for_timeout(100)
    return {name: values[0] for name, values in parse_qs(urlsplit(sent[0]).query).items()}


def somebody(shell):
    """The first person that the demo lists on the screen."""
    return re.search(r"^(\d{11})\s", shell.log.read_text(), re.M)[1]


def log_in(page, shell, address):
    page.goto(address)
    page.fill("#field-pid", somebody(shell))
    page.locator("main form button[type=submit]").click()


def authorize(shell):
    return next(one for one in blocks("") if "/id/authorize?" in one).replace(AT, shell.here)


def test_from_nothing_to_a_login(shell, page, sent):
    began = time.monotonic()
    names, listed = blocks("sh")[1].splitlines()
    shown, clients = shell.run(names), {one["client_id"]: one for one in json.loads(shell.run(listed))}
    for name in table("1. Start, and see the test clients"):
        assert name in shown
        assert name in clients
    assert {"private_key_jwk", "private_key_pem"} <= set(clients["demo-key"])
    assert "client_secret" in clients["demo-secret"]
    log_in(page, shell, authorize(shell))
    code = answer(page, sent)["code"]
    curl = next(one for one in blocks("") if one.startswith("curl"))
    told = json.loads(shell.run(curl.replace("curl", "curl -sS", 1).replace("THE-CODE", quote(code))))
    assert "id_token" in told, told
    keys = KeySet.import_key_set(httpx.get(f"{shell.here}/id/jwks").json())
    claims = jwt.decode(told["id_token"], keys).claims
    said = re.search(r"Its claims are ID-porten's: (.*?)\.\n", PAGE)[1]
    missing = set(re.findall(r"`(\w+)`", said)) - set(claims)
    assert missing == {"nonce"}  # told when it was sent
    assert claims["pid"] == somebody(shell)
    assert time.monotonic() - began < 60 * MINUTES


@pytest.mark.parametrize("wanted", [
    "acr_values=idporten-loa-high", "acr_values=Level4", "prompt=login", "max_age=10", "ui_locales=nn",
    "authorization_details=" + quote(blocks("json")[0]),
])  # fmt: skip
def test_what_can_be_asked_for_is_taken(shell, page, sent, wanted):
    assert wanted.partition("=")[0] in PAGE
    page.goto(f"{authorize(shell)}&{wanted}")
    assert urlsplit(page.url).path == "/id/eid"
    assert not sent


def test_who_is_not_logged_in_is_told_without_a_page(shell, page, sent):
    with suppress(Error):  # nobody listens
        page.goto(f"{authorize(shell)}&prompt=none")
    assert answer(page, sent)["error"] == "login_required"
