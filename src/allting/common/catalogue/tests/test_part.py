"""What those who sign may be asked (``sign.asks``), and that no other part of a file can use what they answer."""

from pathlib import Path

import pytest

from allting.common.catalogue.definition import Service
from allting.common.catalogue.reading import BadFile, read

SECTORS = Path(__file__).resolve().parents[3] / "sectors"
FILE = (SECTORS / "state/services/separation.yaml").read_text(encoding="utf-8")
PHONE = "          type: phone\n"


def faults(text):
    with pytest.raises(BadFile) as bad:
        read(Path("separation.yaml"), Service, text)
    return bad.value.faults


def changed(old, new):
    assert old in FILE
    return FILE.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (PHONE, "          type: file\n", "everyone who signs reads the files"),
        (PHONE, "          type: person\n", "nobody is looked up"),
        (PHONE, "          type: choice\n          from: children\n", "known of the applicant"),
        ("        reach_me:", "        remark:", "is taken on the page where they sign"),
        ("        reach_me:", "        spouse:", "two fields are called 'spouse'"),
        ("show_if: marriage_right == false", "show_if: common", "only their own answers and today are known"),
        ("  also: spouse\n  when: together\n", "", "has nobody to ask"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_reason(old, new, said):
    assert said in " ".join(one.text for one in faults(changed(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "begins"),
    [
        ("  when: together\n", "  when: marriage_right\n", "sign uses 'marriage_right'"),
        ("nb: Dere er separert, nn", 'nb: "Dere er separert {keep_address}", nn', "letters uses 'keep_address'"),
        ("  - field: mediated\n    holds: months", "  - field: mediated\n    holds: keep_address || months", "checks"),
    ],
)
def test_the_rest_of_the_file_cannot_use_what_they_answer(old, new, begins):
    text = changed(old, new)
    (one,) = faults(text)
    assert one.text.startswith(begins) and "only those who sign answer" in one.text
    line = text.splitlines()[one.line - 1]
    assert new.strip().splitlines()[-1][:30] in line, (one.line, line)
