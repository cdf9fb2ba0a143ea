"""A parent sees what she seems to have a right to, says yes with one button, and reads the letter."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.walks.test_walk import walker  # noqa: F401  the fixture

pytestmark = pytest.mark.browser


def test_yes_with_one_button(walker, platform):  # noqa: F811
    parent = walker(platform.person("other parent"))
    parent.goto("/my/rights")
    parent.see("rights")
    offered = parent.page.get_by_role("button", name="Ja, send søknaden").count()
    assert offered
    with parent.page.expect_navigation():
        parent.page.get_by_role("button", name="Ja, send søknaden").first.click()
    expect(parent.page).to_have_url(f"{platform.url}/my/cases/{parent.page.url.rsplit('/', 1)[1]}")
    parent.see("rights-sent")
    parent.letter("Du får barnetrygd")
    parent.goto("/my/rights")
    assert parent.page.get_by_role("button", name="Ja, send søknaden").count() == offered - 1
    parent.see("rights-after")
