"""From the order to the hand-over, blocking, and who may do what."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from allting.common.audit.models import Entry
from allting.common.cases.models import Case, Signer
from allting.common.cases.tests.factories import begin, fill_in, send
from allting.common.mailbox.models import StoredLetter
from allting.common.payment.models import Bill
from allting.common.registers.tests import factories as make
from allting.kernel import events, mrz
from allting.kernel.actor import Capacity, Level, Party
from allting.kernel.problems import Conflict, Invalid, LoginNeeded, NotAllowed, NotFound
from allting.kernel.scope import Reach, Scope
from allting.sectors.idcard import api as idcard
from allting.sectors.idcard import doctor, issuing
from allting.sectors.idcard.models import Card, CardEvent, Certificate
from allting.sectors.idcard.services.national_id_card import valid_until
from allting.sectors.idcard.tests import factories as cards

pytestmark = pytest.mark.django_db
ORDER = {"card": {"travel": "yes", "reason": "first", "delivery": "personal", "citizen": "yes"}}


@pytest.fixture(autouse=True)
def authority(settings, tmp_path):
    cards.authority(settings, tmp_path)
    make.municipality()


def paid(case_id):
    events.publish("payment.paid", case=case_id)


def test_from_the_order_to_the_card_in_use():
    kari, ida = make.person(), cards.officer()
    case_id = send(cards.browser(kari), "national-id-card", ORDER)
    assert Bill.objects.get(case=case_id).amount == 75_000
    paid(case_id)
    desk = cards.browser(ida, as_officer_of=make.state("politiet").pk)
    assert "/office/id-cards" in desk.get("/office").content.decode()
    grant = {"outcome": "granted", "revision": Case.objects.get(pk=case_id).revision}
    early = desk.post(f"/office/cases/{case_id}/decide", grant)
    assert (early.status_code, Card.objects.count()) == (422, 0)
    assert "ID-kort" in early.content.decode()
    wrong = desk.post("/office/id-cards/check", {"number": "123", "document": ""})
    assert wrong.status_code == 422
    assert all(f'id="error-{name}"' in wrong.content.decode() for name in ("number", "document"))
    seen = {"number": kari.identity_number, "document": "passport"}
    assert desk.post("/office/id-cards/check", seen).status_code == 302
    assert desk.post(f"/office/cases/{case_id}/decide", grant).status_code == 302
    cards.work()
    card = Card.objects.get(holder=kari.pk)
    assert (card.state, card.case, card.travel) == ("sent", case_id, True)
    assert card.valid_until == valid_until(kari.birth_date, timezone.localdate())
    assert {one.reason for one in Certificate.objects.filter(card=card)} == {"certificate_hold"}
    page = f"/office/id-cards/{card.pk}"
    assert desk.post(page + "/hand-over", {"read": "XYZ000000"}).status_code == 422
    lines = issuing.printed(card).mrz
    assert mrz.is_right(lines)
    assert desk.post(page + "/hand-over", {"read": "\n".join(lines)}).status_code == 302
    card.refresh_from_db()
    assert card.state == "active"
    assert not Certificate.objects.exclude(revoked=None).exists()
    mine = cards.browser(kari).get("/my/id-card").content.decode()
    assert card.number in mine
    kinds = list(CardEvent.objects.filter(card=card).order_by("id").values_list("kind", flat=True))
    assert kinds == ["ordered", "produced", "sent", "delivered", "activated"]
    assert Entry.objects.filter(subject=kari.pk, dataset="idcard.identity_check", person=ida.pk).exists()
    titles = {one.service for one in StoredLetter.objects.filter(recipient=f"person:{kari.pk}")}
    assert titles == {"national-id-card"}


def test_a_child_pays_less_and_both_parents_consent():
    siri, jonas = make.person(given_name="Siri"), make.person(given_name="Jonas")
    child = make.child_of(siri, date(timezone.localdate().year - 7, 1, 1))
    from allting.common.registers.models import Relation

    Relation.objects.create(person=jonas, other=child, kind="parent")
    for_child = cards.browser(siri, acting_for=Party("person", child.pk))
    draft = begin(for_child, "national-id-card")
    fill_in(for_child, draft, ORDER)
    assert "450" in for_child.get(f"/drafts/{draft}/review").content.decode()
    for_child.post(f"/drafts/{draft}/review")
    case = Case.objects.get(party=f"person:{child.pk}")
    assert list(Signer.objects.filter(case=case).values_list("person", flat=True)) == [jonas.pk]
    cards.browser(jonas).post(f"/my/sign/{case.pk}", {"answer": "yes"})
    assert Bill.objects.get(case=case.pk).amount == 45_000


@pytest.mark.parametrize(("years", "travel", "asked"), [(15, "no", 0), (15, "yes", 2), (12, "no", 2), (30, "yes", 0)])
def test_whose_consent_follows_age_and_travel(years, travel, asked):
    siri, jonas = make.person(born=date(1960, 1, 1)), make.person(born=date(1960, 1, 1))
    child = make.child_of(siri, date(timezone.localdate().year - years, 1, 1))
    from allting.common.registers.models import Relation

    Relation.objects.create(person=jonas, other=child, kind="parent")
    client, pages = cards.browser(child), {"card": ORDER["card"] | {"travel": travel}}
    draft = begin(client, "national-id-card")
    fill_in(client, draft, pages)
    assert ("14 dager" in client.get(f"/drafts/{draft}/review").content.decode()) is bool(asked)
    case = send(client, "national-id-card", pages)
    assert Signer.objects.filter(case=case).count() == asked


@pytest.mark.parametrize(("born", "until"), [("2024-06-01", "2028-11-24"), ("2018-01-01", "2029-11-24"),
                                             ("2016-11-25", "2031-11-24"), ("1950-01-01", "2031-11-24")])  # fmt: skip
def test_how_long_a_card_is_valid(born, until):
    assert valid_until(date.fromisoformat(born), date(2026, 11, 25)).isoformat() == until


def test_the_holder_blocks_it_with_one_button_and_for_good():
    kari = make.person()
    card = cards.in_use(kari)
    client = cards.browser(kari)
    assert client.get(f"/my/id-card/{card.pk}/block").status_code == 200
    assert client.post(f"/my/id-card/{card.pk}/block", {"why": "stolen"})["Location"] == "/my/id-card?blocked=1"
    client.post(f"/my/id-card/{card.pk}/block", {"why": "stolen"})
    assert client.get(f"/my/id-card/{card.pk}/block")["Location"] == "/my/id-card"
    card.refresh_from_db()
    assert card.state == "blocked"
    assert {one.reason for one in Certificate.objects.filter(card=card)} == {"key_compromise"}
    event = CardEvent.objects.get(card=card, kind="blocked")
    assert (event.person, event.why) == (kari.pk, "stolen")
    cards.work()
    assert StoredLetter.objects.filter(key=f"idcard:{card.pk}:blocked").exclude(delivered=None).exists()
    with pytest.raises(Conflict):
        idcard.hand_over(cards.at_work(cards.officer()), card.pk, card.number)


def test_an_officer_blocks_for_one_who_calls():
    kari, ida = make.person(), cards.officer()
    card = cards.in_use(kari)
    desk = cards.browser(ida, as_officer_of=make.state("politiet").pk)
    assert card.number in desk.post("/office/id-cards", {"number": kari.identity_number}).content.decode()
    assert desk.post("/office/id-cards", {"number": "ABC"}).status_code == 422
    assert desk.get(f"/office/id-cards/{card.pk}/block").status_code == 200
    desk.post(f"/office/id-cards/{card.pk}/block", {"why": "lost"})
    card.refresh_from_db()
    assert card.state == "blocked"
    assert Entry.objects.filter(subject=kari.pk, dataset="idcard.card", person=ida.pk).count() >= 3


def test_over_rest():
    kari = make.person()
    card = cards.in_use(kari)
    client = cards.browser(kari)
    (found,) = client.get("/api/id-cards").json()
    assert (found["number"], found["state"], found["travel"]) == (card.number, "active", True)
    blocked = client.post(f"/api/id-cards/{card.pk}/block", {"why": "lost"}, content_type="application/json")
    assert blocked.json()["state"] == "blocked"
    assert (
        cards.browser(make.person())
        .post(f"/api/id-cards/{card.pk}/block", {}, content_type="application/json")
        .status_code
        == 404
    )


def test_nobody_else_sees_or_blocks_it():
    kari, nosy, nina = make.person(), make.person(), make.officer_in(make.state("nav"))
    card = cards.in_use(kari)
    for act in (idcard.card, idcard.block, idcard.activate):
        with pytest.raises(NotFound):
            act(cards.actor(nosy, Level.HIGH), card.pk)
    other_office = cards.actor(nina).as_officer(make.state("nav").pk, "Nav")
    for act in (idcard.card, idcard.block):
        with pytest.raises(NotAllowed):
            act(other_office, card.pk)
    with pytest.raises(NotAllowed):
        idcard.check_identity(other_office, kari.identity_number, "passport")
    desk = cards.browser(nina, as_officer_of=make.state("nav").pk)
    assert desk.get("/office/id-cards").status_code == 403
    assert "/office/id-cards" not in desk.get("/office").content.decode()


def test_acting_for_another_reaches_as_far_as_the_mandate():
    kari, amir = make.person(), make.person()
    card = cards.in_use(kari)
    inside = Scope((Reach(services=frozenset({"national-id-card"})),))
    outside = Scope((Reach(services=frozenset({"change-of-address"})),))
    acting = {"capacity": Capacity.ATTORNEY}
    with pytest.raises(NotAllowed):
        idcard.cards(cards.for_another(amir, kari, scope=outside, **acting))
    me = cards.for_another(amir, kari, scope=inside, **acting)
    assert len(idcard.cards(me)) == 1
    with pytest.raises(NotFound):  # a card is taken into use by its holder alone
        idcard.activate(me, card.pk)
    idcard.block(me, card.pk)
    event = CardEvent.objects.get(card=card, kind="blocked")
    assert (event.person, event.on_behalf_of, event.capacity) == (amir.pk, f"person:{kari.pk}", "attorney")


def test_a_card_by_post_is_taken_into_use_at_level_high():
    kari = make.person()
    card = cards.made(kari, "post")
    with pytest.raises(LoginNeeded):
        idcard.activate(cards.actor(kari), card.pk)
    weak = cards.browser(kari).post(f"/my/id-card/{card.pk}/activate")
    assert "level=high" in weak["Location"]
    cards.browser(kari, Level.HIGH).post(f"/my/id-card/{card.pk}/activate")
    card.refresh_from_db()
    assert card.state == "active"
    personal = cards.made(make.person())
    with pytest.raises(NotFound):
        idcard.activate(cards.actor(kari, Level.HIGH), personal.pk)


def test_a_new_card_in_use_replaces_the_old_one():
    kari = make.person()
    old = cards.in_use(kari)
    new = cards.made(kari)
    old.refresh_from_db()
    assert (old.state, new.replaces) == ("active", old)
    idcard.hand_over(cards.at_work(cards.officer()), new.pk, new.number.lower())
    old.refresh_from_db()
    assert old.state == "replaced"
    assert {one.reason for one in Certificate.objects.filter(card=old)} == {"superseded"}


def test_a_card_that_has_run_out_says_so():
    kari = make.person()
    card = cards.in_use(kari)
    Card.objects.filter(pk=card.pk).update(valid_until=timezone.localdate() - timedelta(days=1))
    (found,) = idcard.cards(cards.actor(kari))
    assert (found.state, found.can) == ("expired", frozenset())


def test_nobody_checks_her_own_identity():
    ida = cards.officer()
    with pytest.raises(NotAllowed):
        idcard.check_identity(cards.at_work(ida), ida.identity_number, "known")
    with pytest.raises(Invalid):
        idcard.check_identity(cards.at_work(ida), make.person().identity_number, "a nice smile")


def test_what_is_printed_and_certified_is_sealed_at_rest():
    kari = make.person(family_name="Særprøve")
    card = cards.in_use(kari)
    held = [bytes(card.content), *[bytes(one.content) for one in card.certificates.all()]]
    for secret in (b"Karl", kari.identity_number.encode(), "Særprøve".encode(), b"SAERPROEVE"):
        assert not [one for one in held if secret in one]
    assert "SAERPROEVE<<KARI" in issuing.printed(card).mrz[2]


def test_the_doctor_looks_at_the_authority(settings, tmp_path):
    settings.DEMO = False
    assert doctor.authority().level == "warning"  # the root's key still lies there
    (tmp_path / "keys" / "idcard-root.pem").rename(tmp_path / "safe.pem")
    assert doctor.authority().level == "ok"
    assert doctor.revocation_list().level == "ok"
    Card.objects.create(number="ABC000000", holder=make.person().pk, travel=True, delivery="post", state="ordered")
    settings.KEY_FOLDER = tmp_path / "none"
    assert doctor.authority().level == "error"
