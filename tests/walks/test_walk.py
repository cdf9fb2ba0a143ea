"""The walk in a real browser: eight services, from search to letter and appeal, on real processes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.walks.conftest import Platform
from tests.walks.test_accessibility import findings
from tests.walks.test_login import log_in

pytestmark = pytest.mark.browser
PDF = {"name": "statement.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%made up\n"}
ANSWER_SECONDS = 20  # the worker decides, makes the letter and delivers it


class Walker:
    """Somebody at the keyboard: each page she sees is checked by axe, and kept as a picture when SCREENSHOTS is set."""

    def __init__(self, browser: Browser, platform: Platform, who: dict, width: int = 1280) -> None:
        context = browser.new_context(locale="nb-NO", viewport={"width": width, "height": 900})
        context.set_default_timeout(15_000)
        self.page: Page = context.new_page()
        self.platform, self.width, self.found = platform, width, {}
        log_in(self.page, platform, who)

    def goto(self, path: str) -> None:
        self.page.goto(self.platform.url + path)

    def see(self, name: str) -> None:
        """Stop at a page and look at it."""
        if folder := os.environ.get("SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{folder}/{name}-{self.width}.png", full_page=True)
        if wrong := findings(self.page):
            self.found[name] = wrong

    def press(self, name: str) -> None:
        """Press a button and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """Follow a link and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name, exact=True).first.click()

    def choose(self, question: str, answer: str) -> None:
        self.page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()

    def fill(self, question: str, answer: str) -> None:
        self.page.get_by_label(question).fill(answer)

    def start(self, service: str) -> None:
        self.goto(f"/services/{service}")
        self.press("Start")

    def send(self, name: str) -> str:
        """Look over, sign, send; returns the case's address."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Se over og send")
        self.see(f"{name}-review")
        self.press("Signer og send")
        assert "/my/" in self.page.url
        return self.page.url

    def letter(self, title: str) -> None:
        """Wait for a letter, and open it."""
        for _second in range(ANSWER_SECONDS * 2):
            self.goto("/my/letters")
            if self.page.get_by_role("link", name=title).count():
                break
            self.page.wait_for_timeout(500)
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=title).first.click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(title)

    def done(self) -> None:
        assert self.found == {}, self.found
        self.page.context.close()


@pytest.fixture
def walker(browser, platform):
    """``walker(person)`` logs somebody in; what axe found on her way fails the test."""
    started = []

    def log_in_as(who: dict, width: int = 1280) -> Walker:
        started.append(Walker(browser, platform, who, width))
        return started[-1]

    yield log_in_as
    for one in started:
        one.done()


def at_work(walker: Walker) -> None:
    """Act for the authority one works in."""
    walker.goto("/act-as")
    walker.page.locator("input[name=party]").nth(1).check()
    walker.press("Fortsett")
    expect(walker.page.get_by_role("heading", level=1)).to_have_text("Saker på jobb")


