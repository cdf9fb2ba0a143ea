"""The public journal in a real browser: found, searched, and from a line to the request for access after a login."""

import pytest
from playwright.sync_api import expect

from tests.walks.conftest import picture
from tests.walks.test_accessibility import findings

pytestmark = pytest.mark.browser
JOURNAL = """
from uuid import uuid4
from django.utils import timezone
from allting.common.archive import api as archive
from allting.common.registers import api as registers
molde = registers.authority_for("every municipality", "1506").id
for case, withheld, name in (("2026/7001", "offentleglova § 13", "Kari Prøve"), ("2026/7002", "", "Fjord Kaffe AS")):
    key = uuid4()
    filing = archive.Filing("Serveringsbevilling", "U62", 10, withheld)
    for way in ("in", "out"):
        archive.journal(authority=molde, case=key, case_number=case, title="Serveringsbevilling", direction=way,
            document=None, party_name=name, journalled_on=timezone.localdate(), filing=filing)
"""


@pytest.mark.parametrize("width", [1280, 320])
def test_from_the_journal_to_asking_for_access(platform, page, width):
    platform.allting("shell", "-c", JOURNAL)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(platform.url + "/journal")
    assert not findings(page)
    page.get_by_role("link", name="Molde kommune").click()
    page.fill("#field-q", "Serveringsbevilling")
    page.locator("main search button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Fjord Kaffe AS")
    assert "Kari" not in page.locator("main").inner_text()
    assert not findings(page)
    picture(page, f"journal-{width}")
    page.get_by_role("button", name="Be om innsyn").first.click()
    page.fill("#field-pid", platform.person("other parent")["identity_number"])
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#field-case_number")).to_have_value("2026/7002")
    expect(page.locator("#field-body")).to_have_value("1506")
    assert "Serveringsbevilling" in page.locator("#field-what").input_value()
    assert not findings(page)
    picture(page, f"access-{width}")
