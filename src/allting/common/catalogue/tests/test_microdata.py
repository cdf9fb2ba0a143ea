"""What search engines read on a service's page: schema.org's GovernmentService, as microdata."""

import pytest
from lxml import html

from allting.common.catalogue import api as catalogue
from allting.common.registers.tests import factories as people

pytestmark = pytest.mark.django_db
AT = "https://schema.org/"
# The properties we use, and of which type they are there (schema.org 29).
HAS = {
    "GovernmentService": {"name", "url", "description", "serviceType", "serviceOperator", "areaServed", "audience",
                          "availableChannel", "offers"},
    "GovernmentOrganization": {"name"},
    "Country": {"name"},
    "Audience": {"audienceType"},
    "ServiceChannel": {"serviceUrl", "availableLanguage"},
    "Offer": {"price", "priceCurrency"},
}  # fmt: skip
NEEDED = {"name", "url", "description", "serviceType", "areaServed", "audience", "availableChannel"}


def item(element):
    """An item as the standard reads it: its type, and the values of its properties (HTML § 5.2)."""
    found = {}
    waiting = list(element)
    while waiting:
        one = waiting.pop(0)
        nested = "itemscope" in one.attrib
        if "itemprop" in one.attrib:
            value = item(one) if nested else one.get("content") or one.get("href") or one.text_content().strip()
            found.setdefault(one.get("itemprop"), []).append(value)
        if not nested:
            waiting += list(one)
    return element.get("itemtype").removeprefix(AT), found


def items(client, slug):
    page = html.fromstring(client.get(f"/services/{slug}").content)
    return [item(one) for one in page.xpath("//*[@itemscope][not(@itemprop)]")]


def check(kind, properties):
    assert set(properties) <= HAS[kind], (kind, set(properties) - HAS[kind])
    for values in properties.values():
        for value in values:
            assert value
            if isinstance(value, tuple):
                check(*value)


def test_every_services_page_is_one_government_service(client, settings):
    for one in catalogue.services():
        [(kind, properties)] = items(client, one.slug)
        assert kind == "GovernmentService" and set(properties) >= NEEDED
        check(kind, properties)
        assert properties["url"] == [f"{settings.BASE_URL}/services/{one.slug}"]
        assert properties["description"] == [str(one.service.summary)]


def test_it_tells_who_runs_it_and_what_it_costs(client):
    people.state("statens-vegvesen")
    [(_kind, properties)] = items(client, "driving-licence-replacement")
    assert properties["serviceOperator"][0][1]["name"] == [people.state("statens-vegvesen").name]
    fee = catalogue.service("driving-licence-replacement").service.fee
    assert properties["offers"] == [("Offer", {"price": [str(fee.kroner)], "priceCurrency": ["NOK"]})]
    assert properties["availableChannel"][0][1]["availableLanguage"] == ["nb", "nn", "en"]
