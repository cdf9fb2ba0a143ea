"""One running platform as the eID supplier of another: our own OpenID provider, and our own client of it."""

import pytest

from tests.walks.conftest import running_platform
from tests.walks.test_eids import choose, press

pytestmark = pytest.mark.browser
CLIENTS = """
the-other:
  name: The other platform
  kind: web
  auth: none
  redirects: ["http://127.0.0.1/id/back/neighbour"]
  legal_basis: eForvaltningsforskriften § 4
"""
SUPPLIERS = """
neighbour:
  title: Nabolandet
  who: {nb: Fra nabolandet, nn: Frå nabolandet, en: From the country next door}
  issuer: ISSUER
  client_id: the-other
  amr: Neighbour
  levels: {substantial: [idporten-loa-substantial], high: [idporten-loa-high]}
"""


@pytest.fixture(scope="module")
def both(tmp_path_factory, worker_id):
    """The supplier on localhost and the other on 127.0.0.1: a browser keeps their cookies apart."""
    folder, other = tmp_path_factory.mktemp("supplier"), tmp_path_factory.mktemp("other")
    (folder / "clients.yaml").write_text(CLIENTS)
    named = {"BASE_URL": "http://localhost:{port}", "CLIENTS_FILE": str(folder / "clients.yaml")}
    with running_platform(folder, worker_id, **named) as supplier:
        (other / "suppliers.yaml").write_text(SUPPLIERS.replace("ISSUER", supplier.url + "/id"))
        ours = {"EID_PROVIDERS": "testid,neighbour", "EID_SUPPLIERS_FILE": str(other / "suppliers.yaml")}
        with running_platform(other, f"{worker_id}b", **ours) as platform:
            yield supplier, platform


@pytest.mark.parametrize("level", ["substantial", "high"])
def test_a_login_over_there_is_a_login_here_at_the_level_that_was_shown(both, page, level):
    supplier, platform = both
    person = platform.person("parent")
    choose(page, platform, "Nabolandet", "/my/eids/history", level)
    page.wait_for_url(supplier.url + "/id/eid?**")
    assert page.locator("input[name=level]:checked").get_attribute("value") == level
    page.fill("#field-pid", person["identity_number"])
    press(page)
    page.wait_for_url(platform.url + "/my/eids/history")
    first = page.locator(".rows li").first.inner_text()
    assert "Nabolandet" in first
    assert ("høyt" in first) is (level == "high")
    assert person["name"] in page.locator("body").inner_text()
