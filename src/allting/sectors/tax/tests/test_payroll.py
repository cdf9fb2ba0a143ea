"""Payroll reports: checked row by row, billed, replaced by reference, told of, and seen by nobody else."""

import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allting.common.audit.models import Entry
from allting.common.cases.tests.factories import begin, client_of, fill_in, work
from allting.common.mailbox.models import StoredLetter
from allting.common.outbox import api as outbox
from allting.common.payment import api as payment
from allting.common.payment.models import Bill
from allting.common.registers.models import Mandate
from allting.common.registers.tests import factories as make
from allting.kernel import events
from allting.kernel.actor import Actor, Party
from allting.kernel.calendar import months_after
from allting.sectors.tax import employment
from allting.sectors.tax.models import Employment, PayrollLine, PayrollReport
from allting.sectors.tax.payroll import reading, receiving, reported
from allting.sectors.tax.returns import reports
from allting.sectors.tax.tests import factories_cards as tax

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year
MONTH = months_after(timezone.localdate().replace(day=1), -1 if timezone.localdate().month > 1 else 0)


@pytest.fixture
def kari():
    tax.authority()
    return make.person(given_name="Kari")


@pytest.fixture
def firm(kari):
    return tax.employer()[0]


@pytest.fixture
def program(firm):
    return tax.Program(firm, "allting:payroll")


@pytest.fixture
def siri(firm):
    """She leads the firm, and acts for it in her browser."""
    chief = Mandate.objects.get(organisation=firm.pk).person
    return client_of(chief, acting_for=Party("organisation", firm.pk))


def row(person, amount=50_000_00, withheld=12_000_00, **more):
    income = [{"kind": "fixed-pay", "amount": amount}]
    return {"identity_number": person.identity_number, "begins": f"{YEAR}-01-01", "incomes": income,
            "withheld": withheld} | more  # fmt: skip


def body(*rows, **more):
    return {"month": f"{MONTH:%Y-%m}", "reference": "main", "zone": "1", "employees": list(rows)} | more


def sent(program, *rows, **more):
    answer = program.send("/payroll", body(*rows, **more))
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_report_is_received_counted_and_billed(program, kari, firm):
    """Folketrygdloven § 23-2: 14.1 % of 50 000 in zone 1 is 7 050."""
    found = sent(program, row(kari))
    assert (found["base"], found["withheld"], found["contribution"]) == (50_000_00, 12_000_00, 7_050_00)
    bill = Bill.objects.get(payer=f"organisation:{firm.pk}")
    assert (bill.kid, bill.amount, bill.status) == (found["kid"], 19_050_00, "due")
    assert Employment.objects.get().person == kari.pk
    seen = Entry.objects.filter(subject=kari.pk, dataset="tax.payroll").get()
    assert seen.basis == "skatteforvaltningsloven §§ 7-2 og 8-6" and seen.fields == ["fixed-pay", "withheld"]


def test_what_is_stored_of_a_person_cannot_be_read_in_the_table(program, kari):
    sent(program, row(kari))
    line = PayrollLine.objects.get()
    assert b"fixed-pay" not in bytes(line.content)
    assert receiving.content_of(line) == {"incomes": {"fixed-pay": 50_000_00}, "withheld": 12_000_00}


def test_the_same_report_again_is_the_same_receipt(program, kari):
    first, second = sent(program, row(kari)), sent(program, row(kari))
    assert first["id"] == second["id"] and PayrollReport.objects.count() == Bill.objects.count() == 1


def test_another_with_the_same_reference_replaces_it_and_its_bill(program, kari):
    first, second = sent(program, row(kari)), sent(program, row(kari, amount=60_000_00))
    assert program.get(f"/api/payroll/{first['id']}").json()["replaced"] is True
    assert [one["id"] for one in program.get("/api/payroll").json()] == [second["id"]]
    assert [one.status for one in Bill.objects.order_by("pk")] == ["cancelled", "due"]
    assert reported.so_far(kari.pk) == {"wages": 60_000_00, "withheld": 12_000_00}


