"""What roles may do is told by names of services and themes: each leads to something."""

from importlib.resources import files

import yaml

from allting.common.catalogue import api as catalogue

ROLES = yaml.safe_load((files("allting.common.registers") / "data" / "roles.yaml").read_text(encoding="utf-8"))


def test_the_services_that_children_decide_themselves_are_there():
    named = [slug for one in ROLES["parents"]["but"] for slug in one.get("services", ())]
    assert named
    for slug in named:
        assert catalogue.service(slug).service.service == slug


def test_an_economic_guardian_reaches_the_services_about_money():
    themes = set(ROLES["guardians"]["economic"]["themes"])
    for slug in ("housing-benefit", "start-loan", "child-benefit"):
        assert themes & set(catalogue.service(slug).service.themes), slug
