"""Getting and using electronic IDs as a person does: a passkey of Chromium's own, MyID by SMS, by letter and by app."""

import re
import subprocess
import time

import pytest
from playwright.sync_api import expect

from allting.common.identity.providers.idcard.tests.cards import Authority
from allting.common.identity.providers.oidc.tests.supplier import SupplierServer
from tests.walks.conftest import new_page, running_platform
from tests.walks.test_accessibility import findings

pytestmark = pytest.mark.browser
PASSWORD = "grønn sykkel i regn"
SUPPLIERS = """
bankid:
  title: BankID
  who: {nb: For deg som har bank, nn: For deg som har bank, en: For bank customers}
  issuer: ISSUER
  client_id: allting
  amr: BankID
  levels: {substantial: ["urn:bankid:bis"], high: ["urn:bankid:bid"]}
eidas:
  title: eIDAS
  who: {nb: Elektronisk ID fra et annet land, nn: Elektronisk ID frå eit anna land, en: From another country}
  issuer: ISSUER
  client_id: allting
  amr: eIDAS
  levels: {substantial: ["http://eidas.europa.eu/LoA/substantial"], high: ["http://eidas.europa.eu/LoA/high"]}
  eidas: {}
"""


@pytest.fixture(scope="module")
def supplier():
    started = SupplierServer()
    yield started
    started.close()


@pytest.fixture(scope="module")
def named(tmp_path_factory, worker_id, supplier):
    """A platform with a name, which passkeys want, and with every eID there is."""
    folder, cards = tmp_path_factory.mktemp("named"), tmp_path_factory.mktemp("cards")
    Authority(cards)
    (folder / "suppliers.yaml").write_text(SUPPLIERS.replace("ISSUER", supplier.issuer))
    settings = {
        "BASE_URL": "http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "EID_PROVIDERS": "testid,myid,passkey,idcard,bankid,eidas",
        "EID_SUPPLIERS_FILE": str(folder / "suppliers.yaml"),
        "ID_CARD_CA_FOLDER": str(cards),
    }
    with running_platform(folder, worker_id, **settings) as started:
        yield started


@pytest.fixture(params=["script", "no script, 320 px"])
def plain_page(request, browser):
    """With script at a desk, and without it on a small telephone."""
    desk = request.param == "script"
    opened = new_page(browser, 1280 if desk else 320, scripts=desk)
    yield opened
    opened.context.close()


def press(page):
    """Send the page's form and wait for the page it leads to."""
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()


def log_in(page, platform, person, path, level="substantial"):
    page.goto(f"{platform.url}/login?level={level}&next={path}")
    page.fill("#field-pid", person["identity_number"])
    press(page)
    page.wait_for_url(platform.url + path)


def log_out(page):
    page.goto("/".join(page.url.split("/")[:3]) + "/my/sessions")
    page.get_by_role("button", name="Logg ut overalt").click()
    page.locator("h1").wait_for()


def choose(page, platform, eid, path, level="substantial"):
    """Begin a login, and choose an eID instead of the one that is shown."""
    page.goto(f"{platform.url}/login?level={level}&next={path}")
    page.get_by_role("link", name="Logg inn på en annen måte").click()
    page.get_by_role("link", name=eid).click()


def sms(page, platform, after=0):
    """The newest code, read on the demo's page of messages in another tab; ``after`` are those seen before."""
    tab = page.context.new_page()
    end = time.monotonic() + 20
    while time.monotonic() < end:
        tab.goto(platform.url + "/demo/messages")
        codes = re.findall(r"(\d{6}) er koden din", tab.locator("main").inner_text())
        if len(codes) > after:
            tab.close()
            return codes[0], len(codes)
        time.sleep(0.3)
    raise AssertionError("no SMS came")


def messages(page, platform):
    tab = page.context.new_page()
    tab.goto(platform.url + "/demo/messages")
    found = len(re.findall(r"(\d{6}) er koden din", tab.locator("main").inner_text()))
    tab.close()
    return found


