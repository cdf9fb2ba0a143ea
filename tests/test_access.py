"""Everybody else tries every door to one person's things. New doors are tried by themselves.

The doors are read from the URL conf and from OpenAPI. A parameter that nobody knows fails the test: the room's
``tests/factories.py`` tells in ``belongings(owner, settings, folder)`` what Ragnhild has there, and it is tried from
then on.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import urlencode
from uuid import uuid5

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils.timezone import localdate

from allting.common.cases.models import Attachment, Case, Inquiry
from allting.common.cases.tests.factories import KINDERGARTEN, begin, client_of, fill_in, pdf, send, work
from allting.common.identity.tests.test_clients import tokens_of
from allting.common.mailbox.models import StoredLetter
from allting.common.outbox.models import Effect
from allting.common.payment.models import Bill
from allting.common.registers.models import Mandate
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Level, Party

pytestmark = pytest.mark.django_db
JSON = "application/json"
SECRETS = ("Hemmelig", "Stillegata", "krykker-og-gips", "hemmelig-fil", "made up", "Legen skriver")
# What may change when others knock: the log of who asked, sessions, and what the knocker begins for herself.
OF_THEIR_OWN = {"Entry", "Seal", "PortalSession", "SignOn", "Code", "ParkedForm", "Version"}
METHODS = ("get", "post", "put", "patch", "delete")
OFTEN = ("get", "post")  # that a page refuses the rest, it does to everybody alike: one who knocks is enough


class World:
    """Ragnhild Hemmelig with one of everything, and the ids that lead to it."""

    def __init__(self, settings, folder) -> None:
        for slug in ("statsforvalteren", "nav", "nav-klageinstans", "statens-vegvesen", "vegdirektoratet",
                     "digitaliseringsdirektoratet"):  # fmt: skip
            people.state(slug)
        self.molde, self.alesund = people.municipality(), people.municipality("1508")
        self.owner = people.person(given_name="Ragnhild", family_name="Hemmelig")
        self.child = people.child_of(self.owner, given_name="Lillebror Hemmelig")
        self.neighbour = people.person(given_name="Nabo")
        self.known: dict[str, list] = {}
        self.holders: list[Client] = []
        for config in apps.get_app_configs():
            if config.name.startswith("allting.") and find_spec(f"{config.name}.tests.factories"):
                room = import_module(f"{config.name}.tests.factories")
                theirs = room.belongings(self.owner, settings, folder) if hasattr(room, "belongings") else {}
                self.holders += theirs.pop("clients", [])  # who else a room's doors open for
                self.known |= theirs
        self.browser = client_of(self.owner)
        self.officer = client_of(people.officer_in(self.molde), as_officer_of=self.molde.pk)
        self._fill()
        self.known |= self._cases() | self._client()
        work()

    def _fill(self) -> None:
        self.draft = begin(self.browser, "parking-permit-disabled")
        fill_in(self.browser, self.draft, {"need": NEED})
        self.browser.post(f"/drafts/{self.draft}/doctor", {"statement": self._file(), "upload": "statement"})
        paper = {"number": self.owner.identity_number, "way": "paper", "received": localdate().isoformat(),
                 "note": "krykker-og-gips", "paper": self._file()}  # fmt: skip
        begun = self.officer.post("/office/enter?service=parking-permit-disabled", paper)
        self.entered = begun["Location"].split("/")[3]
        self.parking = self._send("parking-permit-disabled", {"need": NEED, "doctor": {"statement": self._file()}})
        self.file = Attachment.objects.get(case=self.parking).pk
        child = {"place": KINDERGARTEN["place"] | {"child": str(self.child.pk)}}
        self.decided = self._send("kindergarten-place", KINDERGARTEN | child)
        revision = Case.objects.get(pk=self.decided).revision
        form = {"revision": revision, "outcome": "refused", "grounds": "krykker-og-gips"}
        assert self.officer.post(f"/office/cases/{self.decided}/decide", form).status_code == 302
        granted = self._send("parking-permit-disabled", {"need": NEED, "doctor": {"statement": self._file()}})
        form = {"revision": Case.objects.get(pk=granted).revision, "outcome": "granted", "grounds": "krykker-og-gips"}
        assert self.officer.post(f"/office/cases/{granted}/decide", form).status_code == 302
        self.paying = self._send("driving-licence-replacement", {"lost": LOST})
        self.bill = Bill.objects.get(case=self.paying).pk
        self.attempt = self.browser.post(f"/my/payments/{self.bill}")["Location"].rsplit("/", 1)[1]
        notice = {"project": {"address": "Stillegata 1", "what": "garage", "describe": "krykker-og-gips"},
                  "neighbours": {"neighbours": self.neighbour.identity_number}}  # fmt: skip
        self.signing = self._send("neighbour-notice", notice)
        self._part()
        Effect.objects.create(kind="no.such.kind", key="one")
        work()
        self.letter = StoredLetter.objects.get(case=self.decided).pk
        self.enclosing = StoredLetter.objects.get(case=granted).pk
        self._ask()

    def _part(self) -> None:
        """The other parent has filled in his part of a case, and the authority's officer may read it."""
        decides = people.state("skatteetaten")
        born = people.child_of(self.owner, born=localdate() - timedelta(days=30), given_name="Lillesøster Hemmelig")
        child = {"child": str(born.pk), "alone": "no", "other": self.neighbour.identity_number}
        name = {"first_names": "Eva", "last_name": "Hemmelig", "from_parent": "yes"}
        self.parted = self._send("child-name", {"child": child, "name": name})
        his = {"answer": "yes", "shown": "responsible own_words", "responsible": "yes", "own_words": "krykker-og-gips"}
        assert client_of(self.neighbour).post(f"/my/sign/{self.parted}", his).status_code == 302
        self.part = uuid5(self.parted, f"part:{self.neighbour.pk}")
        self.holders.append(client_of(people.officer_in(decides), as_officer_of=decides.pk))

    def _ask(self) -> None:
        """She is heard in her parking case, and an authority that nobody who knocks works in is asked."""
        asked = people.state("helsedirektoratet")
        self.holders.append(client_of(people.officer_in(asked), as_officer_of=asked.pk))
        for action, form in (
            ("consult", {"authority": asked.name, "inquiry": "krykker-og-gips", "days": 14}),
            ("hear", {"notice": "krykker-og-gips", "hear_days": 14}),
        ):
            form["revision"] = Case.objects.get(pk=self.parking).revision
            assert self.officer.post(f"/office/cases/{self.parking}/{action}", form).status_code == 302

    @staticmethod
    def _file() -> SimpleUploadedFile:
        return pdf("hemmelig-fil.pdf", b"%PDF-1.7\n%made up: Legen skriver\n")

    def _send(self, slug, pages):
        return send(self.browser, slug, pages)

    def _client(self) -> dict:
        """A client of the gateway, registered by an enterprise she leads, with a key."""
        _chief, company = people.chief_of("Hemmelig AS")
        Mandate.objects.create(person=self.owner, organisation=company, role="chief-executive")
        self.enterprise = client_of(self.owner, level=Level.HIGH, acting_for=Party("organisation", company.pk))
        body = {"name": "Hemmelig", "redirect_uris": ["https://hemmelig.example/callback"]}
        client = self.enterprise.post("/api/clients", body, JSON).json()["client_id"]
        made = self.enterprise.post(f"/api/clients/{client}/keys", {}, JSON).json()
        return {"client_id": [client], "kid": [made["private_jwk"]["kid"]]}

    def _cases(self) -> dict:
        cases = [self.parking, self.decided, self.paying, self.signing, self.parted]
        return {
            "draft_id": [self.draft, self.entered], "case_id": cases, "file_id": [self.file],
            "part_id": [self.part],
            "letter_id": [self.letter, self.enclosing], "bill_id": [self.bill],
            "reference": [self.attempt], "token": [self.attempt],
            "name": ["need", "doctor"], "page": ["need"], "field": ["statement"],
            "action": ["take", "ask", "decide", "reverse", "forward", "decide-appeal", "delay", "assign", "put-back",
                       "hear", "consult", "countersign", "send-back", "annul", "reopen", "note", "remind", "reminded"],
            "slug": ["kindergarten-place"],
            "inquiry_id": list(Inquiry.objects.values_list("pk", flat=True)), "period": [1], "text_id": [NOBODY],
        }  # fmt: skip

    def ids(self, name: str) -> list:
        """What stands for a parameter: Ragnhild's, of each kind that the door may lead to."""
        assert name in self.known, f"a new door has the parameter {name!r}: tell of it in the room's tests/factories.py"
        return self.known[name]


