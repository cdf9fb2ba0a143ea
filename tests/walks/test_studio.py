"""The studio in a real browser: a service owner changes a fee, sees the change at once, tries it, and saves it."""

import pytest
from playwright.sync_api import expect

from tests.walks.test_accessibility import act_for, findings
from tests.walks.test_login import log_in

pytestmark = pytest.mark.browser
URL = "/studio/driving-licence-replacement"


@pytest.mark.parametrize("width", [1280, 320])
def test_from_a_fee_to_a_file_for_review(platform, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    owner = next(one for one in platform.facts["officers"] if "service owner, statens-vegvesen" in one["roles"])
    log_in(page, platform, owner, "/act-as")
    act_for(page, "Statens vegvesen")
    assert not findings(page, platform.url + "/studio")
    with page.expect_navigation():
        page.get_by_role("link", name="Nytt førerkort").first.click()
    assert not findings(page)
    kroner = f"1{width}"
    page.goto(platform.url + URL + "/part/fee")
    page.fill("#field-kroner", kroner)
    page.locator("#field-law").focus()  # the change is told as soon as it is left
    expect(page.locator("[data-result]")).to_contain_text(kroner)
    assert not findings(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Ta vare på i utkastet").click()
    assert not findings(page, platform.url + URL + "/part/asks.0.fields.reason")
    assert not findings(page, platform.url + URL + "/text")
    page.goto(platform.url + URL + "/try")
    assert not findings(page)
    page.get_by_role("button", name="Kjør prøven").last.click()
    expect(page.locator("#result-card")).to_contain_text("Nytt førerkort er på vei")
    expect(page.locator("#result-card")).to_contain_text(kroner)
    assert not findings(page)
    assert not findings(page, platform.url + URL + "/cases")
    page.goto(platform.url + URL)
    page.get_by_role("button", name="Lagre til gjennomsyn").click()
    expect(page.locator("main")).to_contain_text("Venter på gjennomsyn")
    assert not findings(page)


@pytest.mark.parametrize("width", [1280, 320])
def test_a_new_rate_from_next_year(platform, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    day, named = ("2027-02-01", "1. februar 2027") if width == 320 else ("2027-05-01", "1. mai 2027")
    owner = next(one for one in platform.facts["officers"] if "service owner, nav" in one["roles"])
    log_in(page, platform, owner, "/act-as")
    act_for(page, "Nav")
    page.goto(platform.url + "/studio")
    assert not findings(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Barnetrygdloven").click()
    assert not findings(page)
    page.get_by_role("link", name="Ordinær barnetrygd", exact=True).click()
    page.get_by_label("Verdi", exact=True).fill("mye")
    page.get_by_role("button", name="Ta vare på i utkastet").click()
    expect(page.get_by_label("Verdi", exact=True)).to_have_value("mye")
    assert not findings(page)
    page.get_by_label("Gjelder fra").fill(day)
    page.get_by_label("Verdi", exact=True).fill(f"2 1{width % 100}")
    page.get_by_role("button", name="Ta vare på i utkastet").click()
    expect(page.locator("main")).to_contain_text(named)
    assert not findings(page)
    assert not findings(page, platform.url + "/studio/rates/welfare.barnetrygdloven/text")
    page.goto(platform.url + "/studio/rates/welfare.barnetrygdloven")
    expect(page.locator("main")).to_contain_text(f"2\u00a01{width % 100}\u00a0kr fra {named}")
    assert not findings(page)
    page.get_by_role("button", name="Lagre til gjennomsyn").click()
    expect(page.locator("main")).to_contain_text("Venter på gjennomsyn")


@pytest.mark.parametrize("width", [1280, 320])
def test_a_new_service_from_nothing(platform, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    owner = next(one for one in platform.facts["officers"] if "service owner, statens-vegvesen" in one["roles"])
    log_in(page, platform, owner, "/act-as")
    act_for(page, "Statens vegvesen")
    page.goto(platform.url + "/studio")
    with page.expect_navigation():
        page.get_by_role("link", name="Ny tjeneste").click()
    assert not findings(page)
    for language, title in (("Bokmål", "Fritak"), ("Nynorsk", "Fritak"), ("English", "Exemption")):
        page.get_by_label(f"Hva heter den? – {language}").fill(f"{title} {width}")
    with page.expect_navigation():
        page.get_by_role("button", name="Start").click()
    expect(page.get_by_label("Hva heter den? – Bokmål")).to_have_value(f"Fritak {width}")
    assert not findings(page)
    page.get_by_label("Navn i adressen").fill(f"exemption-{width}")
    page.get_by_label("Hvilken paragraf gir retten?").fill("vegtrafikkloven § 7")
    page.get_by_label("Tema", exact=True).select_option("forerkort-og-sertifikat")
    page.get_by_label("Arkivklasse").fill("211")
    with page.expect_navigation():
        page.get_by_role("button", name="Start").click()
    expect(page.locator("main")).to_contain_text("Denne tjenesten er ny.")
    assert not findings(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Lagre til gjennomsyn").click()
    expect(page.locator("main")).to_contain_text("Venter på gjennomsyn")