@pytest.mark.parametrize("width", [1280, 320])
def test_kindergarten_from_search_to_appeal(walker, platform, width):
    parent = walker(platform.person("parent"), width)
    parent.goto("/")
    parent.see("home")
    parent.page.locator("#field-q").fill("barnehage")
    parent.press("Søk")
    parent.see("search")
    parent.follow("Barnehageplass")
    parent.see("service")
    parent.press("Start")
    if parent.page.get_by_role("button", name="Begynn på en ny").count():
        parent.see("begun")
        parent.press("Begynn på en ny")
    parent.see("kindergarten-empty")
    parent.press("Neste")
    parent.see("kindergarten-errors")
    expect(parent.page.locator(".ds-error-summary")).to_be_focused()
    parent.choose("Hvem gjelder søknaden?", "Ella Moldestad")
    parent.fill("Når ønsker du at barnet skal begynne?", "2027-08-17")
    parent.choose("Hvor mye plass trenger dere?", "Hel plass (fem dager i uken)")
    parent.press("Neste")
    parent.choose("Arbeider noen av foreldrene skift?", "Ja")
    parent.page.get_by_label("Bekreftelse fra arbeidsgiver").set_input_files(PDF)
    parent.press("Legg til filen")
    expect(parent.page.get_by_text("statement.pdf").first).to_be_visible()
    parent.see("kindergarten-file")
    parent.press("Neste")
    case = parent.send("kindergarten")
    parent.see("case-sent")
    officer = walker(platform.officer("1506-molde"), width)
    at_work(officer)
    officer.see("queue")
    officer.page.locator("a[href^='/office/cases/']").last.click()
    officer.see("office-case")
    officer.choose("Resultat", "Avslå")
    officer.press("Avgjør og send brevet")
    officer.see("office-errors")
    officer.page.get_by_label("Begrunnelse", exact=True).fill("Alle plassene er fordelt for august 2027.")
    officer.press("Avgjør og send brevet")
    officer.page.wait_for_url("**/office?done=1")
    parent.letter("Avslag på søknad om barnehageplass")
    parent.see("letter")
    parent.page.goto(case.split("?")[0])
    parent.see("case-decided")
    parent.follow("Klage")
    parent.fill("Hvorfor klager du?", "Vi har rett til plass.")
    parent.see("appeal")
    parent.press("Send klagen")
    parent.see("case-appealed")
    parent.goto("/my")
    parent.see("my")
    parent.goto("/my/lookups")
    expect(parent.page.get_by_text("Molde kommune").first).to_be_visible()
    parent.see("lookups")
    officer.goto("/office?show=appeals")
    officer.page.locator("a[href^='/office/cases/']").last.click()
    officer.see("office-appeal")


def test_child_benefit_a_rule_decides_and_shows_the_sum(walker, platform):
    parent = walker(platform.person("parent"))
    parent.start("child-benefit")
    parent.choose("Hvilket barn gjelder det?", "Ella Moldestad")
    parent.choose("Er du alene om omsorgen for barnet?", "Nei")
    parent.choose("Skal barnet være i utlandet i mer enn tre måneder?", "Nei")
    parent.press("Neste")
    parent.send("child-benefit")
    parent.letter("Du får barnetrygd for Ella Moldestad")
    expect(parent.page.get_by_text("2 012 kr").first).to_be_visible()
    parent.see("letter-rule")


def test_a_parking_permit_needs_its_statement(walker, platform):
    person = walker(platform.person("parking permit"), 320)
    person.start("parking-permit-disabled")
    person.choose("Hvem kjører bilen?", "Jeg kjører selv")
    person.choose("Hvor trenger du å parkere?", "Ved hjemmet")
    person.fill("Hva gjør det vanskelig for deg å gå?", "Jeg går 50 meter med krykker.")
    person.press("Neste")
    lying = {"name": "statement.pdf", "mimeType": "application/pdf", "buffer": b"MZ not a pdf"}
    person.page.get_by_label("Legeerklæring").set_input_files(lying)
    person.press("Neste")
    expect(person.page.locator(".ds-error-summary")).to_contain_text("ikke en PDF")
    person.see("lying-file")
    person.page.get_by_label("Legeerklæring").set_input_files(PDF)
    person.press("Neste")
    person.send("parking")
    expect(person.page.get_by_role("status").first).to_contain_text("Vi har mottatt søknaden din")


def test_a_change_of_address_is_in_the_register_at_once(walker, platform):
    person = walker(platform.person("neighbour"))
    person.start("change-of-address")
    person.fill("Når flytter du?", "2026-11-20")
    person.fill("Gateadresse", "Kirkegata 2")
    person.fill("Postnummer", "6004")
    person.fill("Poststed", "Ålesund")
    person.page.get_by_label("Kommune").select_option(label="Ålesund")
    person.see("address")
    person.press("Neste")
    person.send("address")
    person.letter("Flyttingen er registrert")
    person.start("neighbour-notice")
    expect(person.page.get_by_label("Hvor skal du bygge?")).to_have_value("Kirkegata 2, 6004 Ålesund")


