"""What every eID must do. A provider folder without ``tests/driver.py`` fails here."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings as conf
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allting.common.audit import api as audit
from allting.common.identity.eids import provider as eids
from allting.common.identity.eids import switching
from allting.common.identity.eids.provider import provider
from allting.common.identity.models import EidBlock, SignOn
from allting.common.identity.tests.eid_driver import get
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Actor, Level

pytestmark = pytest.mark.django_db
METHODS = {"Minid-OTC": "pwd otp sms mfa", "Passkey": "pop user mfa", "IDCard": "sc pin mfa"}  # RFC 8176
PROVIDERS = Path(eids.__file__).parents[1] / "providers"
FOLDERS = sorted(path.parent.name for path in PROVIDERS.glob("*/__init__.py"))


@pytest.fixture(params=FOLDERS)
def driver(request, settings, tmp_path, monkeypatch):
    """The eID alone on the installation."""
    module = import_module(f"allting.common.identity.providers.{request.param}.tests.driver")
    settings.EID_STRAIGHT = ""
    made = module.Driver(settings, tmp_path, monkeypatch)
    settings.EID_PROVIDERS = [made.name]
    yield made
    getattr(made, "close", lambda: None)()


@pytest.fixture
def kari():
    return make.person()


def levels(driver):
    return provider(driver.name).levels


def lowest(driver):
    return min(levels(driver))


def begin(client, level):
    """The address of the eID's first page, for a login to the portal at ``level``."""
    return get(client, client.get("/login", {"level": level.name.lower()})["Location"])["Location"]


def log_in(driver, client, person, level):
    driver.enrol(person, level)
    return driver.answer(client, begin(client, level), person, level)


def test_it_says_what_it_is(driver):
    found = provider(driver.name)
    assert found.ready()
    assert found.levels
    assert all(0 < len(one) <= 30 for one in found.amr)
    assert {code: bool(found.title.in_(code) and found.who.in_(code)) for code, _name in conf.LANGUAGES} == {
        "nb": True, "nn": True, "en": True,
    }  # fmt: skip


def test_the_level_is_honoured_and_the_way_of_it_is_told(driver, kari):
    for level in levels(driver):
        client = Client()
        back = log_in(driver, client, kari, level)["Location"]
        assert back.startswith(conf.BASE_URL + "/login/callback?")
        assert get(client, back)["Location"] == "/my"
        row = SignOn.objects.get(ended=None)
        assert (row.person, row.level) == (kari.pk, level)
        assert row.method in provider(driver.name).amr
        assert row.methods == METHODS.get(row.method, "")
        assert client.session["login"]["level"] == level
        switching.end_sessions(driver.name)


def test_a_higher_level_asks_again_or_is_not_offered(driver, kari, client):
    get(client, log_in(driver, client, kari, lowest(driver))["Location"])
    if lowest(driver) >= Level.HIGH:
        assert "code=" in begin(client, Level.HIGH)
        return
    stepped = begin(client, Level.HIGH)
    assert "/id/eid" in stepped
    if Level.HIGH not in levels(driver):
        page = client.get(stepped)
        assert page.status_code == 403
        assert not SignOn.objects.filter(level=Level.HIGH).exists()
    else:
        driver.enrol(kari, Level.HIGH)
        get(client, driver.answer(client, stepped, kari, Level.HIGH)["Location"])
        assert client.session["login"]["level"] == Level.HIGH


def test_a_wrong_answer_is_explained_and_what_was_typed_is_kept(driver, kari, client):
    driver.enrol(kari, lowest(driver))
    page = driver.wrong(client, begin(client, lowest(driver)), kari)
    assert page.status_code in (403, 422)
    text = page.content.decode()
    assert 'role="alert"' in text or "ds-alert" in text
    for name, typed in getattr(driver, "typed", {}).items():
        assert f'value="{typed}"' in text, name
    assert not SignOn.objects.exists()
    assert page["Cache-Control"] == "private, no-store"


def bare(page):
    """What a reader sees, without what is hers: tokens and what she typed herself."""
    text = re.sub(r'(value|href|data-options)="[^"]*"', "", page.content.decode())
    return re.sub(r"\s+", " ", text)


