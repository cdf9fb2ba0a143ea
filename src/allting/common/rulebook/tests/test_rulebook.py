"""Rules on the command line, over REST and as pages."""

import csv
import gzip
import io
import tracemalloc
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from allting.common.rulebook import api as rulebook
from allting.common.rulebook import files
from allting.common.rulebook.plots import plot
from allting.common.rulebook.running import Done
from allting.common.rulebook.wording import figure_words
from allting.kernel.problems import Invalid, NotFound

RULE = "tax.withholding"
DAY = date(2026, 5, 1)
GOOD = {"table": "8000", "period": "month", "gross": "50000"}


def told(*arguments, **options):
    out = io.StringIO()
    call_command("rules", *arguments, stdout=out, stderr=out, **options)
    return out.getvalue()


def write(path, rows):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def read(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


# --- One case ------------------------------------------------------------------------------------------


def test_one_case_has_its_calculation():
    found = rulebook.answer(RULE, GOOD, DAY)
    assert found.value == 14_184
    assert [line.law for line in (one.rule for one in found.lines) if line.name == "tax.bracket_tax"] == [
        "Stortingets skattevedtak § 3-1"
    ]


def test_what_is_wrong_is_said_by_argument():
    with pytest.raises(Invalid) as error:
        rulebook.answer(RULE, {"table": "1", "period": "month", "gross": "-1"}, DAY)
    assert set(error.value.errors) == {"table", "gross"}
    with pytest.raises(Invalid) as error:
        rulebook.answer(RULE, GOOD, date(2020, 1, 1))
    assert "2020" in str(error.value.errors["date"][0])
    with pytest.raises(NotFound):
        rulebook.rule("tax.nothing")


# --- Files ---------------------------------------------------------------------------------------------

HEADING = ["id", "table", "period", "gross"]
BAD = [
    ("negative", ["8000", "month", "-5"], "gross"),
    ("missing", ["8000", "month", ""], "gross"),
    ("not a number", ["8000", "month", "abc"], "gross"),
    ("unknown table", ["9999", "month", "50000"], "table"),
    ("unknown period", ["8000", "year", "50000"], "period"),
    ("not whole", ["8000", "month", "1.5"], "gross"),
    ("too short", ["8000", "month"], "gross"),
]


@pytest.mark.parametrize(("name", "row", "said"), BAD, ids=[name for name, _row, _said in BAD])
def test_a_bad_row_is_told_of_and_the_rest_is_counted(tmp_path, name, row, said):
    good = ["8000", "month", "50000"]
    source = write(tmp_path / "in.csv", [HEADING, ["a", *good], ["b", *row], ["c", *good]])
    heard = []
    target = tmp_path / "out.csv"
    done = rulebook.run(rulebook.rule(RULE), source, target, DAY, told=lambda *what: heard.append(what))
    assert done == Done(rows=3, bad=1)
    assert [row for row, _reason in heard] == [2] and said in heard[0][1]
    rows = read(target)
    assert [one["withheld"] for one in rows] == ["14184", "", "14184"]
    assert [bool(one["problem"]) for one in rows] == [False, True, False]
    assert [one["id"] for one in rows] == ["a", "b", "c"]


def test_the_command_ends_with_2_when_rows_were_bad_and_1_when_nothing_could_be_counted(tmp_path):
    source = write(tmp_path / "in.csv", [HEADING[1:], ["8000", "month", "50000"], ["8000", "month", "x"]])
    target = str(tmp_path / "out.csv")
    with pytest.raises(CommandError) as error:
        told("run", RULE, "--input", str(source), "--output", target, "--date", "2026-05-01")
    assert error.value.returncode == 2
    with pytest.raises(CommandError, match="2020") as error:
        told("run", RULE, "--input", str(source), "--output", target, "--date", "2020-05-01")
    assert error.value.returncode == 1
    write(source, [["table", "gross"], ["8000", "1"]])
    with pytest.raises(CommandError, match="period"):
        told("run", RULE, "--input", str(source), "--output", target)
    with pytest.raises(CommandError):
        told("run", RULE, "--input", str(tmp_path / "none.csv"), "--output", target)


def test_a_row_may_have_a_day_of_its_own(tmp_path):
    heading = ["date", "wages", "other_income", "deductions", "age", "zone"]
    rows = [[day, "600000", "0", "0", "40", "ordinary"] for day in ("2024-05-01", "2026-05-01", "2020-01-01", "x")]
    source = write(tmp_path / "in.csv", [heading, *rows])
    done = rulebook.run(rulebook.rule("tax.wage_earner"), source, tmp_path / "out.csv", DAY)
    found = read(tmp_path / "out.csv")
    assert [row["tax"] for row in found] == ["150134", "144182", "", ""]
    assert done.bad == 2 and "2020-01-01" in found[2]["problem"] and "date" in found[3]["problem"]


def test_semicolons_gzip_and_a_column_of_the_answers_name(tmp_path):
    source = tmp_path / "in.csv.gz"
    source.write_bytes(gzip.compress("\ufefftable;period;gross;withheld\n8000;month;50000;1\n".encode()))
    rulebook.run(rulebook.rule(RULE), source, tmp_path / "out.csv", DAY)
    assert read(tmp_path / "out.csv")[0] | {"problem": ""} == {
        "table": "8000", "period": "month", "gross": "50000", "given_withheld": "1", "withheld": "14184", "problem": "",
    }  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"a,a\n1,2\n", b"\xff\xfe\x00"])
