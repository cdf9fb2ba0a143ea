from allting.common.identity.tests.eid_driver import EidDriver

NOBODY = "20914695016"


class Driver(EidDriver):
    name = "testid"
    tells_who_exists = True
    answers_once = False

    def answer(self, client, url, person, level):
        return client.post(url, {"pid": person.identity_number, "level": level.name.lower()})

    def wrong(self, client, url, person):
        return client.post(url, {"pid": NOBODY, "level": "high"})
