"""A form with questions that come by themselves, over a slow line: nothing typed is lost, and no press either."""

import pytest
from playwright.sync_api import expect

from tests.walks.test_login import log_in

pytestmark = pytest.mark.browser
SLOW_MS = 700


@pytest.fixture
def asked(platform, page):
    """The page of the driving licence's questions; what the browser asks for by itself takes a while."""

    def slowly(route):
        if "refresh" not in (route.request.post_data or ""):
            return route.continue_()
        answer = route.fetch()  # saved by the platform; the browser does not know yet
        page.wait_for_timeout(SLOW_MS)
        return route.fulfill(response=answer)

    log_in(page, platform, platform.person("parent"))
    page.goto(platform.url + "/services/driving-licence-replacement")
    page.get_by_role("button", name="Start").click()
    again = page.get_by_role("button", name="Begynn på en ny")
    reason = page.get_by_role("group", name="Hvorfor trenger du nytt kort?")
    expect(again.or_(reason)).to_be_visible()
    if again.count():
        again.click()
    expect(reason).to_be_visible()
    page.route("**/drafts/**", slowly)
    return page


def test_what_is_typed_while_questions_are_on_their_way_stays(asked):
    reason = asked.get_by_role("group", name="Hvorfor trenger du nytt kort?")
    when = asked.get_by_label("Når skjedde det?")
    reason.get_by_label("Det er stjålet").check()
    when.fill("2026-11-20")
    expect(asked.get_by_role("group", name="Har du meldt tyveriet til politiet?")).to_be_visible()
    expect(when).to_have_value("2026-11-20")
    expect(when).to_be_focused()
    reason.get_by_label("Jeg har mistet det").check()
    expect(asked.get_by_role("group", name="Har du meldt tyveriet til politiet?")).to_have_count(0)
    expect(when).to_have_value("2026-11-20")


def test_next_waits_for_the_questions_on_their_way(asked):
    asked.get_by_label("Når skjedde det?").fill("2026-11-20")
    asked.get_by_label("Finner jeg det gamle kortet igjen").check()
    asked.get_by_role("group", name="Hvorfor trenger du nytt kort?").get_by_label("Det er ødelagt").check()
    with asked.expect_navigation():
        asked.get_by_role("button", name="Neste").click()
    expect(asked.get_by_text("endret i et annet vindu")).to_have_count(0)
    expect(asked.get_by_role("heading", level=1)).to_have_text("Se over og send")
