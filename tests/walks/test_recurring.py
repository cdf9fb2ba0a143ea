"""A job seeker's card, and a benefit that an officer stops after the party has been told."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.walks.test_walk import at_work, on_the_desk, walker  # noqa: F401  the fixture

pytestmark = pytest.mark.browser


def test_a_card_is_filled_in_sent_and_counted(walker, platform):  # noqa: F811
    seeker = walker(platform.person("neighbour"))
    seeker.goto("/my/reporting-card")
    seeker.see("cards")
    seeker.follow("Fyll ut kortet")
    seeker.page.get_by_label("Timer arbeidet").first.fill("30")
    seeker.press("Send kortet")
    seeker.see("card-wrong")
    seeker.page.get_by_label("Timer arbeidet").first.fill("7,5")
    seeker.choose("Er du fortsatt arbeidssøker, og vil være registrert hos Nav?", "Ja")
    seeker.press("Send kortet")
    expect(seeker.page.get_by_role("status")).to_contain_text("Vi har mottatt kortet ditt")
    expect(seeker.page.get_by_text("Trukket i egenandel").first).to_be_visible()
    seeker.see("cards-after")


def test_an_officer_stops_a_benefit_after_telling_the_party(walker, platform):  # noqa: F811
    """For Sander, whom she says yes to in one step; his sister is applied for by the form, and by the other parent
    (tests/walks/test_walk.py): one child is paid for once."""
    parent = walker(platform.person("other parent"))
    parent.goto("/my/rights")
    parent.see("rights")
    sander = parent.page.locator("section").filter(has_text="for Sander")
    with parent.page.expect_navigation():
        sander.get_by_role("button", name="Ja, send søknaden").click()
    case = parent.page.url
    expect(parent.page).to_have_url(f"{platform.url}/my/cases/{case.rsplit('/', 1)[1]}")
    parent.see("rights-sent")
    parent.letter("Du får barnetrygd for Sander")
    parent.goto("/my/rights")
    expect(sander).to_have_count(0)
    parent.see("rights-after")
    parent.goto("/my/payments")
    parent.see("recurring-payments")
    with parent.page.expect_navigation():
        parent.page.get_by_role("link", name="Fortell om en endring").first.click()
    parent.see("recurring-tell")
    parent.fill("Hva er endret, og fra når?", "Barnet flytter til den andre forelderen.")
    parent.press("Send")
    officer = walker(platform.officer("nav"))
    at_work(officer)
    officer.goto("/office/queue")
    with officer.page.expect_navigation():
        officer.page.locator(on_the_desk(case)).first.click()
    officer.page.get_by_text("Stans eller endre utbetalingen").click()
    officer.see("recurring-officer")
    officer.choose("Hva skal skje?", "Stans utbetalingen")
    officer.fill("Fra når?", "2027-03-01")
    officer.page.get_by_label("Hvorfor", exact=True).fill("Du har fortalt at barnet flytter.")
    officer.press("Send")
    parent.goto("/my/cases/" + case.split("?")[0].rsplit("/", 1)[1])
    parent.see("recurring-hearing")
    parent.follow("Svar")
    parent.fill("Svaret ditt", "Det stemmer.")
    parent.press("Send svaret")
    officer.page.reload()
    officer.see("recurring-decide")
    officer.choose("Resultat", "Slik varselet sa")
    officer.fill("Begrunnelse", "Barnet bor ikke fast hos deg fra mars.")
    officer.press("Avgjør og send brevet")
    parent.letter("Utbetalingen din er stanset")


def test_parental_benefit_is_counted_by_its_rule_and_confirmed_by_an_officer(walker, platform):  # noqa: F811
    who = platform.person("parent")
    father = walker(who)
    father.start("parental-benefit")
    father.page.fill("#field-pid", who["identity_number"])  # it takes a login at the high level
    father.press("Logg inn")
    if father.page.get_by_role("button", name="Start").count():
        father.press("Start")
    for question, answer in (("Hva gjelder søknaden?", "Fødsel"), ("Hvem er du?", "Far eller medmor"),
                             ("Er barnet født?", "Ja")):  # fmt: skip
        father.choose(question, answer)
    father.fill("Fødselsdato, termin", "2026-11-02")
    father.fill("Hvor mange barn?", "1")
    father.press("Neste")
    father.choose("Hvor mye vil dere ha utbetalt?", "100 prosent")
    for label, value in (("Fra", "2026-12-01"), ("Til", "2027-01-29"), ("Prosent", "100")):
        father.page.get_by_label(label, exact=True).first.fill(value)
    father.press("Neste")
    father.page.get_by_label("Arbeidsgiver", exact=True).check()
    father.choose("Hadde du inntekt i minst seks av de siste ti månedene?", "Ja")
    father.fill("Inntekt i året før skatt", "520 000")
    father.press("Neste")
    case = father.send("parental")
    officer = walker(platform.officer("nav"))
    at_work(officer)
    officer.goto("/office/queue")
    officer.open(on_the_desk(case))
    expect(officer.page.get_by_text("Regelen innvilger").first).to_be_visible()
    officer.see("parental-officer")
    officer.choose("Resultat", "Innvilg")
    officer.page.get_by_label("Perioder hjemme").first.fill("2026-12-01 – 2027-01-29, 80 %")
    officer.press("Avgjør og send brevet")
    father.letter("Du får foreldrepenger")
    expect(father.page.get_by_text("Foreldrepenger per dag").first).to_be_visible()
    father.see("parental-letter")
    father.goto("/my/payments")
    father.see("parental-payments")