def test_school_transport_a_rule_refuses_with_grounds(walker, platform):
    parent = walker(platform.person("other parent"))
    parent.start("school-transport-upper-secondary")
    parent.choose("Hvem gjelder søknaden?", "Ella Moldestad")
    parent.fill("Hvilken skole?", "Molde videregående skole")
    parent.fill("Skyss fra og med", "2027-08-17")
    parent.press("Neste")
    expect(parent.page.get_by_role("heading", level=1)).to_have_text("Du kan ikke søke om dette")
    parent.see("stopped")
    parent.follow("Endre svarene mine")
    parent.choose("Hvem gjelder søknaden?", "Sander Moldestad")
    parent.press("Neste")
    parent.fill("Hvor mange kilometer er det til skolen?", "5")
    parent.choose("Kan eleven ikke gå på grunn av funksjonsnedsettelse, skade eller sykdom?", "Nei")
    parent.press("Neste")
    parent.send("transport")
    parent.letter("Avslag på søknad om skoleskyss")
    expect(parent.page.get_by_text("mer enn 6 km").first).to_be_visible()


def test_a_neighbour_answers_a_notice(walker, platform):
    builder = walker(platform.person("other parent"))
    neighbour = platform.person("parking permit")
    builder.start("neighbour-notice")
    builder.choose("Hva skal du bygge?", "Garasje eller uthus")
    builder.fill("Beskriv det naboene bør vite", "Garasje på 36 m², fire meter fra grensen.")
    builder.press("Neste")
    builder.fill("Fødselsnummeret til hver nabo", "12345678901")
    builder.press("Neste")
    builder.see("neighbour-error")
    builder.fill("Fødselsnummeret til hver nabo", neighbour["identity_number"])
    builder.press("Neste")
    case = builder.send("neighbours")
    builder.see("case-signing")
    other = walker(neighbour, 320)
    other.goto("/my")
    other.see("my-waiting")
    other.page.get_by_role("link", name="Nabovarsel om byggetiltak fra Jonas Moldestad").click()
    other.see("sign")
    other.choose("Svaret ditt", "Jeg har en merknad")
    other.press("Send svaret")
    other.see("sign-error")
    other.fill("Merknaden din, hvis du har en", "Den blir for høy.")
    other.press("Send svaret")
    expect(other.page.get_by_role("status").first).to_contain_text("Svaret ditt er sendt")
    builder.page.goto(case.split("?")[0])
    expect(builder.page.get_by_text("Den blir for høy.")).to_be_visible()


def test_a_driving_licence_is_paid_for_and_decided(walker, platform):
    driver = walker(platform.person("parent"))
    driver.start("driving-licence-replacement")
    driver.choose("Hvorfor trenger du nytt kort?", "Det er stjålet")
    driver.choose("Har du meldt tyveriet til politiet?", "Ja")  # the question came when the one before was answered
    driver.fill("Når skjedde det?", "2026-11-20")
    driver.page.get_by_label("Finner jeg det gamle kortet igjen").check()
    driver.press("Neste")
    driver.send("licence")
    driver.see("bill")
    driver.press("Betal 90 kr")
    driver.see("bank")
    driver.press("Betal")
    driver.page.wait_for_url("**/my/cases/**")
    driver.letter("Nytt førerkort er på vei")
    driver.goto("/my/payments")
    driver.see("payments")


def test_an_enterprise_applies_through_its_chief_executive(walker, platform):
    chief = walker(platform.person("chief executive"))
    chief.start("serving-licence")
    chief.see("role")
    chief.follow("Velg hvem du handler for")
    chief.see("act-as")
    chief.page.get_by_label("Romsdalsfjorden Bistro AS").check()
    chief.press("Fortsett")
    chief.press("Start")
    expect(chief.page.get_by_label("Navnet på stedet")).to_have_value("Romsdalsfjorden Bistro AS")
    chief.fill("Gateadresse", "Storgata 5")
    chief.fill("Når vil dere åpne?", "2027-05-01")
    chief.fill("Hvor mange sitteplasser?", "40")
    chief.press("Neste")
    chief.fill("Navnet til daglig leder på stedet", "Siri Romsdal")
    chief.fill("Når ble etablererprøven bestått?", "2025-11-03")
    chief.page.get_by_label("Kunnskapsbevis").set_input_files(PDF)
    chief.choose("Bekreftelse", "Vi kjenner kravet om uklanderlig vandel i serveringsloven § 6.")
    chief.press("Neste")
    chief.send("licence-business")
    expect(chief.page.get_by_role("heading", level=1)).to_have_text("Serveringsbevilling")
