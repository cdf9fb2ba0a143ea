import csv
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from allting.common.audit import api as audit
from allting.common.mailbox import api as mailbox
from allting.common.mailbox import printing
from allting.common.mailbox.models import StoredLetter
from allting.common.mailbox.tests.test_mailbox import letter_to
from allting.common.outbox import api as outbox
from allting.common.outbox.models import Effect
from allting.common.registers.models import Person
from allting.common.registers.tests import factories
from allting.kernel.actor import Actor, Capacity, Party
from allting.kernel.problems import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def reserved():
    return [factories.person(given_name=name, reserved=True) for name in ("Åse", "Bo;b", "Cato")]


def deliver(people):
    for person in people:
        mailbox.deliver(letter_to(person.pk), f"k-{person.pk}")
    outbox.drain()


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def lists(folder):
    rows = []
    for path in sorted(folder.glob("list-*.csv")):
        with path.open(encoding="utf-8-sig") as file:
            rows += csv.DictReader(file, delimiter=";")
    return rows


def test_each_letter_on_paper_is_printed_once(reserved, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(printing, "BATCH", 2)
    deliver([*reserved, factories.person()])
    call_command("print", str(tmp_path / "out"))
    assert "3 letters" in capsys.readouterr().out
    first = files(tmp_path / "out")
    listed = lists(tmp_path / "out")
    assert [row["name"] for row in listed] == ["Åse Prøve", "Bo;b Prøve", "Cato Prøve"]
    assert {row["street"] for row in listed} == {"Storgata 1"}
    assert all(first[row["file"]].startswith(b"%PDF") for row in listed)
    assert not any(path.stat().st_mode & 0o077 for path in [tmp_path / "out", *(tmp_path / "out").iterdir()])
    call_command("print", str(tmp_path / "out"))
    assert "0 letters" in capsys.readouterr().out
    assert files(tmp_path / "out") == first
    assert Effect.objects.filter(kind="notification.email").count() == 1  # the one who is not reserved


def test_the_reserved_can_see_who_asked_for_the_address(reserved, tmp_path):
    deliver(reserved[:1])
    printing.print_waiting(tmp_path)
    (entry,) = audit.entries_about(Actor(person=reserved[0].pk))
    assert (entry.who, entry.dataset, entry.capacity) == ("Molde kommune", "population.address", Capacity.SYSTEM)
    assert entry.reason == "For å sende deg et brev på papir"
    assert entry.case is not None


def test_a_crash_before_the_mark_prints_the_same_files_again(reserved, tmp_path, monkeypatch):
    deliver(reserved[1:])

    def die(lines):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(printing, "_table", die)
        printing.print_waiting(tmp_path)
    half = files(tmp_path)
    StoredLetter.objects.update(delivered=timezone.now() - timedelta(days=1))
    deliver(reserved[:1])  # a new letter in between stands on a list of its own
    assert printing.print_waiting(tmp_path) == mailbox.Printed(3, 0)
    after = files(tmp_path)
    assert half.items() <= after.items()
    assert len(lists(tmp_path)) == len({row["file"] for row in lists(tmp_path)}) == 3
    assert len(list(tmp_path.glob("list-*.csv"))) == 2


def test_a_letter_without_an_address_waits_for_one(reserved, tmp_path):
    deliver(reserved)
    home = reserved[0].address
    Person.objects.filter(pk=reserved[0].pk).update(address=None)
    assert printing.print_waiting(tmp_path) == mailbox.Printed(2, 1)
    assert printing.print_waiting(tmp_path) == mailbox.Printed(0, 1)
    Person.objects.filter(pk=reserved[0].pk).update(address=home)
    assert printing.print_waiting(tmp_path) == mailbox.Printed(1, 0)


def test_a_folder_that_cannot_be_written_is_explained(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="file"):
        call_command("print", str(tmp_path / "file" / "out"))


def test_a_letter_by_post_only_is_printed_and_never_shown_in_the_mailbox(client, tmp_path):
    factories.state("digitaliseringsdirektoratet")
    kari = factories.person()
    with transaction.atomic():
        mailbox.post(Party("person", kari.pk), "Kode", ["ABCDE-FGHJK"], "post-1")
    outbox.drain()
    row = StoredLetter.objects.get()
    assert (row.channel, row.delivered is not None) == ("post", True)
    assert not Effect.objects.filter(kind__startswith="notification").exists()
    me = Actor(person=kari.pk)
    assert (mailbox.inbox(me), mailbox.inbox(me, limit=50), mailbox.unread(me)) == ([], [], 0)
    with pytest.raises(NotFound):
        mailbox.open_letter(me, row.pk)
    assert printing.print_waiting(tmp_path).letters == 1
