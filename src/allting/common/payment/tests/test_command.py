"""``allting payments``, and what comes again and again: a notice ten times, a crash between posting and file."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from allting.common.payment import batches, incoming
from allting.common.payment.management.commands import payments
from allting.common.payment.models import Bill, OwnAccount, Posting, Receipt
from allting.common.payment.tests.camt_file import ACCOUNT, camt, payment
from allting.common.payment.tests.factories import FEE, go_to_bank, own_account, pay, quiet, send_bill, treasurers, work
from allting.common.registers.tests import factories as people
from allting.kernel.rules import Pay

pytestmark = pytest.mark.django_db
SOURCE = Path(__file__).resolve().parents[4]


@pytest.fixture
def nav(monkeypatch):
    quiet(monkeypatch)
    found = people.state("nav")
    own_account(found, ACCOUNT)
    return found


def approved(nav):
    one, other = treasurers(nav)
    pay(people.person(), Pay(500_00, FEE))
    work()
    made = batches.make(one)
    batches.approve(other, made.id)
    return other, made


def test_each_approved_batch_is_written_once_for_its_owner_only(nav, tmp_path, capsys):
    treasurer, made = approved(nav)
    call_command("payments", "export", "--authority", "nav", str(tmp_path))
    (file,) = tmp_path.iterdir()
    assert file.read_bytes() == batches.file(treasurer, made.id)[1] and stat.S_IMODE(file.stat().st_mode) == 0o600
    call_command("payments", "export", "--authority", "nav", str(tmp_path))
    assert "0 files" in capsys.readouterr().out
    assert Posting.objects.filter(kind="payout-sent").count() == 1


def test_a_disk_that_is_full_posts_nothing(nav, tmp_path, monkeypatch):
    approved(nav)

    def full(path, contents):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(payments, "put_whole", full)
    with pytest.raises(CommandError):
        call_command("payments", "export", "--authority", "nav", str(tmp_path))
    assert not Posting.objects.filter(kind="payout-sent").exists() and batches.approved(nav.pk)


def test_wrong_words_are_refused(nav, tmp_path):
    for words in (
        ("export", "--authority", "nobody", str(tmp_path)),
        ("account", "--authority", "nav", "12345678901", "DNBANOKK"),
        ("account", "--authority", "nav", "00000000019", "DNB"),
        ("read", str(tmp_path / "none.xml")),
    ):
        with pytest.raises(CommandError):
            call_command("payments", *words)
    bad = tmp_path / "bad.xml"
    bad.write_bytes(camt(payment(1, currency="EUR")))
    with pytest.raises(CommandError, match="camt-currency"):
        call_command("payments", "read", str(bad))
    assert OwnAccount.objects.get().account == ACCOUNT and not Posting.objects.exists()


def test_an_account_is_not_changed_while_a_batch_waits(nav, capsys):
    approved(nav)
    with pytest.raises(CommandError, match="batches"):
        call_command("payments", "account", "--authority", "nav", "00000000019", "DNBANOKK")
    molde = people.municipality()
    with pytest.raises(CommandError, match="another authority"):
        call_command("payments", "account", "--authority", molde.slug, ACCOUNT, "DNBANOKK")
    call_command("payments", "account", "--authority", molde.slug, "0000 00 00019".replace(" ", ""), "dnbanokk")
    assert OwnAccount.objects.get(pk=molde.pk).bic == "DNBANOKK"


def test_the_same_payment_told_of_ten_times_is_booked_once(nav, tmp_path):
    """In ten files, of two versions; and over the provider, ten notices and ten ways back."""
    bill = send_bill(people.person())
    Bill.objects.update(creditor=nav.pk)
    for time in range(10):
        version = ("08", "02")[time % 2]
        incoming.take(camt(payment(90_00, kid=bill.kid), message=f"M{time}", version=version))
    assert Receipt.objects.count() == 1 and Posting.objects.filter(credit="receivable").count() == 1
    person = people.person()
    other = send_bill(person, key="two")
    token = go_to_bank(person, other)
    for _time in range(10):
        assert Client().post("/payments/notice", {"reference": token}).status_code == 204
        assert Client().get(f"/payments/return/{token}").status_code == 302
    assert Posting.objects.filter(subject=other.id, debit="provider").count() == 1


SETTING_UP = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from allting.common.payment.tests.factories import *
nav = people.state("nav")
own_account(nav)
pay(people.person(), Pay(500_00, FEE))
work()
one, other = treasurers(nav)
batches.approve(other, batches.make(one).id)
"""
CRASHING = """
import os
from django.core.management import call_command
from allting.common.payment.management.commands import payments
put = payments.put_whole
payments.put_whole = lambda path, contents: (put(path, contents), os.kill(os.getpid(), 9))
call_command("payments", "export", "--authority", "nav", {folder!r})
"""
COUNTING = """
from allting.common.payment.models import Batch, Posting
print(Batch.objects.get().status, Posting.objects.filter(kind="payout-sent").count())
"""


def test_a_process_that_is_killed_between_the_file_and_the_posting_is_mended_by_running_again(tmp_path):
    """A real process with its own database, killed as the power would be cut: the file is there, nothing is posted."""
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {"ALLTING_DATA": str(tmp_path / "data"), "ALLTING_DEMO": "1", "PYTHONPATH": str(SOURCE),
            "DJANGO_SETTINGS_MODULE": "allting.site.settings"}  # fmt: skip
    folder = tmp_path / "out"

    def run(code, *words, ends=0):
        command = [sys.executable, "-m", "allting", *(words or ("shell", "-c", code))]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=180)
        assert done.returncode == ends, done.stdout + done.stderr
        return done.stdout.split()[-2:]

    run(SETTING_UP)
    run(CRASHING.format(folder=str(folder)), ends=-9)
    (first,) = [one.read_bytes() for one in folder.iterdir()]
    assert run(COUNTING) == ["approved", "0"]
    run("", "payments", "export", "--authority", "nav", str(folder))
    assert [one.read_bytes() for one in folder.iterdir()] == [first] and run(COUNTING) == ["sent", "1"]