def test_a_file_that_is_no_table_is_refused_and_nothing_is_written(tmp_path, content):
    source = tmp_path / "in.csv"
    source.write_bytes(content)
    with pytest.raises(Invalid):
        rulebook.run(rulebook.rule(RULE), source, tmp_path / "out.csv", DAY)
    assert not (tmp_path / "out.csv").exists() and not (tmp_path / "out.csv.part").exists()


def test_parquet_in_and_out(tmp_path):
    import pyarrow as arrow
    from pyarrow import parquet

    table = arrow.table({"table": [8000, 8000, None], "period": ["month"] * 3, "gross": [50000, -1, 1]})
    parquet.write_table(table, tmp_path / "in.parquet")
    done = rulebook.run(rulebook.rule(RULE), tmp_path / "in.parquet", tmp_path / "out.parquet", DAY)
    found = parquet.read_table(tmp_path / "out.parquet").to_pydict()
    assert done == Done(3, 2) and found["withheld"] == [14184.0, None, None] and found["problem"][0] == ""


def test_parquet_keeps_the_types_of_its_columns_though_the_first_rows_are_empty(tmp_path, monkeypatch):
    import pyarrow as arrow
    from pyarrow import parquet

    monkeypatch.setattr(files, "CHUNK", 1)
    columns = {"table": [8000.0, 8000.0], "period": ["month"] * 2, "gross": [50_000, 50_000], "note": [None, "x"]}
    table = arrow.table(columns | {"date": [datetime(2026, 5, 1, tzinfo=UTC), datetime(2019, 5, 1, tzinfo=UTC)]})
    parquet.write_table(table, tmp_path / "in.parquet")
    assert rulebook.run(rulebook.rule(RULE), tmp_path / "in.parquet", tmp_path / "out.parquet", DAY) == Done(2, 1)
    written = parquet.read_table(tmp_path / "out.parquet")
    assert written.schema.field("date").type == table.schema.field("date").type
    assert written.to_pydict()["note"] == [None, "x"] and written.to_pydict()["withheld"] == [14184.0, None]


def test_a_packed_file_is_written_packed_and_a_cut_one_is_refused(tmp_path):
    whole = gzip.compress(b"table,period,gross\n8000,month,50000\n")
    (tmp_path / "in.csv.gz").write_bytes(whole)
    rulebook.run(rulebook.rule(RULE), tmp_path / "in.csv.gz", tmp_path / "out.csv.gz", DAY)
    assert b"14184" in gzip.decompress((tmp_path / "out.csv.gz").read_bytes())
    (tmp_path / "cut.csv.gz").write_bytes(whole[:-12])
    with pytest.raises(Invalid):
        rulebook.run(rulebook.rule(RULE), tmp_path / "cut.csv.gz", tmp_path / "cut.csv", DAY)
    assert not (tmp_path / "cut.csv").exists()


def test_a_large_file_is_counted_in_parts_with_bounded_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "CHUNK", 1000)
    source = write(tmp_path / "in.csv", [HEADING[1:], *([["8000", "month", str(gross)] for gross in range(20_000)])])
    moves = []
    tracemalloc.start()
    done = rulebook.run(rulebook.rule(RULE), source, tmp_path / "out.csv", DAY, moved=moves.append)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert done == Done(20_000, 0) and len(moves) == 20 and moves[-1] == 1
    assert most < 5_000_000
    assert sum(1 for _line in (tmp_path / "out.csv").open()) == 20_001


# --- Other commands --------------------------------------------------------------------------------------


def test_the_commands_tell_what_there_is():
    assert "tax.withholding(table, period, gross)" in told("list")
    shown = told("show", RULE, "--date", "2026-05-01")
    assert "§ 15-4" in shown and "114\u00a0540" in shown
    explained = told("explain", RULE, "table=8000", "period=month", "gross=50000", "--date", "2026-05-01")
    assert "14\u00a0184" in explained and "§ 3-1" in explained
    with pytest.raises(CommandError, match="gross"):
        told("explain", RULE, "table=8000", "period=month", "--date", "2026-05-01")
    with pytest.raises(CommandError):
        told("show", "tax.nothing")


def test_explaining_refuses_what_the_rule_is_not_given():
    with pytest.raises(CommandError, match=r"not given net; it is given table, period, gross"):
        told("explain", RULE, "table=8000", "period=month", "gross=50000", "net=1", "--date", "2026-05-01")


