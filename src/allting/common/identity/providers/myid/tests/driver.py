from allting.common.identity.eids import codes
from allting.common.identity.providers.myid import accounts, passwords
from allting.common.identity.tests.eid_driver import EidDriver

PASSWORD = "grønn sykkel i regn"


class Driver(EidDriver):
    name = "myid"
    guessable = True

    def __init__(self, settings, tmp_path, monkeypatch):
        super().__init__(settings, tmp_path, monkeypatch)
        settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/"
        self.sent = []
        made = codes.six_digits

        def six_digits():
            self.sent.append(made())
            return self.sent[-1]

        monkeypatch.setattr(codes, "six_digits", six_digits)

    @property
    def typed(self):
        return {"pid": self.number}

    def enrol(self, person, level):
        if accounts.account_of(person.pk) is None:
            accounts.open_account(person.pk, person.identity_number, passwords.hashed(PASSWORD), "+4791234567")

    def answer(self, client, url, person, level):
        asked = client.post(url, {"pid": person.identity_number, "password": PASSWORD})
        if asked.status_code != 302:
            return asked
        self.last = asked["Location"]
        return client.post(self.last, {"code": self.sent[-1]})

    def again(self, client):
        return client.post(self.last, {"code": self.sent[-1]})

    def wrong(self, client, url, person):
        self.number = person.identity_number if person else "17898510093"
        return client.post(url, {"pid": self.number, "password": "not the right one"})
