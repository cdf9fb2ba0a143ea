import html
import json
import re

from allting.common.identity.providers.passkey import keys
from allting.common.identity.providers.passkey.tests.authenticator import Authenticator
from allting.common.identity.tests.eid_driver import EidDriver
from allting.kernel.actor import Level


def options_in(page):
    """What the page asks the browser for."""
    return json.loads(html.unescape(re.search(r'data-options="([^"]*)"', page.content.decode())[1]))


class Driver(EidDriver):
    name = "passkey"

    def __init__(self, settings, tmp_path, monkeypatch):
        super().__init__(settings, tmp_path, monkeypatch)
        settings.BASE_URL, settings.SECURE = "https://id.example", True
        settings.OIDC_ISSUER = "https://id.example/id"
        settings.ALLOWED_HOSTS = ["*"]
        settings.CSRF_TRUSTED_ORIGINS = ["https://id.example"]
        self.held = {}

    def enrol(self, person, level):
        device = Authenticator()
        options, challenge = keys.registration(person.pk, "Kari")
        keys.register(person.pk, "Telefonen", level, device.create(json.loads(options)), challenge)
        self.held[person.pk, level] = device

    def answer(self, client, url, person, level):
        page = client.get(url)
        if page.status_code != 200:
            return page
        best = max(one for who, one in self.held if who == person.pk)
        self.last = (
            url,
            {"credential": self.held[person.pk, best if level >= Level.HIGH else level].get(options_in(page))},
        )
        return client.post(*self.last)

    def again(self, client):
        return client.post(*self.last)

    def wrong(self, client, url, person):
        device = Authenticator()
        if person is not None:
            device = next(one for (who, _level), one in self.held.items() if who == person.pk)
            device.origin = "https://evil.example"
        return client.post(url, {"credential": device.get(options_in(client.get(url)))})
