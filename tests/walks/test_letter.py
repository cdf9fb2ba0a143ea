"""A letter with much in it, read on a phone; and the message that says it came."""

import re

import pytest

from tests.walks.test_accessibility import findings
from tests.walks.test_login import log_in

pytestmark = pytest.mark.browser
LETTER = """
from uuid import uuid4
from django.db import transaction
from allting.common.mailbox import api as mailbox
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
number = "{number}"
person = registers.find_person(Actor.system(), Purpose("eForvaltningsforskriften § 8", "brev"), number)
facts = [("Inntekt per måned før skatt etter fradrag nummer %d" % n, "%d 000 kroner" % n) for n in range(20)]
facts.append(("Saksbehandlingsfristforlengelsesvarsel", "https://example.org/" + "lang" * 30))
head = ["Måned", "Beløp", "Skatt", "Utbetalt", "Kommentar"]
table = mailbox.Table(head, [["januar", "3 000", "0", "3 000", "Ordinær"]])
blocks = [mailbox.Heading("Grunnlag"), mailbox.Facts(facts), table, mailbox.Items(["en", "to"])]
with transaction.atomic():
    mailbox.deliver(mailbox.Letter(Party("person", person), uuid4(), "Molde kommune", "Vedtak", blocks), "walk")
"""


def test_a_letter_with_many_facts_reads_well_on_a_phone(platform, page):
    parent = platform.person("other parent")
    platform.allting("shell", "-c", LETTER.format(number=parent["identity_number"]))
    page.set_viewport_size({"width": 320, "height": 700})
    log_in(page, platform, parent, "/my/letters")
    for _try in range(50):
        if page.get_by_role("link", name="Vedtak").count():
            break
        page.wait_for_timeout(200)
        page.reload()
    page.get_by_role("link", name="Vedtak").click()
    page.get_by_role("heading", name="Grunnlag").wait_for()
    assert findings(page) == []
    term = page.locator("main dt").nth(3).bounding_box()
    value = page.locator("main dd").nth(3).bounding_box()
    assert value["y"] >= term["y"] + term["height"] - 1  # under each other, not squeezed side by side
    for _try in range(50):
        page.goto(platform.url + "/demo/messages")
        said = page.locator("main").inner_text()
        if len(re.findall("nytt brev", said)) > 2:
            break
        page.wait_for_timeout(200)
    assert len(re.findall("nytt brev", said)) > 2  # an e-mail with its subject, and an SMS
    assert "Molde kommune" not in said and "Vedtak" not in said
