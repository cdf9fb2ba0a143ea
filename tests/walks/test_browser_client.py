"""An app in the reader's browser, on npm's oidc-client-ts: code flow with PKCE and DPoP, refresh, and out again."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.parties import npm

pytestmark = pytest.mark.browser
PAGE = Path(npm.__file__).with_name("browser_client.html")
SCRIPT = "node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js"


@pytest.fixture
def app():
    """The app's page and its script, at an origin of its own."""
    script = (npm.folder() / SCRIPT).read_bytes()

    class Files(BaseHTTPRequestHandler):
        def do_GET(self):
            is_script = self.path.endswith(".js")
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if is_script else "text/html")
            self.end_headers()
            self.wfile.write(script if is_script else PAGE.read_bytes())

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def said(page, name):
    """What the app says, once it has said something or failed."""
    page.wait_for_function("document.getElementById('said').textContent.startsWith('{')")
    found = json.loads(page.text_content("#said"))
    assert name in found, found
    return found


def test_an_app_in_the_browser_logs_in_refreshes_and_logs_out(platform, page, app):
    parent = platform.person("parent")
    page.goto(f"{app}/?issuer={platform.url}/id")
    page.click("#in")
    page.fill("#field-pid", parent["identity_number"])
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(app + "/callback*")
    first = said(page, "profile")
    assert first["profile"]["pid"] == parent["identity_number"]
    assert (first["info"].get("name"), first["type"]) == (parent["name"], "DPoP"), first
    page.click("#again")
    page.wait_for_function(f"!document.getElementById('said').textContent.includes('{first['token']}')")
    assert said(page, "profile")["profile"]["sub"] == first["profile"]["sub"]
    page.click("#out")
    page.wait_for_url(app + "/")
    assert said(page, "user") == {"user": None}
    page.click("#in")
    page.locator("#field-pid").wait_for()  # nobody is logged in now
