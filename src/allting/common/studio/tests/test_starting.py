"""``allting new-service``: what it writes passes the check at once."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from allting.common.catalogue import api as catalogue

SAYS = {"title": "Båndtvang: fritak", "law": "hundeloven § 6"}


def begin(folder, service="dog-leash", **options):
    said = StringIO()
    call_command("new-service", service, folder=folder / "services", stdout=said, **(SAYS | options))
    return said.getvalue()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"decide": "rule"},
        {"audience": "business", "title_nn": "Bandtvang: fritak", "title_en": "Leash: exemption"},
        {"offered_by": "nav", "theme": "barnehage", "title": '"No", said: {she} #1'},
    ],
)
def test_it_is_right_at_once(tmp_path, options):
    assert "It is right" in begin(tmp_path, **options)
    assert catalogue.check([tmp_path / "services"]) == []
    text = (tmp_path / "services" / "dog-leash.yaml").read_text()
    assert text.count("# ") >= 10 and catalogue.as_data(text)["law"] == "hundeloven § 6"


def test_its_examples_are_named_in_the_reader_s_language(tmp_path):
    begin(tmp_path)
    found, faults = catalogue.proposed("dog-leash", (tmp_path / "services" / "dog-leash.yaml").read_text())
    assert not faults
    for language, name in (("nb", "en vanlig søknad"), ("nn", "ein vanleg søknad"), ("en", "an ordinary application")):
        with translation.override(language):
            assert str(found.service.examples[0].name) == name


def test_what_is_there_is_left_alone(tmp_path):
    begin(tmp_path)
    before = (tmp_path / "services" / "dog-leash.yaml").read_text()
    with pytest.raises(CommandError, match="is there already"):
        begin(tmp_path, title="Annet")
    assert (tmp_path / "services" / "dog-leash.yaml").read_text() == before


@pytest.mark.parametrize(
    ("service", "options", "said"),
    [
        ("Dog leash", {}, "small letters"),
        ("kindergarten-place", {}, "already"),
        ("dog-leash", {"theme": "hund"}, "no theme hund"),
        ("dog-leash", {"law": ""}, "--law"),
    ],
)
def test_what_cannot_be_is_said(tmp_path, service, options, said):
    with pytest.raises(CommandError, match=said):
        begin(tmp_path, service, **options)
    assert not (tmp_path / "services").exists()