def test_what_was_paid_for_a_replaced_report_goes_back(program, kari, siri):
    sent(program, row(kari))
    pay(siri)
    sent(program, row(kari, amount=60_000_00))
    assert [one.status for one in Bill.objects.order_by("pk")] == ["to-refund", "due"]


def pay(browser):
    """As the one who represents the enterprise does, at the demo's bank; returns where it ends."""
    bill = Bill.objects.latest("pk")
    token = browser.post(f"/my/payments/{bill.pk}")["Location"].rsplit("/", 1)[1]
    back = browser.post(f"/demo/pay/{token}", {"do": "pay"})["Location"]
    return browser.get(back)["Location"]


def test_a_paid_bill_leads_to_the_report_and_to_no_case(program, kari, siri):
    found = sent(program, row(kari))
    assert pay(siri) == f"/employer/payroll/{found['id']}"
    page = siri.get(f"/my/payments/{Bill.objects.get().pk}").content.decode()
    main = page.partition("<main")[2].partition("<footer")[0]
    assert f"/employer/payroll/{found['id']}" in main and "/my/cases/" not in main


def test_a_bill_that_is_not_paid_in_time_is_followed_by_a_letter(program, kari, firm):
    sent(program, row(kari))
    today = timezone.localdate()
    Bill.objects.update(due=today - timedelta(days=40), next_look=today)
    with transaction.atomic():
        outbox.put("payment.late", "test")
    work()
    letter = StoredLetter.objects.get(recipient=f"organisation:{firm.pk}")
    assert letter.service == "payroll" and letter.sender == make.state("skatteetaten").pk


def test_another_reference_of_the_month_is_a_report_beside_it(program, kari):
    other = make.person()
    sent(program, row(kari))
    sent(program, row(other), reference="shop-2")
    assert len(program.get("/api/payroll").json()) == 2


def test_whoever_listens_hears_of_each_report_once(program, kari, firm):
    heard = []

    def listen(**facts):
        heard.append(facts)

    events.subscribe("tax.income_reported", listen)
    try:
        sent(program, row(kari))
        sent(program, row(kari))
    finally:
        events._handlers["tax.income_reported"].remove(listen)
    (facts,) = heard
    assert (facts["employer"], facts["month"], facts["reference"]) == (firm.pk, MONTH, "main")
    assert facts["lines"] == [receiving.Line(kari.pk, {"fixed-pay": 50_000_00}, 12_000_00)]


def test_the_months_of_a_year_are_one_amount_in_the_tax_return(program, kari, firm):
    """Corrected and counted anew; who is no longer in a month has what the other months come to."""
    other = make.person()
    amounts = lambda person: {one["kind"]: one["amount"] for one in reports.dataset(person.pk)}  # noqa: E731
    sent(program, row(kari), row(other))
    sent(program, row(kari, 10_000_00, 1_000_00), reference="bonus")
    assert amounts(kari) == {"wage": 60_000_00, "withheld": 13_000_00}
    assert amounts(other) == {"wage": 50_000_00, "withheld": 12_000_00}
    sent(program, row(kari, 52_000_00))
    assert amounts(kari) == {"wage": 62_000_00, "withheld": 13_000_00} and amounts(other) == {}
    assert {one["reporter"] for one in reports.dataset(kari.pk)} == {firm.name}


