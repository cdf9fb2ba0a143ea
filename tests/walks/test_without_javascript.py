"""The walk with JavaScript switched off: from search to letter, with a question that hangs on another and a file."""

import pytest
from playwright.sync_api import expect

from tests.walks.test_walk import PDF, Walker, at_work, on_the_desk

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 320])
def test_kindergarten_without_javascript(browser, platform, width):
    parent = Walker(browser, platform, platform.person("other parent"), width, scripts=False)
    parent.goto("/")
    parent.page.locator("#field-q").fill("barnehage")
    parent.press("Søk")
    parent.follow("Barnehageplass")
    parent.start("kindergarten-place")
    parent.choose("Hvem gjelder søknaden?", "Ella Moldestad")
    parent.fill("Når ønsker du at barnet skal begynne?", "2027-08-17")
    parent.choose("Hvor mye plass trenger dere?", "Delt plass")
    parent.press("Neste")
    letter = parent.page.get_by_label("Bekreftelse fra arbeidsgiver")
    expect(letter).to_have_count(0)
    parent.choose("Arbeider noen av foreldrene skift?", "Ja")
    parent.press("Neste")
    expect(parent.page.get_by_text("på grunn av det du svarte")).to_be_visible()
    letter.set_input_files(PDF)
    parent.press("Legg til filen")
    parent.page.get_by_role("button", name="Fjern statement.pdf").wait_for()
    parent.press("Neste")
    case = parent.send("without-javascript")
    expect(parent.page.get_by_role("status")).to_contain_text("Vi har mottatt søknaden din")
    officer = Walker(browser, platform, platform.officer("1506-molde"), width, scripts=False)
    at_work(officer)
    officer.open(on_the_desk(case))
    officer.choose("Resultat", "Innvilg")
    officer.page.get_by_label("Begrunnelse", exact=True).fill("Barnet har rett til plass.")
    officer.press("Avgjør og send brevet")
    parent.letter("Ella Moldestad har fått barnehageplass")
    parent.goto("/my")
    expect(parent.page.get_by_text("Innvilget").first).to_be_visible()
    parent.page.goto(case.split("?")[0])
    expect(parent.page.get_by_role("link", name="Les brevet")).to_be_visible()
    officer.done()
    parent.done()