NEED = {"role": "driver", "places": ["home"], "why": "krykker-og-gips"}
LOST = {"reason": "lost", "since": "2026-11-01", "declare": "yes"}


OPEN = ("/api/services", "/api/rules", "/api/vacancies", "/api/journal")  # what anyone may read over REST
CONFIGURED = ("/my/eids/connect",)  # open where a foreign eID is set up (tests/walks/test_upstream.py)

# --- Doors ---------------------------------------------------------------------------------------------


def pages(resolver=None, prefix=""):
    """Path with its parameters, and the view, of each page that takes an id."""
    for one in (resolver or get_resolver()).url_patterns:
        path = prefix + str(one.pattern)
        if not isinstance(one, URLPattern):
            yield from pages(one, path)
        elif "<" in path and not path.startswith("api/"):
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path), one.callback


@cache
def described():
    return Client().get("/api/openapi.json").json()


def operations():
    """Method and path of each REST operation that takes an id."""
    return [(method, path) for path, methods in described()["paths"].items() if "{" in path for method in methods]


def body_of(method, path):
    """What the operation wants, filled in with anything, so that it is not the body that is refused."""
    asked = described()["paths"][path][method].get("requestBody", {}).get("content", {})
    if JSON not in asked:
        return {}
    schema = described()["components"]["schemas"][asked[JSON]["schema"]["$ref"].rsplit("/", 1)[1]]
    anything = {"string": "x", "integer": 0, "boolean": True, "object": {}, "array": []}
    filled = {name: anything[schema["properties"][name]["type"]] for name in schema.get("required", ())}
    return filled | {name: value for name, value in KNOWN_WORDS.items() if name in schema["properties"]}


