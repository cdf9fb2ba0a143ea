"""A tax card in a real browser: seen, counted with, changed, decided by the rule, and told of in a letter."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.walks.test_walk import walker  # noqa: F401  the fixture

pytestmark = pytest.mark.browser
SECONDS = 20  # the worker decides


@pytest.mark.parametrize(("role", "width"), [("parent", 1280), ("neighbour", 320)])
def test_from_the_old_card_to_the_new(walker, platform, role, width):  # noqa: F811
    person = walker(platform.person(role), width)
    person.goto("/my/tax-card")
    card = person.page.locator(".amount")
    expect(card).to_contain_text("Tabell")
    expect(person.page.get_by_text("Romsdalsfjorden Bistro AS")).to_be_visible()
    person.see(f"tax-card-{role}")
    person.press("Regn ut")
    person.see(f"tax-card-error-{role}")
    person.fill("Lønn før skatt i en måned", "52 000")
    person.press("Regn ut")
    expect(person.page.get_by_role("status")).to_contain_text("Du får utbetalt")
    person.see(f"tax-card-month-{role}")
    person.follow("Endre skattekortet")
    person.see(f"tax-card-service-{role}")
    person.start("tax-card")
    for question, amount in (("Lønn", "640000"), ("Alderspensjon", "0"), ("Renter og annen inntekt", "0")):
        person.fill(question, amount)
    person.see(f"tax-card-income-{role}")
    person.press("Neste")
    person.fill("Renter på lån", "90000")
    person.fill("Andre fradrag", "0")
    person.press("Neste")
    person.fill("Lønn du har fått i år", "560000")
    person.fill("Skatt som er trukket i år", "130000")
    person.see(f"tax-card-so-far-{role}")
    person.press("Neste")
    person.send(f"tax-card-{role}")
    for _half_second in range(SECONDS * 2):
        person.goto("/my/tax-card")
        if "prosent" in card.inner_text():
            break
        person.page.wait_for_timeout(500)
    expect(card).to_contain_text("prosent")
    expect(person.page.get_by_role("heading", name="Tidligere kort i år")).to_be_visible()
    person.see(f"tax-card-changed-{role}")
    person.letter("Skatten din i år er regnet ut")
    person.see(f"tax-card-letter-{role}")


def test_advance_tax_is_seen_and_leads_to_its_bill(walker, platform):  # noqa: F811
    """The other parent lets out a flat: what the rent adds to the tax comes by bills."""
    person = walker(platform.person("other parent"), 320)
    person.goto("/my/tax-card")
    advance = person.page.get_by_role("region", name="Forskuddsskatt for")
    expect(advance).to_contain_text("11\u00a0880\u00a0kr")
    person.see("advance-tax")
    with person.page.expect_navigation():
        advance.get_by_role("link", name="Regningene dine").click()
    expect(person.page.get_by_text("Forskuddsskatt for").first).to_be_visible()
    person.see("advance-tax-bills")
