"""A small enterprise asks to hand in its VAT return once a year."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.walks.test_walk import walker  # noqa: F401  the fixture

pytestmark = pytest.mark.browser


def test_yearly_terms_are_asked_for(walker, platform):  # noqa: F811
    siri = walker(platform.person("chief executive"))
    siri.goto("/act-as")
    siri.page.get_by_label("Romsdalsfjorden Bistro AS").check()
    siri.press("Fortsett")
    siri.start("vat-terms")
    siri.choose("Hvor ofte vil du levere?", "Én gang i året")
    siri.fill("Fra og med hvilket år?", str(date.today().year + 1))  # noqa: DTZ011
    siri.see("vat-terms")
    siri.press("Neste")
    siri.fill("Omsetning de siste 12 månedene", "1200000")
    siri.choose("Har virksomheten vært registrert", "Ja")
    siri.press("Neste")
    expect(siri.page.get_by_text("høyst 1 million").first).to_be_visible()
    siri.see("vat-terms-conditions")
    siri.fill("Omsetning de siste 12 månedene", "800000")
    siri.press("Neste")
    siri.send("vat-terms")
