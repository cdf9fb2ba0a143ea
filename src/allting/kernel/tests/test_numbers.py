"""Vectors: facts section 2 (published examples of synthetic persons and of the authorities' own numbers)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allting.kernel import numbers

VALID = """20914695016 47906701517 15507600333 29422059278 55507608360 69422056629
02013299997 02013299806 30108299920 02013299903 30108299939""".split()


@pytest.mark.parametrize("number", VALID)
def test_valid_by_todays_rule_or_by_that_of_2032(number):
    assert numbers.identity_number(number) == number


WRONG = ["01010199999", "26118642424", "2091469501", "20914695017", "a0914695016", "²" * 11]


@pytest.mark.parametrize("number", WRONG)
def test_what_is_no_identity_number_is_refused(number):
    with pytest.raises(numbers.BadNumber):
        numbers.identity_number(number)


def test_in_2032_exactly_three_numbers_of_the_published_example_hold():
    stem = "020132999"
    found = [f"{stem}{n:02}" for n in range(100) if numbers.is_identity_number(f"{stem}{n:02}")]
    assert found == ["02013299903", "02013299911", "02013299997"]


def test_spaces_are_forgiven():
    assert numbers.identity_number("209146 95016") == "20914695016"


@given(st.dates(date(1930, 1, 1), date(2039, 12, 31)), st.integers(0, 399))
def test_made_numbers_are_valid_synthetic_and_tell_the_birth_date(born, serial):
    serial += 500 if born.year >= 2000 else 0
    number = numbers.make_identity_number(born, serial)
    if number is not None:
        assert numbers.identity_number(number) == number
        assert numbers.is_synthetic(number)
        assert numbers.birth_date_in(number) == born


@given(st.sampled_from(VALID[:6]), st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_noticed_by_the_second_check(number, place, add):
    changed = number[:place] + str((int(number[place]) + add) % 10) + number[place + 1 :]
    assert not numbers.is_identity_number(changed)


@pytest.mark.parametrize("number", "974760673 991825827 889640782 974761076 971032146 910753614".split())
def test_organisation_numbers(number):
    assert numbers.organisation_number(number) == number


def test_a_wrong_organisation_number():
    with pytest.raises(numbers.BadNumber):
        numbers.organisation_number("312585676")


@given(st.integers(0, 9_999_999))
def test_made_organisation_numbers_are_valid(serial):
    number = numbers.make_organisation_number(serial)
    assert number is None or (numbers.organisation_number(number) == number and number[0] == "3")


def test_bank_accounts():
    assert numbers.bank_account("8601.11.17947") == "86011117947"
    assert numbers.bank_account("12345678903")
    with pytest.raises(numbers.BadNumber):
        numbers.bank_account("70588012345")


@pytest.mark.parametrize("reference", ["23456767", "123456782", "1000000016", "12345674"])
def test_kid(reference):
    assert numbers.kid(reference[:-1]) == reference


@pytest.mark.parametrize(
    ("payload", "mod10", "mod11"),
    [("2345676", "7", "1"), ("12345678", "2", "5"), ("100000001", "6", "5"), ("1234567", "4", "4")],
)
def test_kid_with_either_check_digit(payload, mod10, mod11):
    assert numbers.kid(payload) == payload + mod10 and numbers.kid(payload, 11) == payload + mod11
    assert numbers.check_kid(f" {payload[:3]} {payload[3:]}{mod10}") == payload + mod10
    assert numbers.check_kid(payload + mod11, 11) == payload + mod11


def test_a_kid_by_mod11_may_end_in_a_dash():
    ends = {numbers.kid(str(one), 11)[-1] for one in range(100, 150)}
    assert ends == set("0123456789-")


@pytest.mark.parametrize("wrong", ["", "7", "23456768", "2345676x", "1" * 26])
def test_a_wrong_kid_is_refused(wrong):
    with pytest.raises(numbers.BadNumber):
        numbers.check_kid(wrong)