def test_bad_rows_are_told_by_number_and_nothing_is_stored(program, kari):
    rows = [
        row(kari), row(kari, identity_number="12345678901"), row(kari),
        row(make.person(), withheld=60_000_00), row(make.person(), begins=f"{YEAR + 1}-01-01"),
        row(make.person(), ends=f"{YEAR - 1}-01-01"), row(make.person(), incomes=[{"kind": "gold", "amount": 1}]),
    ]  # fmt: skip
    answer = program.send("/payroll", body(*rows))
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()["errors"]) == {f"employees.{place}" for place in range(2, 8)}
    assert not PayrollReport.objects.exists() and not Bill.objects.exists() and not Employment.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"zone": "6"}, "zone"),
        ({"zone": ""}, "zone"),
        ({"reference": ""}, "reference"),
        ({"reference": "a b\x00"}, "reference"),
        ({"month": f"{YEAR + 1}-12"}, "month"),
        ({"month": "2001-01"}, "month"),
        ({"month": "2026-13"}, "month"),
        ({"withheld": 11_000_00}, "withheld"),
        ({"contribution": 1}, "contribution"),
        ({"employees": []}, "employees"),
    ],
)
def test_what_is_wrong_with_the_whole_is_told_by_field(program, kari, more, field):
    answer = program.send("/payroll", body(row(kari)) | more)
    assert answer.status_code == 422 and field in answer.json()["errors"]
    assert not PayrollReport.objects.exists()


def test_in_zone_1a_the_year_so_far_counts(program, kari):
    """The free amount of 850 000 is used at 24 285 714 kroner (3.5 points)."""
    sent(program, row(kari, amount=24_285_714_00, withheld=0), zone="1a", reference="first")
    assert sent(program, row(kari, amount=100_000_00, withheld=0), zone="1a")["contribution"] == 14_100_00


def test_only_the_enterprise_itself_sees_it(program, kari):
    found = sent(program, row(kari))
    other = tax.Program(tax.employer("Nabokroa AS")[0], "allting:payroll")
    for path in (f"/api/payroll/{found['id']}", f"/api/payroll/{found['id']}/employees"):
        assert program.get(path).status_code == 200 and other.get(path).status_code == 404
    assert other.get("/api/payroll").json() == []
    assert client_of(kari).get("/employer/payroll").status_code == 403


def test_the_deadlines_are_the_5th_and_the_15th_or_the_next_working_day():
    """A-opplysningsforskriften § 2-1; skattebetalingsloven § 10-10. 5 April 2026 is Easter Day."""
    assert receiving.deadline(date(2026, 10, 1)) == date(2026, 11, 5)
    assert receiving.due(date(2026, 6, 1)) == date(2026, 7, 15)
    assert receiving.deadline(date(2026, 8, 1)) == date(2026, 9, 7)  # the 5th is a Saturday
    assert receiving.deadline(date(2026, 3, 1)) == date(2026, 4, 7)
    assert receiving.due(date(2026, 1, 1)) == receiving.due(date(2026, 2, 1)) == date(2026, 3, 16)  # a Sunday
    assert receiving.due(date(2026, 10, 1)) == date(2026, 11, 16)
    assert receiving.due(date(2026, 11, 1)) == date(2027, 1, 15)


# --- The page --------------------------------------------------------------------------------------------


def upload(browser, text, **more):
    data = text if isinstance(text, bytes) else text.encode()
    form = {"month": f"{MONTH:%Y-%m}", "zone": "1", "reference": "1"} | more
    return browser.post("/employer/payroll/new", form | {"file": SimpleUploadedFile("pay.csv", data)})


HEAD = "identity_number;begins;ends;kind;amount;withheld\n"


def test_a_small_enterprise_reports_with_a_file_and_sees_its_receipt(siri, kari):
    lines = f"{kari.identity_number};{YEAR}-01-01;;fixed-pay;50000;12000\n"
    lines += f"{kari.identity_number};{YEAR}-01-01;;overtime;1000,50;0\n"
    answer = upload(siri, HEAD + lines)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    page = siri.get(answer["Location"]).content.decode()
    assert "51\u00a0000,50\u00a0kr" in page and kari.identity_number in page and Bill.objects.get().kid in page
    assert str(answer["Location"]).split("?")[0] in siri.get("/employer/payroll").content.decode()