def test_nobody_learns_who_has_the_eid(driver, kari):
    if driver.tells_who_exists:
        assert driver.name == "testid"  # for made-up people, and only in a demo: the doctor warns of it
        return
    driver.enrol(kari, lowest(driver))
    first, second = Client(), Client()
    urls = [begin(one, lowest(driver)) for one in (first, second)]
    with CaptureQueriesContext(connection) as hers:
        known = driver.wrong(first, urls[0], kari)
    with CaptureQueriesContext(connection) as nobodys:
        unknown = driver.wrong(second, urls[1], None)
    assert known.status_code == unknown.status_code
    assert bare(known) == bare(unknown)
    assert len(hers) == len(nobodys)  # the same work


def test_an_answer_works_once(driver, kari, client):
    log_in(driver, client, kari, lowest(driver))
    assert SignOn.objects.count() == 1
    if driver.answers_once:
        again = driver.again(client)
        assert again.status_code >= 400 or "code=" not in again.get("Location", "")
        assert SignOn.objects.count() == 1


def test_guessing_slows_down_but_locks_nobody_out(driver, kari):
    home, stranger = Client(), Client()
    get(home, log_in(driver, home, kari, lowest(driver))["Location"])
    if not driver.guessable:
        return
    stranger.cookies[conf.LANGUAGE_COOKIE_NAME] = "en"
    url = begin(stranger, lowest(driver))
    pages = [driver.wrong(stranger, url, kari).content.decode() for _attempt in range(8)]
    assert "Too many attempts" in pages[-1]
    assert "Too many attempts" not in pages[0]
    home.post("/logout")
    again = driver.answer(home, begin(home, lowest(driver)), kari, lowest(driver))
    assert again.status_code == 302, re.findall("alert.*", again.content.decode(), re.S)[0][:900]
    assert "code=" in again["Location"]


def test_switched_off_it_is_not_offered_and_refused_on_the_way(driver, kari, client):
    level = lowest(driver)
    driver.enrol(kari, level)
    url = begin(client, level)
    assert client.get(url).status_code in (200, 302)
    switching.switch_off(driver.name, "keys stolen")
    assert client.get(url).status_code == 403
    refused = driver.answer(client, url, kari, level)
    assert refused.status_code == 403
    assert not SignOn.objects.exists()
    switching.switch_on(driver.name)
    assert client.get(url).status_code in (200, 302)


def test_a_person_blocks_it_for_herself(driver, kari, client):
    level = lowest(driver)
    EidBlock.objects.create(person=kari.pk, name=driver.name)
    assert log_in(driver, client, kari, level).status_code == 403
    assert not SignOn.objects.exists()
    assert log_in(driver, Client(), make.person(given_name="Ola"), level).status_code == 302


def test_the_login_stands_in_her_log(driver, kari, client):
    log_in(driver, client, kari, lowest(driver))
    entry = next(one for one in audit.entries_about(Actor(person=kari.pk)) if one.dataset == "identity.login")
    assert (entry.who, entry.action, entry.basis) == ("Allting", "share", "eForvaltningsforskriften § 4")
    assert str(provider(driver.name).title) in entry.reason


def test_cookies_from_before_the_login_are_worth_nothing(driver, kari, client):
    level = lowest(driver)
    driver.enrol(kari, level)
    url = begin(client, level)
    client.get(url)
    planted = {name: morsel.value for name, morsel in client.cookies.items()}
    assert driver.answer(client, url, kari, level).status_code == 302
    thief = Client()
    for name, value in planted.items():
        thief.cookies[name] = value
    assert "/id/eid" in begin(thief, level)  # not signed on
    assert "code=" not in thief.get(url).get("Location", "")


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_its_page_speaks_the_readers_language(driver, kari, language, client):
    client.cookies[conf.LANGUAGE_COOKIE_NAME] = language
    driver.enrol(kari, lowest(driver))
    page = driver.wrong(client, begin(client, lowest(driver)), kari)
    assert f'<html lang="{language}"' in page.content.decode()
    words = {"nb": "Logg", "nn": "Logg", "en": "Log"}
    assert words[language] in page.content.decode()
