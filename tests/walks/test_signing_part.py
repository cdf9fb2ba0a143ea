"""Two apply for a separation: the one who is invited fills in a part of his own, which the other cannot read."""

import pytest
from playwright.sync_api import expect

from tests.walks.test_walk import PDF, at_work, on_the_desk, walker  # noqa: F401 - walker is a fixture

pytestmark = pytest.mark.browser
WRONG = "Vi giftet oss i Ålesund, ikke i Molde."


def applied(one, other):
    """An application together with the other, sent; the case's address."""
    one.start("separation")
    one.choose("Søker dere sammen?", "Ja")
    one.fill("Fødselsnummeret til ektefellen", other["identity_number"])
    one.fill("Når giftet dere dere?", "2015-06-20")
    one.fill("Hvor giftet dere dere?", "Molde")
    one.press("Neste")
    one.choose("Har dere felles barn under 16 år?", "Nei")
    expect(one.page.get_by_text("ikke deler adressen din")).to_have_count(0)  # he would read it
    one.press("Neste")
    return one.send("separation")


@pytest.mark.parametrize("width", [1280, 320])
def test_who_is_invited_fills_in_his_own_part(walker, platform, width):  # noqa: F811
    ingrid, jonas = walker(platform.person("parent"), width), walker(platform.person("other parent"), width)
    case = applied(ingrid, platform.person("other parent"))
    jonas.goto("/my/sign")
    jonas.see("to-sign")
    with jonas.page.expect_navigation():
        jonas.page.locator("main a[href*='/my/sign/']").first.click()  # below stand those he has answered
    jonas.see("sign-part")
    jonas.choose("Stemmer det som står om ekteskapet?", "Nei")
    jonas.fill("Hva er galt?", WRONG)
    jonas.press("Send svaret")
    expect(jonas.page.locator(".ds-error-summary")).to_be_focused()
    expect(jonas.page.get_by_label("Hva er galt?")).to_have_value(WRONG)
    jonas.see("sign-part-wrong")
    jonas.choose("Ønsker du at vi ikke deler adressen din med ektefellen?", "Ja")
    jonas.page.get_by_role("group", name="Svaret ditt").get_by_role("radio").first.check()
    jonas.press("Send svaret")
    expect(jonas.page.get_by_role("status")).to_contain_text("Svaret ditt er sendt")
    expect(jonas.page.get_by_text(WRONG)).to_be_visible()
    jonas.see("sign-part-sent")
    ingrid.page.goto(case)
    expect(ingrid.page.get_by_text("Jonas Moldestad").first).to_be_visible()
    assert WRONG not in ingrid.page.locator("main").inner_text()
    officer = walker(platform.officer("statsforvalteren"), width)
    at_work(officer)
    officer.open(on_the_desk(case))
    expect(officer.page.get_by_text(WRONG)).to_be_visible()
    officer.see("office-part")
