"""An officer's day in a browser: first page, case, hearing, question, search; axe finds nothing, wide and narrow."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.walks.test_walk import at_work, on_the_desk, walker  # noqa: F401  the fixture

pytestmark = pytest.mark.browser


def apply(parent, name):
    """A kindergarten place, sent; its address on the parent's side."""
    parent.start("kindergarten-place")
    parent.choose("Hvem gjelder søknaden?", "Ella Moldestad")
    parent.fill("Når ønsker du at barnet skal begynne?", "2027-08-17")
    parent.choose("Hvor mye plass trenger dere?", "Hel plass (fem dager i uken)")
    parent.press("Neste")
    parent.choose("Arbeider noen av foreldrene skift?", "Nei")
    parent.press("Neste")
    return parent.send(name).split("?")[0]


def test_an_officers_day(walker, platform):  # noqa: F811
    parent = walker(platform.person("parent"))
    case = apply(parent, "office-application")
    officer = walker(platform.officer("1506-molde"))
    at_work(officer)
    officer.goto("/office")
    officer.see("office-first")
    officer.follow("Alle saker")
    officer.see("office-queue")
    officer.goto("/office")
    officer.fill("Saksnummer, fødselsnummer eller navn", "Moldestad")
    officer.press("Finn en sak")
    expect(officer.page.locator(on_the_desk(case))).to_be_visible()
    officer.see("office-search")
    officer.goto("/office/own")
    officer.press("Lagre")
    expect(officer.page.locator(".ds-error-summary")).to_be_focused()
    officer.see("office-own-errors")
    officer.goto("/office")
    officer.open(on_the_desk(case))
    officer.press("Ta saken")
    officer.page.get_by_text("Forhåndsvarsle dem saken gjelder").click()
    officer.press("Send og vent på svar")
    officer.see("office-hear-errors")
    officer.fill("Hva du er i ferd med å avgjøre, og hvorfor", "Alle plassene er fordelt, og vi tenker å avslå.")
    officer.press("Send og vent på svar")
    officer.page.get_by_text("Spør en annen myndighet").click()
    officer.fill("Hvilken myndighet?", "Statsforvalteren")
    officer.fill("Spørsmålet ditt", "Gjelder plikten også for august?")
    officer.see("office-consult")
    officer.press("Send spørsmålet")
    officer.see("office-asked-and-heard")
    parent.page.goto(case)
    parent.see("case-heard")
    parent.follow("Svar")
    parent.see("hearing")
    parent.fill("Svaret ditt", "Vi trenger plassen.")
    parent.press("Send svaret")
    parent.see("hearing-answered")
    adviser = walker(platform.officer("statsforvalteren"))
    at_work(adviser)
    adviser.goto("/office")
    adviser.see("office-questions")
    with adviser.page.expect_navigation():
        adviser.page.locator("a[href^='/office/questions/']").first.click()
    adviser.see("question")
    adviser.fill("Svaret ditt", "Ja.")
    adviser.press("Send svaret")
    officer.page.reload()
    officer.choose("Resultat", "Avslå")
    officer.page.get_by_label("Begrunnelse", exact=True).fill("Alle plassene er fordelt.")
    officer.press("Avgjør og send brevet")
    expect(officer.page.get_by_role("status")).to_contain_text("Brevet er på vei")
    officer.goto("/office/queue?show=decided")
    officer.open(on_the_desk(case))
    officer.see("office-decided")
    officer.page.get_by_text("Opphev vedtaket").first.click()
    officer.choose("Hvilken regel gir adgang til det?", "Vedtaket er ugyldig (§ 35 c)")
    officer.fill("Hvorfor det blir opphevet", "Det gjaldt feil barnehage.")
    officer.press("Opphev og send brevet")
    parent.page.goto(case)
    parent.see("case-annulled")
