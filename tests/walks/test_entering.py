"""An officer enters an application that came on paper; the one it is for finds it on her page, and its letter."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.walks.test_walk import at_work, walker  # noqa: F401  the fixture

pytestmark = pytest.mark.browser
PAPER = {"name": "søknad.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%made up\n"}


def test_a_paper_is_entered_and_the_parent_finds_it(walker, platform):  # noqa: F811
    who = platform.person("parent")
    officer = walker(platform.officer("1506-molde"))
    at_work(officer)
    officer.follow("Før inn en søknad for noen")
    officer.see("enter")
    officer.press("Neste")
    expect(officer.page.get_by_role("heading", level=1)).to_have_text("Før inn en søknad for noen")
    officer.see("enter-none-chosen")
    officer.page.get_by_label("Hvilken tjeneste gjelder det?").select_option(label="Barnehageplass")
    officer.press("Neste")
    officer.press("Neste")
    expect(officer.page.locator(".ds-error-summary")).to_be_focused()
    officer.see("enter-whose-errors")
    officer.fill("Fødselsnummer", who["identity_number"])
    officer.choose("Hvordan kom den?", "På papir")
    officer.fill("Dagen den kom", officer.page.evaluate("new Date().toISOString().slice(0, 10)"))
    officer.page.get_by_label("Det skannede papiret").set_input_files([PAPER])
    officer.press("Neste")
    expect(officer.page.get_by_text(f"For {who['name']}.")).to_be_visible()
    officer.choose("Hvem gjelder søknaden?", "Ella Moldestad")
    officer.fill("Når ønsker du at barnet skal begynne?", "2027-08-17")
    officer.choose("Hvor mye plass trenger dere?", "Hel plass (fem dager i uken)")
    officer.see("enter-page")
    officer.press("Neste")
    officer.choose("Arbeider noen av foreldrene skift?", "Nei")
    officer.press("Neste")
    officer.see("enter-review")
    officer.press("Send")
    expect(officer.page.get_by_role("status")).to_contain_text(who["name"])
    officer.see("entered-at-work")
    case = officer.page.url.split("?")[0].rsplit("/", 1)[1]
    parent = walker(who)
    parent.goto(f"/my/cases/{case}")
    expect(parent.page.get_by_text("søknad.pdf")).to_be_visible()
    parent.see("entered-mine")
    parent.letter("Vi har fått søknaden din: Barnehageplass")
    parent.see("entered-letter")


def test_what_was_said_by_telephone_becomes_a_permit_that_anyone_can_check(walker, platform, tmp_path):  # noqa: F811
    """The demo country has it begun: Harald rang, and sent the doctor's statement."""
    officer = walker(platform.officer("1506-molde"))
    at_work(officer)
    officer.goto("/office/enter")
    officer.page.get_by_role("link", name="Harald Fannestrand").click()
    officer.choose("Hvem kjører bilen?", "Jeg kjører selv")
    officer.choose("Hvor trenger du å parkere?", "Ved hjemmet")
    officer.fill("Hva gjør det vanskelig for deg å gå?", "Vondt i hoften.")
    officer.press("Neste")
    officer.page.get_by_label("Legeerklæring").set_input_files([PAPER])
    officer.press("Neste")
    officer.see("enter-telephone-review")
    officer.press("Send")
    case = officer.page.url.split("?")[0].rsplit("/", 1)[1]
    officer.choose("Resultat", "Innvilg")
    officer.page.get_by_label("Begrunnelse", exact=True).fill("Du trenger det.")
    officer.press("Avgjør og send brevet")
    harald = walker(platform.person("parking permit"))
    harald.letter("Du får parkeringstillatelse")
    harald.see("gives-letter")
    harald.goto(f"/my/cases/{case}")
    harald.see("gives-case")
    with harald.page.expect_download() as fetched:
        harald.page.get_by_role("link", name="Bekreftelse på parkeringstillatelse").click()
    file = tmp_path / "bekreftelse.pdf"
    fetched.value.save_as(file)
    harald.goto("/verify")
    harald.page.locator("input[type=file]").set_input_files(file)
    harald.press("Sjekk dokumentet")
    expect(harald.page.get_by_role("status")).to_contain_text("ingenting er endret siden")
    officer.goto("/office/queue?service=parking-permit-disabled&theme=mobilitetstilbud&show=decided")
    officer.see("queue-narrowed")
