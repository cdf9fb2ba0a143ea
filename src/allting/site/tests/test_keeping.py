"""Backup and restore with a case in flight; keys; the check-up."""

from __future__ import annotations

import errno
import socket
import tarfile
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from allting.common.audit import api as audit
from allting.common.audit.models import Entry
from allting.common.cases.models import Case
from allting.common.cases.tests.factories import client_of, send, work
from allting.common.mailbox.models import StoredLetter
from allting.common.outbox import api as outbox
from allting.common.payment.models import Posting
from allting.common.payment.tests.factories import send_bill
from allting.common.registers.models import Person
from allting.common.registers.tests import factories as people
from allting.kernel import encryption
from allting.site import doctor, keeping

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def parent():
    """A parent whose application is sent and not decided yet: the rule's decision waits in the outbox."""
    people.state("nav")
    people.state("nav-klageinstans")
    parent = people.person()
    child = people.child_of(parent)
    answers = {"child": {"child": str(child.pk), "alone": "no", "abroad": "no"}}
    send(client_of(parent), "child-benefit", answers)
    audit.seal_pending()
    return parent


def run(*words):
    said = StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


def test_a_ledger_that_refuses_removal_is_replaced_whole(parent, tmp_path):
    send_bill(parent)
    file = tmp_path / "all.tar.gz"
    run("backup", str(file))
    send_bill(parent, key="after")
    run("restore", str(file), "--replace")
    assert Posting.objects.count() == 1


def test_a_case_in_flight_is_decided_once_after_the_way_back(parent, tmp_path):
    file = tmp_path / "all.tar.gz"
    said = run("backup", str(file))
    assert "keys are not" in said and oct(file.stat().st_mode)[-3:] == "600"
    work()  # what happens after the backup is not in it
    assert StoredLetter.objects.count() == 1
    with pytest.raises(CommandError, match="data here already"):
        run("restore", str(file))
    run("restore", str(file), "--replace")
    assert StoredLetter.objects.count() == 0 and Case.objects.get().state == "received"
    assert outbox.waiting() > 0 and audit.verify().whole
    work()
    work()
    assert StoredLetter.objects.count() == 1 and Case.objects.get().outcome == "granted"
    assert "barnetrygd" in client_of(parent).get("/my/letters").content.decode()
    people.person()  # numbers given out after the restore do not collide
    audit.seal_pending()
    assert audit.verify().whole


@pytest.mark.parametrize("harm", ["cut", "changed", "not a file of ours"])
def test_a_damaged_file_is_refused_and_nothing_is_changed(parent, tmp_path, harm):
    file = tmp_path / "all.tar.gz"
    run("backup", str(file))
    if harm == "cut":
        file.write_bytes(file.read_bytes()[:-2000])
    elif harm == "changed":
        _change(file, "tables/cases.case.jsonl")
    else:
        file.write_bytes(b"hello")
    before = (Case.objects.count(), Person.objects.count(), Entry.objects.count())
    with pytest.raises(CommandError, match="Nothing was changed"):
        run("restore", str(file), "--replace")
    assert (Case.objects.count(), Person.objects.count(), Entry.objects.count()) == before


def _change(file, name):
    """Turn one letter of a member into another."""
    import io

    with tarfile.open(file) as archive:
        members = [(info, archive.extractfile(info).read()) for info in archive.getmembers()]
    with tarfile.open(file, "w:gz") as archive:
        for info, data in members:
            if info.name == name:
                data = data.replace(b"received", b"decided ")
            archive.addfile(info, io.BytesIO(data))


def test_another_versions_file_is_refused(parent, tmp_path, monkeypatch):
    file = tmp_path / "all.tar.gz"
    run("backup", str(file))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('x', '0001', '2026-01-01')")
    try:
        with pytest.raises(CommandError, match="other migrations"):
            run("restore", str(file), "--replace")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'x'")


