"""The walk in a real browser: eight services, from search to letter and appeal, on real processes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.walks.conftest import Platform, new_page, picture
from tests.walks.test_accessibility import findings, sideways
from tests.walks.test_login import log_in

pytestmark = pytest.mark.browser
PDF = {"name": "statement.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%made up\n"}
WIDTHS, HEIGHT = (1280, 320), 900
ANSWER_SECONDS = 20  # the worker decides, makes the letter and delivers it


class Walker:
    """Somebody at a screen ``width`` wide, with or without ``scripts``.

    Each page she sees is checked by axe (which needs scripts), wide and narrow, and kept as pictures when SCREENSHOTS
    is set.
    """

    def __init__(
        self, browser: Browser, platform: Platform, who: dict, width: int = 1280, scripts: bool = True
    ) -> None:
        self.page = new_page(browser, width, HEIGHT, scripts=scripts)
        self.platform, self.width, self.scripts, self.found = platform, width, scripts, {}
        log_in(self.page, platform, who)

    def goto(self, path: str) -> None:
        self.page.goto(self.platform.url + path)

    def see(self, name: str) -> None:
        """Stop at a page and look at it, wide and narrow."""
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            picture(self.page, f"{name}-{width}")
            if wrong := findings(self.page) if self.scripts else sideways(self.page):
                self.found[name, width] = wrong
        self.page.set_viewport_size({"width": self.width, "height": HEIGHT})

    def press(self, name: str) -> None:
        """Press a button and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """Follow a link and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name, exact=True).first.click()

    def open(self, links: str) -> None:
        """Open the last of the links that a selector finds, and wait for the page."""
        with self.page.expect_navigation():
            self.page.locator(links).last.click()

    def choose(self, question: str, answer: str) -> None:
        self.page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()

    def fill(self, question: str, answer: str) -> None:
        self.page.get_by_label(question).fill(answer)

    def start(self, service: str) -> None:
        """Begin anew, also when one is begun already."""
        self.goto(f"/services/{service}")
        self.press("Start")
        if self.page.get_by_role("button", name="Begynn på en ny").count():
            self.press("Begynn på en ny")

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


def on_the_desk(case: str) -> str:
    """The link to this case in an officer's list; ``case`` is its address on the party's side."""
    return f"a[href='/office/cases/{case.split('?')[0].rsplit('/', 1)[1]}']"


def test_kindergarten_from_search_to_appeal(walker, platform):
    parent = walker(platform.person("parent"))
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
    officer = walker(platform.officer("1506-molde"))
    at_work(officer)
    officer.see("queue")
    officer.open(on_the_desk(case))
    officer.see("office-case")
    officer.press("Ta saken")
    officer.page.get_by_text("Be om mer").click()
    officer.press("Send spørsmålet")
    officer.see("office-ask-errors")
    officer.fill("Hva trenger du å vite?", "Hvilken uke begynner skiftet?")
    officer.press("Send spørsmålet")
    expect(officer.page.get_by_text("Venter på søkeren")).to_be_visible()
    officer.see("office-asked")
    parent.goto("/my")
    parent.see("my-asked")
    parent.follow("Svar på et spørsmål: Barnehageplass")
    expect(parent.page.get_by_text("Hvilken uke begynner skiftet?").first).to_be_visible()
    parent.see("case-asked")
    parent.follow("Svar")
    parent.press("Send svaret")
    parent.see("answer-errors")
    parent.fill("Svaret ditt", "Uke 33.")
    parent.press("Send svaret")
    expect(parent.page.get_by_text("Uke 33.")).to_be_visible()
    officer.page.reload()
    expect(officer.page.get_by_text("Uke 33.")).to_be_visible()
    officer.choose("Resultat", "Avslå")
    officer.press("Avgjør og send brevet")
    officer.see("office-errors")
    officer.page.get_by_label("Begrunnelse", exact=True).fill("Alle plassene er fordelt for august 2027.")
    officer.press("Avgjør og send brevet")
    expect(officer.page.get_by_role("status")).to_contain_text("Brevet er på vei")
    officer.see("office-done")
    parent.letter("Avslag på søknad om barnehageplass")
    parent.see("letter")
    parent.page.goto(case.split("?")[0])
    parent.see("case-decided")
    parent.follow("Klag på vedtaket")
    parent.press("Send klagen")
    parent.see("appeal-errors")
    parent.fill("Hvorfor klager du?", "Vi har rett til plass.")
    parent.press("Send klagen")
    expect(parent.page.get_by_text("Molde kommune ser på saken en gang til")).to_be_visible()
    parent.see("case-appealed")
    parent.goto("/my")
    parent.see("my")
    parent.goto("/my/lookups")
    expect(parent.page.get_by_text("Molde kommune").first).to_be_visible()
    parent.see("lookups")
    officer.goto("/office?show=appeals")
    officer.open(on_the_desk(case))
    officer.see("office-appeal")
    officer.fill("Hvorfor vedtaket står", "Plassene er fordelt.")
    officer.press("Send til klageinstansen")
    body = walker(platform.officer("statsforvalteren"), 320)
    at_work(body)
    body.goto("/office?show=appeals")
    body.open(on_the_desk(case))
    body.see("office-body")
    body.choose("Resultat", "Gjør om vedtaket")
    body.fill("Begrunnelse", "Kommunen har brukt feil frist.")
    body.press("Avgjør og send brevet")
    parent.letter("Ella Moldestad har fått barnehageplass")
    parent.follow("Gå til saken")
    expect(parent.page.get_by_role("list", name="Hvor langt saken din er kommet")).to_contain_text("Endelig svar")
    parent.see("case-closed")


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
    case = person.send("parking")
    expect(person.page.get_by_role("status").first).to_contain_text("Vi har mottatt søknaden din")
    person.page.goto(case.split("?")[0])
    person.follow("Trekk søknaden tilbake")
    person.see("withdraw")
    person.press("Trekk den tilbake")
    expect(person.page.get_by_role("heading", name="Saken er avsluttet")).to_be_visible()
    person.see("case-withdrawn")


def test_a_change_of_address_is_in_the_register_at_once(walker, platform):
    person = walker(platform.person("neighbour"))
    person.start("change-of-address")
    person.press("Neste")
    person.see("address-errors")
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
    other.follow("Nabovarsel om byggetiltak fra Jonas Moldestad")
    other.see("sign")
    other.choose("Svaret ditt", "Jeg har en merknad")
    other.press("Send svaret")
    other.see("sign-error")
    other.fill("Merknaden din, hvis du har en", "Den blir for høy.")
    other.press("Send svaret")
    expect(other.page.get_by_role("status").first).to_contain_text("Svaret ditt er sendt")
    builder.page.goto(case.split("?")[0])
    expect(builder.page.get_by_text("Den blir for høy.")).to_be_visible()
    builder.see("case-answered")


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
    driver.press("La kortet bli avvist")
    expect(driver.page.get_by_role("status")).to_contain_text("ingen penger er trukket")
    driver.see("bill-failed")
    driver.press("Betal 90 kr")
    driver.press("Betal")
    driver.page.wait_for_url("**/my/cases/**")
    driver.letter("Nytt førerkort er på vei")
    driver.goto("/my/payments")
    driver.see("payments")
    driver.open("main a[href^='/my/payments/']")
    expect(driver.page.get_by_role("heading", level=1)).to_have_text("Kvittering")
    driver.see("receipt")


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
    chief.press("Neste")
    chief.see("licence-business-errors")
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
