"""publiccode.yml (version 0.4 of the standard) has what is required, and says what the package says."""

import tomllib
from functools import cache
from pathlib import Path

import pytest
import yaml

import allting
from allting.kernel.text import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
REQUIRED = """name url platforms categories developmentStatus softwareType releaseDate description
    legal.license maintenance.type maintenance.contacts
    localisation.localisationReady localisation.availableLanguages""".split()
STATUSES = ("concept", "development", "beta", "stable", "obsolete")


@cache
def described():
    return yaml.safe_load((ROOT / "publiccode.yml").read_text())


def value(path):
    found = described()
    for name in path.split("."):
        found = found[name]
    return found


@pytest.mark.parametrize("path", REQUIRED)
def test_what_is_required_is_there(path):
    assert value(path) not in (None, "", [])


def test_the_words_are_of_the_standards_lists():
    assert value("publiccodeYmlVersion") == "0.4"
    assert value("developmentStatus") in STATUSES
    assert value("softwareType") == "standalone/web"
    assert value("maintenance.type") in ("internal", "contract", "community", "none")
    assert all(contact["name"] for contact in value("maintenance.contacts"))


@pytest.mark.parametrize("language", sorted(described()["description"]))
def test_a_description_is_neither_too_short_nor_too_long(language):
    text = value("description")[language]
    assert len(text["shortDescription"]) <= 150
    assert 150 <= len(text["longDescription"]) <= 10_000
    assert text["features"]


def test_it_agrees_with_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert value("softwareVersion") == allting.__version__
    assert value("legal.license") == project["license"]
    assert tuple(value("localisation.availableLanguages")) == LANGUAGES
