"""The session ends: the warning comes in time, and what was typed is never lost."""

import pytest

from tests.walks.conftest import running_platform
from tests.walks.test_login import log_in

pytestmark = pytest.mark.browser
ENDS = "() => document.querySelector('[data-session-time]').dateTime"


@pytest.fixture(scope="module")
def short(tmp_path_factory, worker_id):
    """A platform whose sessions last a little longer than the warning's two minutes."""
    folder = tmp_path_factory.mktemp("short")
    with running_platform(folder, worker_id, SESSION_IDLE_MINUTES="2.1") as platform:
        yield platform


def test_the_warning_comes_and_staying_keeps_what_was_typed(short, page):
    log_in(page, short, short.person("parent"), "/my/contact")
    page.fill("#field-email", "new@example.org")
    before = page.evaluate(ENDS)
    page.locator("dialog.session[open]").wait_for()
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Fortsett innlogget").click()
    page.locator("dialog.session:not([open])").wait_for(state="attached")
    assert page.evaluate(ENDS) > before
    assert page.input_value("#field-email") == "new@example.org"


def test_a_form_sent_too_late_is_shown_again_after_the_login(short, page, browser):
    parent = short.person("other parent")
    log_in(page, short, parent, "/my/contact")
    page.fill("#field-email", "jonas@example.org")
    page.get_by_label("Nynorsk").check()
    elsewhere = browser.new_page()
    log_in(elsewhere, short, parent, "/my/sessions")
    elsewhere.locator("main form button").click()  # log out everywhere
    elsewhere.wait_for_url(short.url + "/")
    elsewhere.close()
    page.evaluate("document.querySelector('main form').submit()")  # the warning may stand over the button
    page.fill("#field-pid", parent["identity_number"])
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/my/contact?parked=*")
    assert page.input_value("#field-email") == "jonas@example.org"
    assert page.get_by_label("Nynorsk").is_checked()
    page.get_by_role("button", name="Lagre").click()
    page.wait_for_url("**/my/contact?saved=1")
    assert page.input_value("#field-email") == "jonas@example.org"
