import pytest
from uuid6 import uuid7

from allting.common.audit import api as audit
from allting.common.exchange import api as exchange
from allting.kernel.actor import Actor, Purpose
from allting.kernel.problems import NotFound

pytestmark = pytest.mark.django_db
PURPOSE = Purpose("§ 1", "a test")


def test_an_answer_leaves_its_mark_in_the_log_but_not_its_contents():
    me = Actor(person=uuid7())
    exchange.offer("test.person", lambda subject: {"name": "Kari", "born": "2000-01-01"})
    assert exchange.ask(me, PURPOSE, "test.person", me.person)["name"] == "Kari"
    (entry,) = audit.entries_about(me)
    assert (entry.dataset, entry.fields, entry.by_me) == ("test.person", ("born", "name"), True)


def test_a_question_without_an_answer_is_logged_too():
    me = Actor(person=uuid7())
    exchange.offer("test.nothing", lambda subject: None)
    with pytest.raises(NotFound):
        exchange.ask(me, PURPOSE, "test.nothing", me.person)
    assert len(audit.entries_about(me)) == 1


def test_a_data_set_nobody_offers():
    with pytest.raises(NotFound):
        exchange.ask(Actor(person=uuid7()), PURPOSE, "test.unheard-of", uuid7())


def test_when_the_source_fails_nothing_is_half_done():
    def fail(subject):
        raise OSError("no line")

    me = Actor(person=uuid7())
    exchange.offer("test.fails", fail)
    with pytest.raises(OSError, match="no line"):
        exchange.ask(me, PURPOSE, "test.fails", me.person)
    assert audit.entries_about(me) == []
