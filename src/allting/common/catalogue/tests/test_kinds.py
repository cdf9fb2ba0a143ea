"""Each kind of question: how an answer is read, kept, typed again and shown; and what is said when it cannot be."""

from __future__ import annotations

import pytest

from allting.common.catalogue import api as catalogue
from allting.common.catalogue import kinds
from allting.common.catalogue.members import FormField
from allting.common.registers.tests import factories as people

TABLE = FormField(
    type="table", label="Inntekt", max_rows=2,
    columns={
        "who": FormField(type="text", label="Hvem"),
        "sum": FormField(type="money", label="Beløp"),
        "sure": FormField(type="yes_no", label="Sikker", required=False),
    },
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", " Molde ", "Molde"),
        ("number", "1 200", 1200),
        ("money", "1 500", 150000),
        ("money", "1500,5", 150050),
        ("money", "12.345,67 kr", 1234567),
        ("date", "17.5.2026", "2026-05-17"),
        ("date", "2026-05-17", "2026-05-17"),
        ("yes_no", "no", False),
        ("postcode", "6413", "6413"),
        ("phone", "99 99 99 99", "+4799999999"),
        ("email", "a@example.org", "a@example.org"),
        ("municipality", "1506", "1506"),
        ("authority", "1506", "1506"),
        ("authority", "skatteetaten", "skatteetaten"),
        ("bank_account", "0000 00 00019", "00000000019"),
        ("decimal", "1 200,5", 1200.5),
        ("time", "8.05", "08:05"),
        ("point", "62.7375, 7.1591", "62.737500, 7.159100"),
        ("person", "209146 95016", "20914695016"),
    ],
)
def test_an_answer_is_read_as_people_write_it(kind, typed, kept):
    field = FormField(type=kind, label="x")
    assert kinds.KINDS[kind].read(field, [typed], {}) == kept
    assert catalogue.as_typed(field, kept)
    assert str(kinds.show(field, kept, {}))


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("text", "x" * 201), ("long_text", "x" * 4001), ("number", "1,5"), ("number", "9" * 13), ("money", "-5"),
        ("money", "abc"), ("date", "2026-13-01"), ("date", "31.02.2026"), ("yes_no", "ja"), ("postcode", "64135"),
        ("phone", "12"), ("email", "a@"), ("municipality", "9999"),
        ("authority", "trygderetten"), ("bank_account", "00000000018"),
        ("declaration", "no"), ("people", "20914695017"), ("decimal", "1,2345"), ("time", "24:00"),
        ("point", "7.1591, 62.7375"),
        ("point", "62, 7"), ("person", "20914695017"), ("organisation", "974760674"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(kind, typed):
    with pytest.raises(kinds.Wrong):
        kinds.KINDS[kind].read(FormField(type=kind, label="x"), [typed], {})


def test_every_kind_is_tried_or_needs_more_than_one_place():
    """A new kind without a test of its own is noticed here."""
    rows = test_an_answer_is_read_as_people_write_it.pytestmark[0].args[1]
    tried = {kind for kind, _typed, _kept in rows}
    others = "long_text declaration choice many people file organisation period address table"
    assert set(kinds.KINDS) == tried | set(others.split())


@pytest.mark.django_db
def test_an_organisation_is_one_of_the_register():
    _chief, row = people.chief_of()
    field = FormField(type="organisation", label="x")
    assert kinds.KINDS["organisation"].read(field, [f"{row.organisation_number[:3]} {row.organisation_number[3:]}"], {})
    assert row.name in kinds.show(field, row.organisation_number, {})


def test_a_period_is_two_days_in_order():
    field = FormField(type="period", label="x")
    kept = {"start": "2026-03-01", "end": "2026-03-31"}
    assert kinds.KINDS["period"].read(field, ["1.3.2026", "31.3.2026"], {}) == kept
    assert catalogue.as_typed(field, kept) == ["2026-03-01", "2026-03-31"]
    for typed in (["2026-03-31", "2026-03-01"], ["2026-03-01", ""], ["2026-03-01"]):
        with pytest.raises(kinds.Wrong):
            kinds.KINDS["period"].read(field, typed, {})


@pytest.mark.django_db
def test_the_place_of_an_address_is_looked_up_by_its_postcode():
    people.person()
    field = FormField(type="address", label="x")
    kept = kinds.KINDS["address"].read(field, ["Storgata 1", "6413", ""], {})
    assert kept["place"] == "Molde" and kept["text"] == "Storgata 1, 6413 Molde"
    assert catalogue.as_typed(field, kept) == ["Storgata 1", "6413", "Molde"]
    for typed in (["", "6413", "Molde"], ["Storgata 1", "641", "Molde"], ["Storgata 1", "9999", ""]):
        with pytest.raises(kinds.Wrong):
            kinds.KINDS["address"].read(field, typed, {})


def test_a_table_keeps_its_rows_and_tells_where_a_cell_is_wrong():
    read = kinds.KINDS["table"].read
    kept = read(TABLE, ["Kari", "1 500", "yes", "", " ", "", "Ola", "2", ""], {})
    assert kept == [{"who": "Kari", "sum": 150000, "sure": True}, {"who": "Ola", "sum": 200}]
    assert read(TABLE, catalogue.as_typed(TABLE, kept), {}) == kept
    assert kinds.show(TABLE, kept, {})[1].startswith("Hvem: Ola; Beløp: 2")
    with pytest.raises(kinds.Wrong) as wrong:
        read(TABLE, ["Kari", "1500", "", "Ola", "mye", ""], {})
    assert "2" in str(wrong.value.text) and "Beløp" in str(wrong.value.text)
    with pytest.raises(kinds.Wrong):
        read(TABLE, ["a", "1", ""] * 3, {})


@pytest.mark.parametrize(
    "more",
    [
        {"type": "table"}, {"type": "text", "columns": {"a": {"type": "text", "label": "a"}}},
        {"type": "table", "columns": {"a": {"type": "file", "label": "a"}}},
        {"type": "table", "columns": {"a": {"type": "text", "label": "a", "show_if": "true"}}},
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_asked_is_refused(more):
    with pytest.raises(ValueError, match=r"column|conditions"):
        FormField.model_validate({"label": "x"} | more)
