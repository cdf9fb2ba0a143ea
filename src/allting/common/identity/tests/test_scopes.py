"""Self-service: an authority's officers and an organisation's representatives, on pages and over REST."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from allting.common.audit.models import Entry
from allting.common.identity.machine import reach
from allting.common.identity.models import Delegation, Scope, ScopeAccess, ScopePrefix
from allting.common.identity.tests import factories_machine as m
from allting.common.identity.tests.factories import log_in_for_test
from allting.common.registers.models import Mandate
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Party

pytestmark = pytest.mark.django_db
NEW = {
    "prefix": "skatt", "subscope": "inntekt/les", "description": "Inntekten til en person", "open": "given",
    "at_max_age": "120", "types": ["maskinporten"], "delegable": "yes", "active": "yes",
}  # fmt: skip


def officer(authority):
    client = Client()
    log_in_for_test(client, make.officer_in(authority).pk, as_officer_of=authority.pk)
    return client


def representative(name="Fjordkroa AS"):
    siri, company = make.chief_of(name)
    client = Client()
    log_in_for_test(client, siri.pk, acting_for=Party("organisation", company.pk))
    client.company = company
    return client


@pytest.fixture
def tax():
    row = make.state("skatteetaten")
    ScopePrefix.objects.create(prefix="skatt", owner=row.pk)
    return row


@pytest.fixture
def office(tax):
    return officer(tax)


def text(response):
    return response.content.decode()


# --- The owner -----------------------------------------------------------------------------------------


def test_an_officer_makes_a_scope_and_gives_and_withdraws_it(office):
    assert "New scope" in text(office.get("/office/scopes", headers={"Accept-Language": "en"}))
    assert 'value="600"' in text(office.get("/office/scopes/new"))
    made = office.post("/office/scopes/new", NEW)
    assert made["Location"] == "/office/scopes/scope?scope=skatt%3Ainntekt%2Fles"
    row = Scope.objects.get(prefix="skatt")
    assert (row.name, row.at_max_age, row.delegable, row.accessible_for_all) == ("skatt:inntekt/les", 120, True, False)
    company = make.chief_of("Fagsystem AS")[1]
    page = office.post(made["Location"], {"organisation": company.organisation_number})
    assert page.status_code == 302
    bearer = m.certificate_of(company)
    assert m.token_of(m.with_certificate(bearer, company.organisation_number, scope=row.name))
    assert "Fagsystem AS" in text(office.get(made["Location"]))
    assert Entry.objects.filter(subject=company.pk, dataset="machine.access").count() == 1
    office.post(made["Location"], {"organisation": company.organisation_number})  # twice changes nothing
    assert ScopeAccess.objects.count() == 1
    office.post(made["Location"], {"withdraw": company.organisation_number})
    asked = m.with_certificate(bearer, company.organisation_number, scope=row.name)
    assert "does not have it" in m.refused(m.ask(asked))
    assert "Fagsystem AS" not in text(office.get(made["Location"]))


def test_who_uses_it_and_through_whom(office):
    office.post("/office/scopes/new", NEW)
    molde, company = make.municipality(), make.chief_of("Leverandør AS")[1]
    m.give(molde, "skatt:inntekt/les")
    m.delegate(molde, company, "skatt:inntekt/les")
    asked = {"scope": "skatt:inntekt/les", "consumer_org": molde.organisation_number}
    m.token_of(m.with_certificate(m.certificate_of(company), company.organisation_number, **asked))
    found = office.get("/api/machine/scopes/access?scope=skatt:inntekt/les").json()
    today = timezone.localdate().isoformat()
    assert [(one["name"], one["last_used"]) for one in found] == [("Molde kommune", today)]
    assert [one["name"] for one in found[0]["suppliers"]] == ["Leverandør AS"]
    assert "Leverandør AS" in text(office.get("/office/scopes/scope?scope=skatt:inntekt/les"))


@pytest.mark.parametrize(
    ("field", "value"),
    [("prefix", "nav"), ("subscope", "a b"), ("subscope", ""), ("description", " "), ("description", "x" * 501),
     ("at_max_age", "9"), ("at_max_age", "x"), ("at_max_age", "99999"), ("types", []), ("types", ["x"])],
)  # fmt: skip
def test_what_is_wrong_is_told_and_what_was_typed_stays(office, field, value):
    page = office.post("/office/scopes/new", NEW | {"description": "Blir stående"} | {field: value})
    assert page.status_code == 422
    assert f'href="#field-{field}"' in text(page)
    assert field == "description" or "Blir stående" in text(page)
    assert not Scope.objects.exists()


def test_the_same_name_twice_and_terms_that_are_missing(office):
    office.post("/office/scopes/new", NEW)
    assert office.post("/office/scopes/new", NEW).status_code == 422
    assert 'href="#field-terms"' in text(office.post("/office/scopes/new", NEW | {"subscope": "b", "open": "terms"}))


def test_a_scope_is_changed_and_switched_off(office):
    office.post("/office/scopes/new", NEW)
    path = "/office/scopes/change?scope=skatt:inntekt/les"
    assert 'value="120"' in text(office.get(path))
    office.post(path, NEW | {"open": "terms", "terms": "Bruk det pent.", "delegable": "", "at_max_age": "60"})
    row = Scope.objects.get()
    assert (row.terms, row.accessible_for_all, row.at_max_age, row.active) == ("Bruk det pent.", True, 60, True)
    values = {name: value for name, value in NEW.items() if name not in ("active", "delegable")}
    office.post(path, values)
    row.refresh_from_db()
    assert (row.terms, row.active, row.delegable) == ("", False, False)


def test_an_unknown_organisation(office):
    office.post("/office/scopes/new", NEW)
    page = office.post("/office/scopes/scope?scope=skatt:inntekt/les", {"organisation": "123"})
    assert page.status_code == 422
    assert 'value="123"' in text(page)


def test_another_authoritys_scope_is_not_there(office):
    m.scope("nav:ytelse", owner=make.state("nav"))
    for path in ("/office/scopes/scope?scope=nav:ytelse", "/office/scopes/change?scope=nav:ytelse",
                 "/office/scopes/scope?scope=%00", "/office/scopes/scope"):  # fmt: skip
        assert office.get(path).status_code == 404
    assert office.put("/api/machine/scopes/access/974760673?scope=nav:ytelse").status_code == 404
    assert "nav:ytelse" not in text(office.get("/office/scopes"))


def test_the_operator_gives_out_prefixes_and_no_other_does(office):
    operator = officer(make.state("digitaliseringsdirektoratet"))
    assert operator.get("/office/scopes/prefixes").status_code == 200
    nav = make.state("nav")
    form = {"prefix": "nav", "owner": nav.organisation_number}
    assert office.post("/office/scopes/prefixes", form).status_code == 404
    assert operator.post("/office/scopes/prefixes", form).status_code == 302
    assert ScopePrefix.objects.get(prefix="nav").owner == nav.pk
    assert operator.post("/office/scopes/prefixes", form).status_code == 422
    assert operator.post("/office/scopes/prefixes", form | {"prefix": "Æ"}).status_code == 422
    assert operator.post("/office/scopes/prefixes", form | {"prefix": "b2", "owner": "1"}).status_code == 422
    assert "allting:cases" in text(operator.get("/office/scopes"))  # the platform's own
    assert "allting:cases" not in text(office.get("/office/scopes"))


def test_only_officers_and_only_those_who_act_for_an_organisation(tax):
    citizen = Client()
    log_in_for_test(citizen, make.person().pk)
    assert citizen.get("/office/scopes").status_code == 403
    assert citizen.get("/my/machine").status_code == 403
    assert citizen.get("/api/machine/scopes").status_code == 403
    assert citizen.get("/api/machine/access").status_code == 403
    assert officer(tax).get("/my/machine").status_code == 403


def test_the_owner_over_rest(office):
    body = {"prefix": "skatt", "subscope": "b", "description": "B", "accessible_for_all": True, "terms": "Pent."}
    made = office.post("/api/machine/scopes", body, "application/json")
    assert (made.status_code, made.json()["name"]) == (201, "skatt:b")
    assert office.post("/api/machine/scopes", body, "application/json").json()["errors"]["subscope"]
    assert office.post("/api/machine/scopes", body | {"at_max_age": 1}, "application/json").status_code == 422
    odd = office.post("/api/machine/scopes", body | {"subscope": "c", "description": "\ud800\x00x"}, "application/json")
    assert odd.json()["description"] == "x"
    changed = office.put("/api/machine/scopes?scope=skatt:b", {"description": "Ny"}, "application/json")
    assert (changed.json()["description"], changed.json()["terms"]) == ("Ny", "")
    company = make.chief_of()[1]
    path = f"/api/machine/scopes/access/{company.organisation_number}?scope=skatt:b"
    assert office.put(path).status_code == 204
    assert [one["consumer_orgno"] for one in office.get("/api/machine/scopes/access?scope=skatt:b").json()]
    assert office.delete(path).status_code == 204
    assert office.delete(path).status_code == 404
    assert {one["name"] for one in office.get("/api/machine/scopes").json()} == {"skatt:b", "skatt:c"}


# --- The consumer ----------------------------------------------------------------------------------------


@pytest.fixture
def kro():
    """A representative of an enterprise that has a delegable scope."""
    client = representative()
    m.scope("skatt:a", delegable=True)
    m.give(client.company, "skatt:a")
    return client


def form(other, **more):
    day = timezone.localdate().isoformat()
    return {"scope": "skatt:a", "supplier": other.organisation_number, "starts": day, "ends": ""} | more


def test_a_representative_delegates_and_ends_it_at_once(kro):
    supplier = make.chief_of("Regnskap AS")[1]
    assert "/my/machine" in text(kro.get("/my"))
    assert "skatt:a" in text(kro.get("/my/machine/delegate"))
    assert kro.post("/my/machine/delegate", form(supplier))["Location"] == "/my/machine"
    assert "Regnskap AS" in text(kro.get("/my/machine"))
    asked = {"scope": "skatt:a", "consumer_org": kro.company.organisation_number}
    bearer = m.certificate_of(supplier)
    assert m.token_of(m.with_certificate(bearer, supplier.organisation_number, **asked))["supplier"]
    row = Delegation.objects.get()
    assert Entry.objects.filter(dataset="machine.delegation").count() == 2  # in both logs
    kro.post("/my/machine", {"withdraw": str(row.pk)})
    assert "not delegated" in m.refused(m.ask(m.with_certificate(bearer, supplier.organisation_number, **asked)))
    assert "Regnskap AS" not in text(kro.get("/my/machine"))
    assert kro.post("/my/machine", {"withdraw": str(row.pk)}).status_code == 404
    assert kro.post("/my/machine", {"withdraw": "x"}).status_code == 404


def test_who_does_not_bind_it_alone_may_look_and_no_more(kro):
    kro.post("/my/machine/delegate", form(make.chief_of("Regnskap AS")[1]))
    client, partner = Client(), make.person()
    Mandate.objects.create(person=partner, organisation=kro.company, role="joint-signatory")
    log_in_for_test(client, partner.pk, acting_for=Party("organisation", kro.company.pk))
    page = text(client.get("/my/machine"))
    assert "Regnskap AS" in page
    assert "/my/machine/delegate" not in page and 'name="withdraw"' not in page
    other = make.chief_of("Annet AS")[1]
    assert client.post("/my/machine/delegate", form(other)).status_code == 403
    assert client.post("/my/machine", {"withdraw": str(Delegation.objects.get().pk)}).status_code == 403
    accountant = make.person()
    Mandate.objects.create(person=accountant, organisation=kro.company, role="accountant")
    log_in_for_test(client, accountant.pk, acting_for=Party("organisation", kro.company.pk))
    assert client.get("/my/machine").status_code == 403
    assert client.get("/api/machine/delegations").status_code == 403


def test_a_supplier_sees_what_it_got_and_can_let_go(kro):
    supplier = representative("Regnskap AS")
    kro.post("/my/machine/delegate", form(supplier.company))
    assert "Fjordkroa AS" in text(supplier.get("/my/machine"))
    assert supplier.post("/my/machine", {"withdraw": str(Delegation.objects.get().pk)}).status_code == 302
    assert "Fjordkroa AS" not in text(supplier.get("/my/machine"))


def test_a_stranger_cannot_end_it(kro):
    kro.post("/my/machine/delegate", form(make.chief_of("Regnskap AS")[1]))
    assert (
        representative("Annet AS").post("/my/machine", {"withdraw": str(Delegation.objects.get().pk)}).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("more", "field"),
    [({"scope": "skatt:b"}, "scope"), ({"scope": ""}, "scope"), ({"supplier": "1"}, "supplier"),
     ({"starts": ""}, "starts"), ({"starts": "2020-01-01"}, "starts"), ({"ends": "2020-01-01"}, "ends"),
     ({"ends": "x"}, "ends")],
)  # fmt: skip
def test_a_delegation_that_cannot_be_is_told_by_field(kro, more, field):
    page = kro.post("/my/machine/delegate", form(make.chief_of("Regnskap AS")[1], **more))
    assert page.status_code == 422
    assert f'href="#field-{field}"' in text(page)
    assert not Delegation.objects.exists()


def test_not_to_itself_and_not_twice(kro):
    assert kro.post("/my/machine/delegate", form(kro.company)).status_code == 422
    supplier = make.chief_of("Regnskap AS")[1]
    today = timezone.localdate()
    later = form(supplier, starts=(today + timedelta(days=9)).isoformat())
    assert (
        kro.post("/my/machine/delegate", form(supplier, ends=(today + timedelta(days=8)).isoformat())).status_code
        == 302
    )
    assert kro.post("/my/machine/delegate", form(supplier)).status_code == 422
    assert kro.post("/my/machine/delegate", later).status_code == 302


def test_terms_are_read_and_accepted(kro):
    m.scope("skatt:c", accessible_for_all=True, terms="Bruk det pent.")
    assert "skatt:c" in text(kro.get("/my/machine"))
    path = "/my/machine/terms?scope=skatt:c"
    assert "Bruk det pent." in text(kro.get(path))
    assert kro.post(path)["Location"] == "/my/machine"
    assert ScopeAccess.objects.get(scope="skatt:c").accepted
    assert kro.get(path)["Location"] == "/my/machine"
    assert kro.get("/my/machine/terms?scope=skatt:a").status_code == 302


def test_the_consumer_over_rest(kro):
    m.scope("skatt:c", accessible_for_all=True, terms="Bruk det pent.")
    hows = {one["scope"]: one["how"] for one in kro.get("/api/machine/access").json()}
    assert hows == {"skatt:a": "given", "skatt:c": "offered"} | dict.fromkeys(reach.OWN, "open")
    assert kro.post("/api/machine/access?scope=skatt:c").status_code == 204
    assert kro.post("/api/machine/access?scope=skatt:a").status_code == 404
    supplier = make.chief_of("Regnskap AS")[1]
    body = {"scope": "skatt:a", "supplier_orgno": supplier.organisation_number}
    made = kro.post("/api/machine/delegations", body, "application/json")
    assert (made.status_code, made.json()["other_name"]) == (201, "Regnskap AS")
    assert kro.post("/api/machine/delegations", body, "application/json").json()["errors"]["supplier"]
    assert len(kro.get("/api/machine/delegations").json()) == 1
    assert kro.delete(f"/api/machine/delegations/{made.json()['id']}").status_code == 204
    assert kro.get("/api/machine/delegations").json() == []


def test_without_the_csrf_token_nothing_is_changed_over_rest(kro):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = kro.cookies
    assert strict.post("/api/machine/access?scope=skatt:c").status_code == 403


def test_what_was_typed_when_the_login_ended_is_given_back(kro):
    session = kro.session
    session["login"]["seen"] -= 99_999
    session.save()
    back = kro.post("/my/machine/delegate", form(make.chief_of("Regnskap AS")[1], supplier="123 456"))
    assert "parked" in back["Location"]