def asked_of(method, path):
    """The query the operation cannot do without, with anything in it."""
    parameters = described()["paths"][path][method].get("parameters", [])
    return urlencode({one["name"]: "x" for one in parameters if one["in"] == "query" and one.get("required")})


NOBODY = "00000000-0000-7000-8000-000000000000"
KNOWN_WORDS = {
    "person": NOBODY, "on": "2030-01-01", "outcome": "upheld", "grounds": "x", "weeks": 3, "state": "off",
    "answers": NEED,
}  # fmt: skip


def addresses(world, path):
    names = re.findall(r"{(\w+)}", path)
    lists = [world.ids(name) for name in names]
    for place in range(max(map(len, lists))):  # each value of each parameter, not each with each
        values = [one[place % len(one)] for one in lists]
        filled = path
        for name, value in zip(names, values, strict=True):
            filled = filled.replace(f"{{{name}}}", str(value))
        yield filled


# --- Those who knock -----------------------------------------------------------------------------------


def app_of(person):
    """An app that holds an access token of the person."""
    token = tokens_of(Client(), person)["access_token"]
    return Client(headers={"Authorization": f"Bearer {token}"})


def at_work(organisation):
    return client_of(people.officer_in(organisation), as_officer_of=organisation.pk, level=Level.HIGH)


def knockers(world):
    """At the highest level, so that no door is shut for a weak login only."""
    other, (chief, company) = people.person(), people.chief_of()
    guardian = people.person()
    ward = people.child_of(guardian)
    high = {"level": Level.HIGH}
    return {
        "nobody": Client(),
        "another": client_of(other, **high),
        "a guardian of another's child": client_of(guardian, acting_for=Party("person", ward.pk), **high),
        "a representative": client_of(chief, acting_for=Party("organisation", company.pk), **high),
        "an officer of another authority": at_work(world.alesund),
        "an officer of the appeals body": at_work(people.state("statsforvalteren")),
        "the operator": at_work(people.state("digitaliseringsdirektoratet")),
        "the officer at home": client_of(Mandate.objects.get(organisation=world.molde).person, **high),
        "another's app": app_of(other),
    }


