"""Check a signed document in a real browser: a letter as it came is told valid, a changed one is not."""

import pytest
import typst
from playwright.sync_api import expect

from tests.walks.conftest import new_page, picture
from tests.walks.test_accessibility import findings
from tests.walks.test_letter import LETTER
from tests.walks.test_login import log_in

pytestmark = pytest.mark.browser


def check(page, name, data):
    page.set_input_files("#field-document", {"name": name, "mimeType": "application/pdf", "buffer": data})
    page.locator("main form button[type=submit]").click()


def a_letter(platform, page):
    """A letter as its receiver downloads it."""
    parent = platform.person("other parent")
    platform.allting("shell", "-c", LETTER.format(number=parent["identity_number"]))
    log_in(page, platform, parent, "/my/letters")
    for _try in range(50):
        if page.get_by_role("link", name="Vedtak").count():
            break
        page.wait_for_timeout(200)
        page.reload()
    address = page.get_by_role("link", name="Vedtak").first.get_attribute("href")
    return page.request.get(f"{platform.url}{address}.pdf").body()


@pytest.mark.parametrize("width", [1280, 320])
def test_a_document_is_checked_by_anyone(platform, page, browser, width):
    letter = a_letter(platform, page)
    stranger = new_page(browser, width)
    stranger.goto(platform.url + "/verify")
    assert not findings(stranger)
    picture(stranger, f"verify-empty-{width}")
    stranger.locator("main form button[type=submit]").click()
    expect(stranger.locator("[data-error-summary]")).to_be_focused()
    check(stranger, "notat.txt", b"just text")
    expect(stranger.locator("[data-error-summary]")).to_contain_text("ASiC-E")
    assert not findings(stranger)
    picture(stranger, f"verify-refused-{width}")
    for name, data, color in (
        ("vedtak.pdf", letter, "success"),
        ("forfalsket.pdf", letter.replace(b"/Rotate 0", b"/Rotate 9").replace(b"%PDF-1.7", b"%PDF-1.4", 1), "danger"),
        ("usignert.pdf", typst.compile(b"#set document(title: [Brev])\n= Brev"), "warning"),
    ):
        check(stranger, name, data)
        expect(stranger.locator(f".ds-alert[data-color={color}]")).to_be_visible()
        expect(stranger.locator("#answer")).to_have_text(name)
        assert not findings(stranger)
        picture(stranger, f"verify-{color}-{width}")
    assert stranger.url == platform.url + "/verify"
    stranger.context.close()
