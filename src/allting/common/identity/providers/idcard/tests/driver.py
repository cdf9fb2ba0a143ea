from allting.common.identity.providers.idcard.tests.cards import Authority, as_nginx_sends
from allting.common.identity.tests.eid_driver import EidDriver, get

SECRET = "only the proxy knows"


class Driver(EidDriver):
    name = "idcard"

    def __init__(self, settings, tmp_path, monkeypatch):
        super().__init__(settings, tmp_path, monkeypatch)
        settings.ID_CARD_CA_FOLDER, settings.ID_CARD_PROXY_SECRET = str(tmp_path), SECRET
        self.authority = Authority(tmp_path)
        self.cards = {}

    def enrol(self, person, level):
        self.cards[person.pk] = self.authority.card(person.identity_number)

    def _read(self, client, certificate):
        headers = {"X-Client-Cert": as_nginx_sends(certificate), "X-Card-Proxy-Secret": SECRET}
        return get(client, self.last, headers=headers)

    def answer(self, client, url, person, level):
        page = client.get(url)
        if page.status_code != 200:
            return page
        self.last, self.used = url.replace("/id/eid?", "/id/eid/idcard/read?"), self.cards[person.pk][0]
        return self._read(client, self.used)

    def again(self, client):
        return self._read(client, self.used)

    def wrong(self, client, url, person):
        client.get(url)
        self.last = url.replace("/id/eid?", "/id/eid/idcard/read?")
        number = person.identity_number if person else "17898510093"
        return self._read(client, Authority(None).card(number)[0])