def everything():
    """All rows but those that anybody may make by knocking."""
    found = {}
    for model in apps.get_models():
        if model.__module__.startswith("allting.") and model.__name__ not in OF_THEIR_OWN:
            found[model._meta.label] = list(model._default_manager.order_by("pk").values_list())
    return found


def knock(client, method, address, path):
    if address.startswith("/api/"):
        if address.endswith("/files/statement"):
            return client.post(address, {"file": pdf()})
        address = f"{address}?{asked_of(method, path)}"
        body = {"data": json.dumps(body_of(method, path)), "content_type": JSON}
        return getattr(client, method)(address, **({} if method == "get" else body))
    if method in ("put", "patch"):
        return getattr(client, method)(address, "{}", JSON)
    form = {"revision": "0", "outcome": "granted", "grounds": "x", "answer": "yes", "why": "x", "text": "x"}
    return getattr(client, method)(address, form if method == "post" else {})


def shut(answer) -> bool:
    """The login, no entry, not there, or not this way."""
    if answer.status_code == 302:
        return answer["Location"].startswith("/login?")
    return answer.status_code in (401, 403, 404, 405)


def told(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace") + str(dict(answer.items()))


@pytest.fixture(scope="module")
def doors():
    return [*[(method, path, view) for path, view in pages() for method in METHODS],
            *[(method, path, None) for method, path in operations()]]  # fmt: skip


@pytest.fixture
def world(settings, tmp_path):
    return World(settings, tmp_path)


def test_nobody_else_gets_in(doors, world):
    before, open_doors = everything(), []
    for who, client in knockers(world).items():
        client.raise_request_exception = False
        for method, path, view in doors:
            if method not in OFTEN and view is not None and who != "another":
                continue
            public = getattr(view, "entry", "") == "public" or path.startswith(OPEN)
            for address in addresses(world, path):
                answer = knock(client, method, address, path)
                if answer.status_code == 302 and not answer["Location"].startswith(("http", "/login")):
                    elsewhere = not any(str(one) in answer["Location"] for one in address.split("/") if len(one) > 20)
                    answer = client.get(answer["Location"])
                    public = public or elsewhere  # to her own page
                if not (public or path == "/services/{slug}/start" or shut(answer)):
                    open_doors.append((who, method, path, answer.status_code))
                leaks = [secret for secret in SECRETS if secret in told(answer)]
                assert not leaks, (who, method, address, leaks)
                assert answer.status_code < 500, (who, method, address)
    assert not open_doors, sorted(set(open_doors))
    after = everything()
    changed = [label for label in before if before[label] != [row for row in after[label] if row in before[label]]]
    assert not changed, f"somebody changed what is not hers: {changed}"


def test_the_doors_do_open_for_whose_things_they_are(doors, world):
    """Else the test above would be pleased with addresses that lead nowhere."""
    signer = client_of(world.neighbour)
    police = at_work(people.state("politiet"))
    for method, path, view in doors:
        if method != "get" or getattr(view, "entry", "") == "public" or path.startswith((*OPEN, *CONFIGURED)):
            continue
        clients = [world.browser, world.officer, signer, world.enterprise, police, *world.holders]
        answers = [knock(client, "get", address, path) for client in clients for address in addresses(world, path)]
        if any(one.status_code == 405 for one in answers):
            continue  # a button's address
        assert any(one.status_code in (200, 302) and "/login" not in one.get("Location", "") for one in answers), path
    mine = (f"/my/cases/{world.parking}", f"/my/cases/{world.parking}/files/{world.file}", "/my",
            f"/my/letters/{world.letter}", f"/drafts/{world.draft}/need", f"/my/cases/{world.signing}")  # fmt: skip
    seen = "".join(told(world.browser.get(path)) for path in mine)
    assert [secret for secret in SECRETS if secret not in seen] == []  # else nobody could leak them