@pytest.fixture
def authenticator(page):
    """Chromium's virtual authenticator (WebAuthn § 11, by CDP)."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return lambda verified: cdp.send("WebAuthn.setUserVerified", {"authenticatorId": made, "isUserVerified": verified})


def test_a_passkey_is_added_after_a_login_at_high_and_logs_in_at_high(named, page, authenticator):
    log_in(page, named, named.person("parent"), "/my/eids/passkey/new", "high")
    assert findings(page) == []
    page.fill("#field-name", "Telefonen")
    press(page)
    page.wait_for_url(named.url + "/my/eids?saved=1")
    page.get_by_role("link", name="Telefonen").wait_for()
    log_out(page)
    choose(page, named, "Passnøkkel", "/my/eids", "high")
    assert findings(page) == []
    page.get_by_role("button", name="Bruk passnøkkel").click()
    page.wait_for_url(named.url + "/my/eids")
    page.get_by_text("sist brukt").first.wait_for()
    page.goto(named.url + "/my/eids/passkey/new")  # the same device is not added twice
    page.fill("#field-name", "Igjen")
    page.locator("main form button[type=submit]").click()
    page.get_by_text("har allerede en passnøkkel").wait_for()
    log_out(page)
    authenticator(False)
    choose(page, named, "Passnøkkel", "/my/eids", "high")
    page.get_by_role("button", name="Bruk passnøkkel").click()
    page.get_by_text("Det kom ikke noe svar").wait_for()
    expect(page.get_by_role("button", name="Bruk passnøkkel")).to_be_enabled()


def test_a_suppliers_eid_and_one_from_abroad(named, plain_page, supplier):
    page, person = plain_page, named.person("parent")
    supplier.visitor = {"pid": person["identity_number"]}
    choose(page, named, "BankID", "/my/eids", "high")
    page.wait_for_url(named.url + "/my/eids")
    page.locator("li", has_text="BankID").get_by_text("I bruk nå").wait_for()
    log_out(page)
    supplier.visitor = {"person_identifier": "SE/NO/1", "birthdate": "1970-01-01"}
    choose(page, named, "eIDAS", "/my/eids")
    page.get_by_text("Vi vet ikke hvem du er").wait_for()
    page.get_by_role("link", name="Logg inn på en annen måte").click()
    page.get_by_role("link", name="MyID").wait_for()


def test_without_script_the_passkeys_page_says_what_to_do(named, browser):
    page = new_page(browser, scripts=False)
    choose(page, named, "Passnøkkel", "/my/eids")
    page.get_by_text("Passnøkler trenger JavaScript").wait_for()
    assert not page.get_by_role("button", name="Bruk passnøkkel").is_visible()
    page.get_by_role("link", name="Logg inn på en annen måte").click()
    page.get_by_role("link", name="MyID").wait_for()
    page.context.close()


def test_myid_is_got_used_and_given_an_app(named, plain_page):
    page, person = plain_page, named.person("parent")
    seen = messages(page, named)
    log_in(page, named, person, "/my/eids/myid/new")
    for name, text in (("mobile", "912 34 567"), ("new_password", PASSWORD), ("repeat", PASSWORD)):
        page.fill(f"#field-{name}", text)
    press(page)
    code, seen = sms(page, named, seen)
    page.fill("#field-code", code)
    press(page)
    assert page.locator(".codes li").count() == 10
    page.goto(named.url + "/my/eids/myid/app")
    secret = page.locator("main p code").inner_text().replace(" ", "")
    page.fill("#field-code", oathtool(secret))
    page.fill("#field-password", PASSWORD)
    press(page)
    page.wait_for_url(named.url + "/my/eids/myid?saved=1")
    log_out(page)
    choose(page, named, "MyID", "/my/eids")
    page.fill("#field-pid", person["identity_number"])
    page.fill("#field-password", PASSWORD)
    press(page)
    page.get_by_role("button", name="Send heller koden på SMS").click()
    code, _seen = sms(page, named, seen)
    page.fill("#field-code", code)
    press(page)
    page.wait_for_url(named.url + "/my/eids")
    assert "I bruk nå" in page.locator("main").inner_text()
    page.goto(named.url + "/my/eids/history")
    assert "MyID" in page.locator("main").inner_text()
    page.goto(named.url + "/my/eids/myid/do/remove")  # for the next one who walks here
    page.fill("#field-password", PASSWORD)
    press(page)
    page.wait_for_url(named.url + "/my/eids?saved=1")


def oathtool(secret):
    command = ["oathtool", "--totp", "--base32", secret]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_myid_by_letter(named, plain_page, tmp_path):
    page = plain_page
    person = named.facts["people"][-1 if page.viewport_size["width"] == 320 else -2]
    choose(page, named, "MyID", "/my/eids")
    page.get_by_role("link", name="bestill en aktiveringskode").click()
    page.fill("#field-pid", person["identity_number"])
    press(page)
    page.get_by_text("er et brev på vei").wait_for()
    end = time.monotonic() + 20
    while not list(tmp_path.glob("*.pdf")) and time.monotonic() < end:
        named.allting("print", str(tmp_path))
    (letter,) = tmp_path.glob("*.pdf")
    text = subprocess.run(["pdftotext", str(letter), "-"], capture_output=True, text=True, check=True).stdout
    choose(page, named, "MyID", "/my/eids")
    page.get_by_role("link", name="fått en aktiveringskode").click()
    page.fill("#field-pid", person["identity_number"])
    page.fill("#field-letter", re.search(r"\b[A-Z2-9]{5}-[A-Z2-9]{5}\b", text)[0])
    page.fill("#field-mobile", "912 34 567")
    page.fill("#field-new_password", PASSWORD)
    page.fill("#field-repeat", PASSWORD)
    seen = messages(page, named)
    press(page)
    code, _seen = sms(page, named, seen)
    page.fill("#field-code", code)
    press(page)
    assert page.locator(".codes li").count() == 10
    press(page)
    page.wait_for_url(named.url + "/my/eids")


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_on_the_pages(named, page, width, supplier):
    page.set_viewport_size({"width": width, "height": 800})
    found, start = {}, f"{named.url}/login?next=/my/eids"
    page.goto(start)
    with page.expect_navigation():
        page.get_by_role("link", name="Logg inn på en annen måte").click()
    found["choose"] = findings(page)
    query = page.url.partition("?")[2]
    steps = "myid myid/forgotten myid/order myid/ordered myid/activate passkey idcard idcard/sign"
    for step in steps.split():
        found[step] = findings(page, f"{named.url}/id/eid/{step}?{query}")
    for step in ("myid", "myid/forgotten", "myid/activate"):
        page.goto(f"{named.url}/id/eid/{step}?{query}")
        page.fill("#field-pid", "1")
        press(page)
        page.locator(".ds-error-summary").wait_for()
        found[f"{step} error"] = findings(page)
    supplier.visitor = {"person_identifier": "SE/NO/1"}
    found["refused"] = findings(page, f"{named.url}/id/eid/eidas?{query}")
    log_in(page, named, named.person("parent"), "/my/eids")
    for path in ("/my/eids", "/my/eids/history", "/my/eids/myid/new", "/my/eids/passkey/new", "/my/eids/connect/eidas"):
        found[path] = findings(page, named.url + path)
    log_out(page)
    log_in(page, named, named.officer("digitaliseringsdirektoratet"), "/act-as")
    page.get_by_label("Digitaliseringsdirektoratet").check()
    press(page)
    found["/office/eids"] = findings(page, named.url + "/office/eids")
    assert {path: rules for path, rules in found.items() if rules} == {}
