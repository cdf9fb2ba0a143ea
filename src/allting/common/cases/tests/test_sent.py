"""A report is dealt with; only an application is granted."""

from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.utils import timezone, translation

from allting.common.cases.lifecycle import State
from allting.common.cases.listing import Listed
from allting.common.cases.sent import sent_as
from allting.kernel.text import Text


@pytest.mark.parametrize(("sent", "word"), [("application", "Innvilget"), ("report", "Behandlet")])
def test_what_was_sent_decides_what_a_good_end_is_called(sent, word):
    what = sent_as(SimpleNamespace(sent_as=sent))
    day = date(2026, 11, 26)
    title = Text.same("Skattemelding")
    one = Listed(uuid4(), "1", title, what, "", State.DECIDED, "granted", timezone.now(), day, overdue=False)
    with translation.override("nb"):
        assert str(one.status) == word
