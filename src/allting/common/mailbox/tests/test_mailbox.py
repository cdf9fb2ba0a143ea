import subprocess
from io import BytesIO
from uuid import uuid4

import pikepdf
import pytest
from django.db import transaction
from django.utils import timezone

from allting.common.mailbox import api as mailbox
from allting.common.mailbox.delivery import carry_out
from allting.common.mailbox.models import StoredLetter
from allting.common.mailbox.rendering import pdf_of
from allting.common.outbox import api as outbox
from allting.common.outbox.models import Effect
from allting.common.registers.tests import factories
from allting.kernel import events
from allting.kernel.actor import Actor, Level, Party
from allting.kernel.problems import NotFound

pytestmark = pytest.mark.django_db


def letter_to(person, title="Vedtak"):
    return mailbox.Letter(
        recipient=Party("person", person),
        sender=uuid4(),
        sender_name="Molde kommune",
        title=title,
        paragraphs=[
            mailbox.Heading("Begrunnelse"),
            mailbox.Paragraph('#panic("markup") $x$ *not bold* <b>'),
            mailbox.Items(["en", "to"]),
            mailbox.Facts([("Start", "1. august")]),
            mailbox.Table(["Måned", "Kroner"], [["mai", "3 000"]]),
        ],
        case=uuid4(),
        case_number="2026/1",
        appeal="Du kan klage innen 3 uker.",
    )


@pytest.fixture
def reader():
    return Actor(person=factories.person().id, level=Level.SUBSTANTIAL)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_letter_is_tagged_and_knows_its_language(reader, language):
    with pikepdf.open(BytesIO(mailbox.render(letter_to(reader.person), language))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang).startswith(language)


def test_a_paragraph_of_a_law_stays_on_one_line_with_its_text_as_it_was(tmp_path):
    """However far out on the line it begins, and the words before and after it still break."""
    law = "folketrygdloven § 14-6, §§ 22-15 og skattebetalingsforskriften § 10-20-1 og § 16"
    blocks = [{"kind": "paragraph", "text": f"{'x' * wide} {law} og videre. " * 3} for wide in range(1, 30)]
    (tmp_path / "a.pdf").write_bytes(pdf_of({"title": "Brev", "language": "nb", "blocks": blocks}))
    made = subprocess.run(["pdftotext", "-layout", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True)
    lines = [one.strip() for one in made.stdout.splitlines() if one.strip()]
    assert len(lines) > 100 and not [one for one in lines if one.endswith(("§", "-"))]
    assert made.stdout.count("§ 10-20-1") == made.stdout.count("§ 14-6") == 29 * 3


def test_a_letter_done_twice_comes_once_sealed_and_encrypted(reader):
    mailbox.deliver(letter_to(reader.person), "k")
    mailbox.deliver(letter_to(reader.person), "k")
    assert mailbox.inbox(reader) == []
    outbox.drain()
    first = bytes(StoredLetter.objects.get().pdf)
    carry_out({}, "k")
    row = StoredLetter.objects.get()
    assert bytes(row.pdf) == first
    assert b"%PDF" not in first
    assert b"Vedtak" not in bytes(row.content)
    assert b"ETSI.CAdES.detached" in mailbox.pdf(reader, row.pk)
    assert Effect.objects.filter(kind="mailbox.remind", done=None).count() == 1


def test_a_crash_between_making_and_commit_leaves_no_half_letter(reader):
    mailbox.deliver(letter_to(reader.person), "k")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        carry_out({}, "k")
        1 / 0  # noqa: B018
    assert mailbox.inbox(reader) == []
    outbox.drain()
    assert len(mailbox.inbox(reader)) == 1


def test_another_persons_letter_is_not_found(reader):
    mailbox.deliver(letter_to(reader.person), "k")
    outbox.drain()
    (mine,) = mailbox.inbox(reader)
    other = Actor(person=uuid4(), level=Level.HIGH)
    assert mailbox.inbox(other) == []
    for verb in (mailbox.open_letter, mailbox.pdf):
        with pytest.raises(NotFound):
            verb(other, mine.id)
    assert mailbox.unread(reader) == 1


def test_the_first_opening_is_told_once(reader):
    told = []
    events.subscribe("mailbox.opened", lambda letter, case: told.append(letter))
    mailbox.deliver(letter_to(reader.person), "k")
    outbox.drain()
    (mine,) = mailbox.inbox(reader)
    assert mailbox.open_letter(reader, mine.id).opened == mailbox.open_letter(reader, mine.id).opened
    assert told == [mine.id]
    assert mailbox.unread(reader) == 0


def test_the_inbox_pages_by_key(reader):
    for number in range(3):
        mailbox.deliver(letter_to(reader.person, f"Brev {number}"), f"k{number}")
    outbox.drain()
    first = mailbox.inbox(reader, limit=2)
    rest = mailbox.inbox(reader, before=first[-1].id, limit=2)
    assert [letter.title for letter in first + rest] == ["Brev 2", "Brev 1", "Brev 0"]


def test_an_unopened_letter_is_told_of_again_an_opened_one_is_not(reader):
    for key in ("opened", "unopened"):
        mailbox.deliver(letter_to(reader.person), key)
    outbox.drain()
    Effect.objects.filter(kind__startswith="notification").delete()
    mailbox.open_letter(reader, StoredLetter.objects.get(key="opened").pk)
    due = Effect.objects.filter(kind="mailbox.remind")
    assert {round((row.due - timezone.now()).total_seconds() / 86400) for row in due} == {7}
    due.update(due=timezone.now())
    handled = outbox.drain(2)
    assert handled == 2
    told = Effect.objects.filter(kind="notification.email")
    assert [row.key for row in told] == [f"letter-reminder:{StoredLetter.objects.get(key='unopened').pk}"]
    assert told[0].payload["message"] == "letter-reminder"
