"""The register of pension earnings: history, the exchange, the tax office's years, and files with faults by row."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from allting.common.audit.models import Entry
from allting.common.registers import api as registers
from allting.common.registers.tests import factories as people
from allting.kernel import events
from allting.kernel.actor import Actor, Purpose
from allting.kernel.problems import NotFound
from allting.sectors.pension import register
from allting.sectors.pension.balance import Figure
from allting.sectors.pension.models import Earnings

pytestmark = pytest.mark.django_db
HEADER = "identity_number;kind;year;amount;source\n"


@pytest.fixture
def nav():
    return people.state("nav")


@pytest.fixture
def kari():
    return people.person(born=date(1963, 3, 5))


def figure(year, amount, kind="income", source="Skatteetaten"):
    return Figure(kind, year, amount, source)


def test_a_correction_keeps_what_was_said_before(kari):
    assert register.store({kari.pk: [figure(2024, 500_000)]}) == register.Taken(1, 0, 0)
    assert register.store({kari.pk: [figure(2024, 510_000), figure(2023, 1)]}) == register.Taken(1, 1, 0)
    assert register.store({kari.pk: [figure(2024, 510_000)]}) == register.Taken(0, 0, 1)
    rows = Earnings.objects.filter(year=2024).order_by("version")
    assert [(row.amount, row.current) for row in rows] == [(500_000, False), (510_000, True)]


def test_others_ask_over_the_exchange_with_a_basis(kari, nav):
    system, why = Actor.system(nav.pk, "Nav"), Purpose("folketrygdloven § 20-4", "Pensjon")
    with pytest.raises(NotFound):
        registers.look_up(system, why, "pension.earnings", kari.pk)
    register.store({kari.pk: [figure(2022, 500_000), figure(1999, 200_000)]})
    told = registers.look_up(system, why, "pension.earnings", kari.pk)
    assert told["balance"] == told["months"][0]["balance"] and told["left_out"] == [1999]
    assert (told["income"], told["income_year"]) == (500_000, 2022) and len(told["months"]) == register.AHEAD
    assert Entry.objects.filter(subject=kari.pk, dataset="pension.earnings", basis=why.basis).exists()


def test_an_assessed_year_arrives_and_stands_in_her_log(kari, nav):
    facts = {"person": kari.pk, "year": 2025, "authority_name": "Skatteetaten"}
    events.publish("tax.assessed", income=520_000, **facts)
    events.publish("tax.assessed", income=530_000, **facts)
    assert list(Earnings.objects.filter(person=kari.pk).values_list("amount", "current")) == [
        (520_000, False), (530_000, True),
    ]  # fmt: skip
    assert Entry.objects.filter(subject=kari.pk, dataset="tax.assessed", basis=register.BASIS).count() == 2


def read(tmp_path, text):
    file = tmp_path / "earnings.csv"
    file.write_text(text, encoding="utf-8")
    call_command("pension-earnings", str(file))


def test_a_file_is_kept_whole_and_again_it_changes_nothing(tmp_path, kari, nav, capsys):
    number = kari.identity_number
    text = f"{HEADER}{number};balance;2019;3000000;Nav\n\n{number};income;2018;500000;Skatteetaten\n"
    read(tmp_path, text)
    read(tmp_path, text)
    assert Earnings.objects.count() == 2 and "0 new, 0 corrected, 2 as before" in capsys.readouterr().out
    assert Entry.objects.filter(subject=kari.pk, basis=register.BASIS).exists()


def test_faults_come_with_their_row_and_nothing_is_kept(tmp_path, kari, nav, capsys):
    number, nobody = kari.identity_number, people.person()
    nobody.died = date(2020, 1, 1)
    nobody.save()
    rows = [
        f"{number};income;2024;500000;Skatteetaten",
        "12345678901;wages;2001;5,5;",
        f"{number};income;2024;1;Skatteetaten",
        f"{number};balance;2001;1;Nav",
    ]
    with pytest.raises(CommandError, match="nothing is kept"):
        read(tmp_path, HEADER + "\n".join(rows))
    said = capsys.readouterr().err
    assert said.count("row 3:") == 5 and "row 4: the same person" in said and "row 5: the figures" in said
    assert "row 2" not in said and "12345678901" not in said
    with pytest.raises(CommandError):
        read(tmp_path, f"{HEADER}{number};income;2024;1;Nav\n{nobody.identity_number};income;2024;1;Nav\n")
    assert "row 3: the population register" in capsys.readouterr().err and not Earnings.objects.exists()


@pytest.mark.parametrize("text", ["", "identity_number;year\n", "\x00"])
def test_what_is_no_table_is_refused_in_words(tmp_path, nav, text):
    with pytest.raises(CommandError, match="columns"):
        read(tmp_path, text)


def test_what_is_not_text_or_not_there_is_refused_in_words(tmp_path, nav):
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("pension-earnings", str(tmp_path / "x.csv"))
    with pytest.raises(CommandError):
        call_command("pension-earnings", str(tmp_path / f"{uuid4()}.csv"))