def test_the_keys_go_along_only_encrypted(parent, tmp_path, settings):
    file = tmp_path / "all.tar.gz"
    settings.BACKUP_PASSPHRASE = "correct horse"
    run("backup", str(file))
    with tarfile.open(file) as archive:
        sealed = archive.extractfile("keys.sealed").read()
    key = next(iter(settings.KEY_FOLDER.glob("contents-*.key"))).read_bytes()
    assert key not in sealed
    settings.BACKUP_PASSPHRASE = "wrong"
    with pytest.raises(CommandError, match="passphrase"):
        run("restore", str(file), "--replace")
    settings.BACKUP_PASSPHRASE = "correct horse"
    settings.KEY_FOLDER = tmp_path / "new-keys"
    run("restore", str(file), "--replace")
    assert next(iter(settings.KEY_FOLDER.glob("contents-*.key"))).read_bytes() == key
    assert all(path.stat().st_mode & 0o077 == 0 for path in settings.KEY_FOLDER.glob("*"))


def test_a_full_disk_leaves_the_old_backup_alone(parent, tmp_path, monkeypatch):
    file = tmp_path / "all.tar.gz"
    run("backup", str(file))
    old = file.read_bytes()

    def full(*args, **more):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(keeping, "_add", full)
    with pytest.raises(CommandError, match="No space left"):
        run("backup", str(file))
    assert file.read_bytes() == old and [one.name for one in tmp_path.iterdir()] == ["all.tar.gz"]


# --- Keys --------------------------------------------------------------------------------------------


def test_a_new_contents_key_seals_and_the_old_one_still_opens(settings, tmp_path):
    settings.KEY_FOLDER = tmp_path / "keys"
    old = encryption.seal(b"before", "x")
    assert "New contents key" in run("keys", "rotate", "contents")
    assert encryption.unseal(old, "x") == b"before"
    assert encryption.seal(b"after", "x")[1:9].hex() == encryption.key_ids()[-1] != old[1:9].hex()
    listed = run("keys")
    assert "contents-0002.key" in listed and "personal contents" in listed
    assert "are well" in run("keys", "check")


def test_a_new_signing_key_is_published_beside_the_old(settings, tmp_path, client):
    settings.KEY_FOLDER = tmp_path / "keys"
    first = client.get("/id/jwks").json()["keys"]
    run("keys", "rotate", "oidc")
    both = client.get("/id/jwks").json()["keys"]
    assert [key["alg"] for key in first] == ["RS256", "ES256"]
    assert [key for key in both if key in first] == first
    assert len({key["kid"] for key in both}) == 4


def test_a_key_that_others_can_read_is_told(settings, tmp_path):
    settings.KEY_FOLDER = tmp_path / "keys"
    encryption.seal(b"x", "x")
    (settings.KEY_FOLDER / "contents-0001.key").chmod(0o644)
    with pytest.raises(CommandError, match="chmod 600"):
        run("keys", "check")
    assert ("keys", "error") in [(one.what, one.level) for one in doctor.folders()]


# --- Log ---------------------------------------------------------------------------------------------


def test_a_changed_log_is_told(parent):
    assert "whole" in run("audit", "verify")
    Entry.objects.filter(pk=Entry.objects.order_by("id").first().pk).update(reason="noe annet")
    with pytest.raises(CommandError, match="does not fit"):
        run("audit", "verify")
    assert "sealed" in run("audit", "seal")


# --- Check-up ----------------------------------------------------------------------------------------


def found(*pairs):
    return {(one.what, one.level): one for one in doctor.findings()}


def test_what_is_misconfigured_is_told_with_how_to_mend_it(settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.SMTP_PORT = closed.getsockname()[1]
        settings.BASE_URL = "http://allting.example"
        settings.PAYMENT_PROVIDER = "nobody"
        settings.EID_PROVIDERS = ["nobody"]
        settings.SMS_GATEWAY_URL = ""
        seen = found()
    assert seen["mail", "error"].mend and seen["payment", "error"] and seen["eID", "error"]
    assert seen["address", "error"] and seen["demo", "error"] and seen["SMS", "warning"]
    assert seen["letters", "ok"] and seen["service files", "ok"] and seen["database", "ok"]


def test_a_worker_that_is_not_there_is_noticed(parent):
    from datetime import timedelta

    from django.utils import timezone

    from allting.common.outbox.models import Effect

    assert ("worker", "ok") in found()
    Effect.objects.filter(done=None).update(due=timezone.now() - timedelta(minutes=5))
    assert ("worker", "error") in found()


def test_the_command_ends_with_one_when_something_must_be_mended(settings):
    settings.PAYMENT_PROVIDER = "nobody"
    with pytest.raises(SystemExit) as ended:
        run("doctor", "--json")
    assert ended.value.code == 1
