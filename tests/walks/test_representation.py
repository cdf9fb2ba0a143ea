"""She logs in to another's service and chooses for whom: what she sees, and what the service is told."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from tests.walks.conftest import picture
from tests.walks.test_accessibility import findings
from tests.walks.test_native_client import app  # noqa: F401

pytestmark = pytest.mark.browser
TYPE = "allting:representation"
VERIFIER = "v" * 43


def question(back, **more):
    challenge = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    return {
        "response_type": "code", "client_id": "demo-native", "redirect_uri": back, "state": "s", "scope": "openid",
        "code_challenge": challenge, "code_challenge_method": "S256",
        "authorization_details": json.dumps([{"type": TYPE, **more}]),
    }  # fmt: skip


def log_in(page, platform, role, query):
    page.goto(f"{platform.url}/id/authorize?" + urlencode(query))
    page.fill("#field-pid", platform.person(role)["identity_number"])
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/id/for?**")


def look(page, name):
    picture(page, f"{name}-{page.viewport_size['width']}")


@pytest.mark.parametrize("width", [1280, 320])
def test_a_leader_goes_on_for_her_enterprise(platform, page, app, width):  # noqa: F811
    page.set_viewport_size({"width": width, "height": 800})
    back = f"http://127.0.0.1:{app.server_port}/callback"
    log_in(page, platform, "chief executive", question(back, representation_is_required=True))
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    look(page, "choose")
    page.get_by_role("button", name="Fortsett").click()
    page.locator(".ds-error-summary").wait_for()
    assert findings(page) == []
    look(page, "choose-error")
    page.get_by_label("AS").first.check()
    page.get_by_role("button", name="Fortsett").click()
    page.get_by_text("Back in the app").wait_for()
    answer = parse_qs(urlsplit(app.heard[0]).query)
    form = {"grant_type": "authorization_code", "code": answer["code"][0], "client_id": "demo-native"}
    form |= {"redirect_uri": back, "code_verifier": VERIFIER}
    told = httpx.post(f"{platform.url}/id/token", data=form).raise_for_status().json()
    assert told["authorization_details"][0]["orgno"]["ID"].startswith("0192:")


def test_who_may_act_for_nobody_is_told_and_led_back(platform, page, app):  # noqa: F811
    back = f"http://127.0.0.1:{app.server_port}/callback"
    more = {"representation_is_required": True, "parties": ["organisation"]}
    log_in(page, platform, "parent", question(back, **more))
    assert findings(page) == []
    look(page, "nobody")
    page.get_by_role("link", name="Tilbake til tjenesten").click()
    page.get_by_text("Back in the app").wait_for()
    assert parse_qs(urlsplit(app.heard[0]).query)["error"] == ["access_denied"]
