"""What is remembered of routes is what Django would find, and no more than there are."""

import pytest
from django.urls import Resolver404, resolve, reverse

from allting.site.urls import urlpatterns


def test_the_same_route_is_found_the_second_time():
    fixed = [resolve("/id/token") for _time in range(2)]
    assert {(one.func, one.view_name, one.route) for one in fixed} == {(fixed[0].func, "identity:token", "id/token")}
    assert resolve("/services/kindergarten-place").kwargs == {"slug": "kindergarten-place"}
    assert resolve("/services/home-care").kwargs == {"slug": "home-care"}


def test_only_routes_are_kept_not_whatever_is_asked_for():
    kept = urlpatterns[0]._found
    resolve("/id/token")
    before = dict(kept)
    for path in ("/services/kindergarten-place", "/services/home-care"):
        resolve(path)
    for path in ("/no/such/page", "/id/token/", "/id/tokens"):
        with pytest.raises(Resolver404):
            resolve(path)
    assert kept == before
    assert all(not one.kwargs and not one.args for one in kept.values())


def test_names_lead_to_addresses_as_before():
    assert reverse("identity:choose_party") == "/id/for"
    assert resolve(reverse("identity:choose_party")).view_name == "identity:choose_party"
