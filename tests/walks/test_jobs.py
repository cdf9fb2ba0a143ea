"""From search to an invitation: a neighbour finds a vacancy the municipality told of, applies with a CV, and is asked
to come. axe finds nothing, wide and narrow."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.walks.test_walk import at_work, walker  # noqa: F401  the fixture

pytestmark = pytest.mark.browser


def test_a_municipality_finds_somebody(walker, platform):  # noqa: F811
    officer = walker(platform.officer("1506-molde"))
    at_work(officer)
    officer.goto("/employer/vacancies")
    officer.see("jobs-ours")
    officer.follow("Meld en ledig stilling")
    officer.see("jobs-new")
    officer.press("Kunngjør")
    expect(officer.page.locator(".ds-error-summary")).to_be_visible()
    officer.see("jobs-new-errors")
    officer.fill("Hva heter stillingen?", "Ergoterapeut")
    officer.fill("Hva går jobben ut på?", "Du hjelper folk å klare seg hjemme.")
    officer.fill("Hva må man kunne?", "ergoterapi, norsk")
    officer.page.get_by_label("Type arbeid").select_option("2")
    officer.page.get_by_label("Hvor", exact=True).select_option("1506")
    officer.page.get_by_label("Ansettelsesform").select_option("permanent")
    officer.fill("Søknadsfrist", "2027-01-15")
    officer.press("Kunngjør")
    address = officer.page.url.split("?")[0]
    officer.see("jobs-told")

    neighbour = walker(platform.person("neighbour"))
    neighbour.goto("/my/jobs/cv")
    neighbour.see("jobs-cv")
    neighbour.page.locator("[name=skills]").fill("ergoterapi, norsk, skidans")
    neighbour.page.locator("main form button[type=submit]").first.click()
    neighbour.page.wait_for_url("**/my/jobs?saved=1")
    neighbour.see("jobs-mine")
    neighbour.goto("/jobs?q=ergoterapeut")
    neighbour.see("jobs-found")
    neighbour.follow("Ergoterapeut")
    neighbour.see("jobs-vacancy")
    neighbour.goto(f"/my/jobs/apply?vacancy={address.rsplit('/', 1)[1]}")
    neighbour.page.locator("textarea").fill("Jeg vil gjerne arbeide hos dere.")
    neighbour.see("jobs-apply")
    neighbour.page.locator("main form button[type=submit]").click()
    neighbour.page.wait_for_url("**/jobs/*?sent=1")

    officer.page.goto(address)
    officer.see("jobs-received")
    officer.page.locator("main details summary").first.click()
    officer.page.get_by_label("Inviter").check()
    officer.page.locator("textarea[name=answer]").fill("Kom på mandag klokka ti.")
    officer.press("Send svaret")
    neighbour.page.reload()
    expect(neighbour.page.locator("main")).to_contain_text("Kom på mandag klokka ti.")
    neighbour.see("jobs-invited")


def test_the_demo_has_vacancies_to_find(platform, page):
    page.goto(platform.url + "/jobs?q=barnehagelærer")
    expect(page.locator("main")).to_contain_text("Molde kommune")
