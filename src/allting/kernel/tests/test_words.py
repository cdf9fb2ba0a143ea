from uuid import uuid4

import pytest
from django.utils import translation

from allting.kernel import events
from allting.kernel.actor import Actor, Capacity, Level, Party, Purpose
from allting.kernel.problems import Invalid
from allting.kernel.text import Text, alphabetical, written


def test_a_text_speaks_the_readers_language_and_falls_back_to_bokmål():
    text = Text({"nb": "Barnehage", "nn": "Barnehage nn", "en": "Kindergarten"})
    with translation.override("en"):
        assert str(text) == "Kindergarten"
    assert text.in_("se") == "Barnehage"


def test_a_text_without_all_languages_is_refused():
    with pytest.raises(ValueError, match="missing language nn"):
        Text({"nb": "a", "en": "b"})


def test_the_norwegian_letters_come_last_in_their_order():
    words = ["Åpenhet", "Økonomi", "Zoo", "Ære", "Arbeid"]
    assert sorted(words, key=alphabetical) == ["Arbeid", "Zoo", "Ære", "Økonomi", "Åpenhet"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" a\r\nb\rc ", "a\nb\nc"), ("a\x00\x1b\x85\ud800\ufffeb", "ab"), ("æ😀\u200d\t中",) * 2, ("\x00", "")],
)
def test_what_is_written_is_kept_without_what_nobody_means(typed, kept):
    assert written(typed) == kept


@pytest.mark.parametrize("name", ["high", "idporten-loa-high", "eidas-loa-high"])
def test_levels_are_read_as_gateways_write_them(name):
    assert Level.from_name(name) is Level.HIGH


def test_a_party_survives_being_written():
    party = Party("organisation", uuid4())
    assert Party.parse(str(party)) == party
    with pytest.raises(ValueError, match="not a party"):
        Party.parse("everyone:1")


def test_an_actor_sees_the_cases_of_whom_she_acts_for():
    me, child = uuid4(), Party("person", uuid4())
    actor = Actor(person=me, level=Level.SUBSTANTIAL, name="Kari Nordmann")
    assert actor.party == Party("person", me)
    assert actor.acting_for(child, Capacity.GUARDIAN).party == child
    assert "Kari" not in repr(actor)


def test_the_system_has_no_cases_of_its_own():
    with pytest.raises(ValueError, match="system"):
        _ = Actor.system().party


def test_nobody_looks_without_a_reason():
    with pytest.raises(ValueError, match="legal basis"):
        Purpose(basis=" ", reason="curious")


def test_a_problem_is_told_as_problem_details():
    details = Invalid(errors={"born": ["A date of birth cannot be in the future"]}).as_details("/api/x")
    assert details["status"] == 422
    assert details["type"] == "/problems/invalid"
    assert details["errors"] == {"born": ["A date of birth cannot be in the future"]}


def test_a_failing_subscriber_stops_the_publisher():
    def fail(**facts):
        raise LookupError(facts["who"])

    events.subscribe("test.event", fail)
    with pytest.raises(LookupError, match="me"):
        events.publish("test.event", who="me")
