"""Out again: every client that took part in a login hears that it has ended."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client as Browser

from allting.common.identity import gateway, outgoing, signing
from allting.common.identity.models import SignOn
from allting.common.identity.tests import relying
from allting.common.outbox import api as outbox
from allting.common.outbox.models import Effect
from allting.common.registers.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def kari():
    return make.person()


@pytest.fixture
def service():
    """A service's own address for logouts: ``heard`` are the bodies, ``answers`` the status codes it gives."""

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.server.heard.append({name: values[0] for name, values in parse_qs(body).items()})
            self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    server.heard, server.answers = [], []
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def logged_in_twice(client, kari, **values):
    relying.registered("one", **values)
    relying.registered("two", frontchannel_logout_uri="https://two.example/out?x=1", **values)
    relying.registered("never-used", frontchannel_logout_uri="https://never.example/out")
    relying.tokens_for(client, kari, "one")
    return relying.tokens_for(client, kari, "two")["id_token"]


def test_each_client_of_the_login_gets_a_frame_and_no_other(client, kari):
    hint = logged_in_twice(client, kari)
    leave = {"id_token_hint": hint, "post_logout_redirect_uri": "https://service.example/", "state": "x y"}
    page = client.post("/id/logout", leave)
    text = page.content.decode()
    sid = SignOn.objects.get().sid
    assert f'src="https://two.example/out?x=1&amp;iss=http%3A%2F%2F127.0.0.1%3A8000%2Fid&amp;sid={sid}"' in text
    assert page["Content-Security-Policy"].endswith("; frame-src https://two.example")
    assert "never.example" not in text
    assert "https://service.example/?state=x+y" in text
    assert SignOn.objects.get().ended is not None
    assert client.cookies["allting_id"].value == ""


def test_the_portals_own_logout_tells_them_too(client, kari):
    logged_in_twice(client, kari)
    client.get(client.get(client.get("/login")["Location"])["Location"])
    assert 'src="https://two.example/out' in client.post("/logout").content.decode()


def test_with_a_client_and_no_hint_the_person_is_asked_first(client, kari):
    logged_in_twice(client, kari)
    leave = {"client_id": "one", "post_logout_redirect_uri": "https://service.example/", "state": "t"}
    page = client.get("/id/logout", leave)
    assert SignOn.objects.get().ended is None
    assert "form-action 'self' https://service.example;" in page["Content-Security-Policy"]
    assert 'name="state" value="t"' in page.content.decode()
    page = client.post("/id/logout/yes", leave)
    assert "https://service.example/?state=t" in page.content.decode()
    assert SignOn.objects.get().ended is not None


def test_a_hint_of_another_client_is_refused(client, kari):
    hint = logged_in_twice(client, kari)
    assert client.get("/id/logout", {"id_token_hint": hint, "client_id": "one"}).status_code == 422
    assert SignOn.objects.get().ended is None


@pytest.mark.parametrize("changes", [{"post_logout_redirect_uri": "https://evil.example/"}, {"state": "a\nb"}])
def test_a_logout_leads_to_registered_addresses_only(client, kari, changes):
    relying.registered()
    leave = {"id_token_hint": relying.tokens_for(client, kari)["id_token"], "state": "t"}
    leave |= {"post_logout_redirect_uri": "https://service.example/"} | changes
    assert client.get("/id/logout", leave)["Location"] == "/"


def test_a_client_is_told_behind_the_browser_until_it_has_taken_it(client, kari, service):
    url = f"http://127.0.0.1:{service.server_port}/backchannel"
    relying.registered(backchannel_logout_uri=url)
    sid = relying.claims_of(relying.tokens_for(client, kari)["id_token"])
    service.answers = [503]
    gateway.end_everywhere(kari.pk)
    outbox.drain()
    Effect.objects.update(due="2026-01-01T00:00Z")
    assert outbox.drain() == 1
    first, second = (relying.claims_of(one["logout_token"], "logout+jwt") for one in service.heard)
    assert first["jti"] == second["jti"]  # a repeat can be told
    assert (first["aud"], first["sid"], first["sub"]) == ("service", sid["sid"], sid["sub"])
    assert first["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert "nonce" not in first and first["exp"] - first["iat"] <= 120
    outbox.drain()
    assert len(service.heard) == 2


def test_a_loopback_address_is_on_the_port_of_the_login(client, kari, service):
    back = f"http://127.0.0.1:{service.server_port}/callback"
    relying.registered(redirect_uris=["http://127.0.0.1/callback"], backchannel_logout_uri="http://127.0.0.1/out")
    code = relying.logged_in(client, kari, redirect_uri=back)["code"]
    client.post("/id/token", relying.token_form(code, redirect_uri=back))
    gateway.end_everywhere(kari.pk)
    outbox.drain()
    assert len(service.heard) == 1


def test_a_client_that_never_got_a_token_hears_nothing(client, kari, service):
    relying.registered(backchannel_logout_uri=f"http://127.0.0.1:{service.server_port}/out")
    relying.logged_in(client, kari)
    gateway.end_everywhere(kari.pk)
    assert not Effect.objects.exists()


@pytest.mark.parametrize("status", [302, 400, 404])
def test_an_answer_that_will_not_change_is_given_up_on_and_never_followed(service, status):
    service.answers = [status]
    with pytest.raises(outbox.GiveUp):
        outgoing.post(f"http://127.0.0.1:{service.server_port}/", {})
    assert len(service.heard) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://service.example/out", "https://127.0.0.1/out", "https://localhost/out", "https://10.0.0.1/", "ftp://x/",
        "https://169.254.169.254/latest/meta-data", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[fd00::1]/",
        "https://0.0.0.0/", "https://100.64.0.1/", "https://2130706433/", "https://224.0.0.1/",
    ],
)  # fmt: skip
def test_we_never_speak_into_our_own_network(settings, address):
    settings.DEMO = False
    with pytest.raises(outbox.GiveUp, match=r"https|public"):
        outgoing.post(address, {})


def test_an_address_that_does_not_answer_is_tried_again(service):
    port = service.server_port
    service.shutdown()
    service.server_close()
    with pytest.raises(outbox.PutOff):
        outgoing.post(f"http://127.0.0.1:{port}/", {})


def test_a_logout_token_is_no_other_token(client, kari, service):
    relying.registered(backchannel_logout_uri=f"http://127.0.0.1:{service.server_port}/out")
    relying.tokens_for(client, kari)
    gateway.end_everywhere(kari.pk)
    outbox.drain()
    token = service.heard[0]["logout_token"]
    with pytest.raises(ValueError):
        signing.own(token, "JWT")
    assert Browser().get("/id/userinfo", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert urlsplit(Browser().get("/id/logout", {"id_token_hint": token}).request["PATH_INFO"]).path == "/id/logout"
    assert Browser().get("/id/logout", {"id_token_hint": token}).status_code == 200  # asks, as without a hint