def test_known_leaves_out_what_was_adopted_later():
    given = ["pension=350000", "wages=0", "other_income=0", "deductions=0", "months=12", "degree=100", "age=70"]
    day = ["zone=ordinary", "--date", "2026-03-01"]
    assert "27\u00a0456" in told("explain", "tax.pensioner", *given, *day)
    assert "29\u00a0661" in told("explain", "tax.pensioner", *given, *day, "--known", "2026-03-01")


# --- REST ------------------------------------------------------------------------------------------------


def test_rest_lists_and_describes(client):
    names = [one["rule"] for one in client.get("/api/rules").json()]
    assert RULE in names
    one = client.get(f"/api/rules/{RULE}?date=2026-05-01").json()
    assert [argument["name"] for argument in one["arguments"]] == ["table", "period", "gross"]
    assert "month" in one["arguments"][1]["choices"] and "def withholding" in one["formula"]
    assert client.get("/api/rules/tax.nothing").status_code == 404


def test_rest_counts_one_case_with_steps(client):
    answer = post(client, f"/api/rules/{RULE}", {"given": GOOD, "date": "2026-05-01"})
    assert answer.json()["value"] == 14_184 and answer.json()["steps"][-1]["rule"] == RULE
    wrong = post(client, f"/api/rules/{RULE}", {"given": GOOD | {"gross": "x"}, "date": "2026-05-01"})
    assert wrong.status_code == 422 and wrong["Content-Type"] == "application/problem+json"
    assert "gross" in wrong.json()["errors"]
    assert post(client, f"/api/rules/{RULE}", {"given": GOOD, "date": "1990-01-01"}).status_code == 422


def test_rest_counts_a_batch_and_says_which_rows_are_wrong(client):
    rows = [GOOD, GOOD | {"gross": -1}, {"table": 8000, "period": "week", "gross": 10_000}]
    found = post(client, f"/api/rules/{RULE}/batch", {"rows": rows, "date": "2026-05-01"}).json()
    assert found["counted"] == 2 and [row["value"] is None for row in found["rows"]] == [False, True, False]
    assert set(found["rows"][1]["problems"]) == {"gross"}
    assert post(client, f"/api/rules/{RULE}/batch", {"rows": [GOOD] * 1001}).status_code == 422


def post(client, path, data):
    return client.post(path, data, content_type="application/json")


# --- Pages -----------------------------------------------------------------------------------------------


def test_the_pages_show_rules_figures_plots_and_the_formula(client):
    assert "/rules/tax.withholding" in client.get("/rules").content.decode()
    page = client.get("/rules/tax.wage_earner").content.decode()
    for text in ("<svg", "skatteloven § 15-4", "def wage_earner", 'name="wages"'):
        assert text in page
    assert client.get("/rules/tax.nothing").status_code == 404


def test_the_list_is_in_the_order_of_the_readers_alphabet(client):
    page = client.get("/rules", headers={"accept-language": "nb"}).content.decode()
    assert page.index(">Barnetrygd i måneden<") < page.index(">Kontantstøtte i måneden<")
    page = client.get("/rules", headers={"accept-language": "en"}).content.decode()
    assert page.index(">Cash-for-care a month<") < page.index(">Child benefit a month<")


def test_the_calculator_counts_keeps_what_was_typed_and_puts_nothing_in_the_address(client):
    answer = client.post(f"/rules/{RULE}", GOOD | {"date": "2026-05-01"})
    page = answer.content.decode()
    assert answer.status_code == 200 and "14\u00a0184\u00a0kr" in page and 'value="50000"' in page
    assert 'method="post"' in page
    wrong = client.post(f"/rules/{RULE}", GOOD | {"gross": "-3", "date": "2026-05-01"})
    assert wrong.status_code == 422 and 'value="-3"' in wrong.content.decode()
    for day in ("x", "1990-01-01"):
        assert client.post(f"/rules/{RULE}", GOOD | {"date": day}).status_code == 422


@pytest.mark.parametrize("name", [one.name for one in rulebook.rules()])
def test_every_rule_has_a_page(client, name):
    assert client.get(f"/rules/{name}").status_code == 200


def test_a_plot_has_a_step_for_each_change_and_none_for_what_never_changed():
    rates = rulebook.rule("tax.wage_earner").rates
    drawn = plot(rates, "personal_allowance", words(rates, "personal_allowance"))
    assert len(drawn.series) == 1 and len(drawn.series[0].marks) == len(drawn.rows) == 3
    assert len(plot(rates, "common_rate", words(rates, "common_rate")).series) == 2
    assert plot(rates, "step_1_rate", words(rates, "step_1_rate")) is None


def words(rates, name):
    return [(rate, figure_words(rates, name, rate)) for rate in rates.rows(name)]


def test_what_a_rule_is_given_is_shown_on_lines_one_can_read():
    shown = told("show", RULE, date=DAY)
    assert "8000" in shown and "7150" in shown and "month, 14-days" in shown
    before_figures = shown.split("Figures on")[0].splitlines()
    assert max(map(len, before_figures)) <= 100
