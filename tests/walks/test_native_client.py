"""A program on the reader's own machine: it opens her browser, listens for the answer, and uses the API."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from authlib.common.security import generate_token
from authlib.oauth2.rfc7636 import create_s256_code_challenge

pytestmark = pytest.mark.browser


@pytest.fixture
def app():
    """A listener on a free port, as a native client has it; ``heard`` are the answers' paths."""

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.heard.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"Back in the app")

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    server.heard = []
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()


def test_a_native_client_logs_in_reads_letters_and_logs_out(platform, page, app):
    metadata = httpx.get(platform.url + "/id/.well-known/openid-configuration").json()
    back, verifier = f"http://127.0.0.1:{app.server_port}/callback", generate_token(48)
    query = {
        "response_type": "code", "client_id": "demo-app", "redirect_uri": back, "state": "s",
        "scope": "openid profile api",
        "code_challenge": create_s256_code_challenge(verifier), "code_challenge_method": "S256",
    }  # fmt: skip
    page.goto(metadata["authorization_endpoint"] + "?" + urlencode(query))
    page.fill("#field-pid", platform.person("parent")["identity_number"])
    page.locator("main form button[type=submit]").click()
    page.get_by_text("Back in the app").wait_for()
    answer = parse_qs(urlsplit(app.heard[0]).query)
    form = {"grant_type": "authorization_code", "code": answer["code"][0], "client_id": "demo-app"}
    form |= {"redirect_uri": back, "code_verifier": verifier}
    tokens = httpx.post(metadata["token_endpoint"], data=form).raise_for_status().json()
    with httpx.Client(headers={"Authorization": f"Bearer {tokens['access_token']}"}) as api:
        assert api.get(metadata["userinfo_endpoint"]).json()["name"] == platform.person("parent")["name"]
        assert api.get(platform.url + "/api/letters").status_code == 200
        leave = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": back.replace("callback", "")}
        page.goto(metadata["end_session_endpoint"] + "?" + urlencode(leave))
        page.get_by_text("Back in the app").wait_for()
        assert api.get(platform.url + "/api/letters").status_code == 401
