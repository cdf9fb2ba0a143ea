"""A small enterprise reports wages with a file: a wrong one is told by row, a right one gives a receipt and a bill."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.walks.test_walk import walker  # noqa: F401  the fixture

pytestmark = pytest.mark.browser
HEAD = "identity_number;begins;ends;kind;amount;withheld\n"


def csv(text: str) -> dict[str, object]:
    return {"name": "lonn.csv", "mimeType": "text/csv", "buffer": (HEAD + text).encode()}


@pytest.mark.parametrize("width", [1280, 320])
def test_from_a_wrong_file_to_the_bill(walker, platform, width):  # noqa: F811
    siri = walker(platform.person("chief executive"), width)
    siri.goto("/act-as")
    siri.page.get_by_label("Romsdalsfjorden Bistro AS").check()
    siri.press("Fortsett")
    siri.goto("/employer/payroll")
    siri.see("payroll")
    siri.follow("Rapporter en måned")
    siri.see("payroll-new")
    siri.page.get_by_label("Sone for arbeidsgiveravgift").select_option("1")
    siri.fill("Referansen din", f"walk-{width}")
    siri.page.get_by_label("Fil med lønn").set_input_files(csv("12345678901;2026-01-01;;fixed-pay;1000;0\n"))
    siri.press("Send rapporten")
    expect(siri.page.get_by_role("alert")).to_contain_text("Rad 1")
    expect(siri.page.get_by_label("Referansen din")).to_have_value(f"walk-{width}")
    siri.see("payroll-errors")
    number = platform.person("neighbour")["identity_number"]
    siri.page.get_by_label("Fil med lønn").set_input_files(csv(f"{number};2026-01-01;;fixed-pay;42000;9000\n"))
    siri.press("Send rapporten")
    expect(siri.page.get_by_role("status")).to_contain_text("mottatt")
    expect(siri.page.locator(".summary-list").first).to_contain_text("14 922")  # 9 000 and 14.1 % of 42 000
    siri.see("payroll-receipt")
    siri.follow("Gå til regningen")
    siri.see("payroll-bill")
    siri.press("Betal 14 922 kr")
    siri.page.locator("button[value=pay]").click()
    expect(siri.page.get_by_role("heading", level=1)).to_contain_text("Rapport for")
