"""Against the specimens of ICAO Doc 9303: ERIKSSON ANNA MARIA of Utopia (part 5), and part 3's examples of letters."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from allting.kernel import mrz
from allting.kernel.numbers import BadNumber

SPECIMEN = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
ANNA = mrz.Holder("Eriksson", "Anna Maria", date(1974, 8, 12), "UTO", "F")


def test_the_specimen_of_part_5():
    assert mrz.td1("I", "UTO", "D23145890", ANNA, date(2012, 4, 15)) == SPECIMEN
    assert mrz.is_right(SPECIMEN)


@pytest.mark.parametrize(
    ("field", "digit"), [("520727", "3"), ("AB2134<<<", "5"), ("L898902C3", "6"), ("740812", "2"), ("120415", "9")]
)
def test_check_digits_of_part_3(field, digit):
    assert mrz.check_digit(field) == digit


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Åse-Märtha Bjørnsdottir", "AASE<MAERTHA<BJOERNSDOTTIR"),
        ("Ærfugl Øye", "AERFUGL<OEYE"),
        ("Đorđević", "DORDEVIC"),
        ("Máret Ánne Utsi", "MARET<ANNE<UTSI"),
        ("Čáhppe Ŋuorta Ŧuođđar Šlávka Ž", "CAHPPE<NUORTA<TUODDAR<SLAVKA<Z"),
        ("O'Connor", "OCONNOR"),
        ("Weiß", "WEISS"),
        ("Þórður Guðmundsson", "THORDUR<GUDMUNDSSON"),
        ("Łukasz Kowalski-Żółty", "LUKASZ<KOWALSKI<ZOLTY"),
        ("Nguyễn Văn", "NGUYEN<VAN"),
        ("A\u030ase", "AASE"),
        ("José  Ñandú", "JOSE<NANDU"),
    ],
)
def test_letters_become_latin_capitals(name, written):
    assert mrz.transliterated(name) == written


def test_long_names_are_cut_with_both_told_of_and_a_letter_last():
    line = mrz.names("Nilavadhanananda", "Chayapa Dejthamrong Krasuang")
    assert line == "NILAVADHANANANDA<<CHAYAPA<DEJT"
    assert mrz.names("Arkfreith", "") == "ARKFREITH".ljust(30, "<")


@given(some.text(min_size=1, max_size=60), some.text(max_size=60))
def test_a_line_of_names_is_thirty_letters_whatever_the_name(family, given_names):
    try:
        line = mrz.names("A" + family, given_names)
    except BadNumber:
        return
    assert len(line) == 30
    assert set(line) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ<")
    assert line[0] == "A"


@given(some.integers(0, 88), some.sampled_from("0123456789ABCXYZ<"))
def test_a_changed_digit_of_a_number_or_date_is_noticed(place, letter):
    lines = list(SPECIMEN)
    row, column = divmod(place, 30)
    if row == 2 or lines[row][column] == letter:
        return
    lines[row] = lines[row][:column] + letter + lines[row][column + 1 :]
    is_digit = (row, column) in {(0, 14), (1, 6), (1, 14), (1, 29)}  # a check digit itself, which no letter stands for
    same = not is_digit and (mrz._value(letter) - mrz._value(SPECIMEN[row][column])) % 10 == 0
    checked = (row == 0 and column >= 5) or (row == 1 and column not in (7, 15, 16, 17))
    assert mrz.is_right(tuple(lines)) is not (checked and not same)


@pytest.mark.parametrize("number", ["", "1234567890", "æ"])
def test_what_cannot_be_written_is_refused(number):
    with pytest.raises(BadNumber):
        mrz.td1("I", "NOR", number, ANNA, date(2030, 1, 1))
    assert not mrz.is_right(("", "", ""))