def test_a_json_file_is_the_body_of_the_api(siri, kari):
    assert upload(siri, json.dumps({"employees": [row(kari)]})).status_code == 302


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "mangler kolonnene"),
        ("a;b\n", "identity_number"),
        (HEAD, "ingen rad"),
        (HEAD + "12345678901;2026-01-01;;fixed-pay;1;0\n", "Rad 1"),
        (HEAD + "\n01010112345;soon;;fixed-pay;1;0\n", "Rad 1"),
        (HEAD + "01010112345;2026-01-01;;fixed-pay;-5;0\n", "Rad 1"),
        ("{", "JSON"),
        ('{"employees": [{"identity_number": "1", "begins": "x"}]}', "Rad 1"),
        (b"\xff\xfe\x00", "UTF-8"),
    ],
)
def test_a_bad_file_is_told_at_its_field_and_the_choices_are_kept(siri, text, says):
    answer = upload(siri, text, reference="butikk-7")
    page = answer.content.decode()
    assert answer.status_code == 422 and 'href="#field-file"' in page and says in page
    assert 'value="butikk-7"' in page and 'value="1" selected' in page
    assert not PayrollReport.objects.exists()


def test_without_a_file_or_with_another_month_it_says_so(siri):
    answer = siri.post("/employer/payroll/new", {"month": "1999-01", "zone": "1", "reference": "1"})
    assert answer.status_code == 422 and 'href="#field-month"' in answer.content.decode()
    answer = siri.post("/employer/payroll/new", {"month": f"{MONTH:%Y-%m}", "zone": "1", "reference": "1"})
    assert answer.status_code == 422 and 'href="#field-file"' in answer.content.decode()


def test_an_accountant_reports_for_her_client(kari, firm):
    turid = make.person()
    Mandate.objects.create(person=turid, organisation=firm, role="accountant")
    browser = client_of(turid, acting_for=Party("organisation", firm.pk))
    text = HEAD + f"{kari.identity_number};{YEAR}-01-01;;fixed-pay;50000;12000\n"
    assert upload(browser, text).status_code == 302


def test_the_report_fills_in_her_tax_card(program, kari):
    sent(program, row(kari))
    browser = client_of(kari)
    draft = begin(browser, "tax-card")
    fill_in(browser, draft, {"income": {"wages": "600000", "pension": "0", "other": "0"},
                             "deductions": {"interest": "0", "deductions": "0"}})  # fmt: skip
    page = browser.get(f"/drafts/{draft}/so-far").content.decode()
    assert 'value="50000"' in page and 'value="12000"' in page


# --- Whatever comes --------------------------------------------------------------------------------------

ANY = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


@ANY
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda one: (HEAD + one).encode("utf-8", "ignore")))
def test_whatever_file_comes_it_is_read_or_refused(data):
    try:
        rows, faults = reading.of_file(data)
    except receiving.Invalid as wrong:
        assert list(wrong.errors) == ["file"]
    else:
        assert all(one.gross >= 0 and one.withheld >= 0 for one in rows) and all(faults.values())


@ANY
@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 100)), min_size=1, max_size=8))
def test_the_sums_are_those_of_the_rows_and_the_bill_is_both(employed, amounts):
    actor, people = employed
    rows = [
        reading.Row(place, people[place - 1].identity_number, date(YEAR, 1, 1), None, {"bonus": amount},
                    amount * percent // 100)
        for place, (amount, percent) in enumerate(amounts, 1)
    ]  # fmt: skip
    found = receiving.receive(actor, receiving.Given(MONTH, "sums", "2", rows, reading.Faults()))
    assert found.base == sum(amount for amount, _percent in amounts)
    assert abs(found.contribution - found.base * 106 / 1000) <= 100
    bill = payment.bill_of_case(found.id)
    assert (bill.amount if bill else 0) == found.withheld + found.contribution == found.to_pay


@pytest.fixture
def employed(kari):
    return tax.employer()[1], [make.person() for _one in range(8)]


def test_who_employs_nobody_and_people_do_not_report(kari):
    given = receiving.Given(MONTH, "x", "1", [], reading.Faults())
    with pytest.raises(employment.NotAllowed):
        receiving.receive(Actor(kari.pk), given)
