"""The words people use find each service: an everyday question for each, and it is among the first three hits."""

from __future__ import annotations

import pytest

from allting.common.catalogue import api as catalogue

ASKED = {
    "advance-maintenance": "får ikke barnebidrag",
    "after-school-programme": "sfo plass",
    "alcohol-licence-event": "servere øl på festival",
    "alcohol-sales-licence": "selge øl i butikk",
    "assistive-devices": "rullestol",
    "attendance-benefit": "hjelpestønad",
    "building-permit": "søke om å bygge garasje",
    "care-benefit-sick-child": "borte fra jobb med sykt barn",
    "carer-support": "avlastning for pårørende",
    "cash-for-care": "kontantstøtte",
    "change-of-address": "har flyttet",
    "change-of-name": "bytte etternavn",
    "child-benefit": "barnetrygd",
    "child-name": "navn til babyen",
    "citizenship": "bli norsk statsborger",
    "companion-card": "ledsager på kino",
    "completion-certificate": "ferdigattest på garasje",
    "concession": "kjøpe gård",
    "culture-grant": "støtte til korps",
    "dental-care": "gratis tannlege",
    "digging-permit": "grave i veien",
    "document-access": "innsyn i postliste",
    "driving-licence-replacement": "mistet lappen",
    "food-business-registration": "starte food truck",
    "funeral-grant": "betale begravelsen",
    "guardianship": "verge for mor",
    "health-personnel-authorisation": "autorisasjon som sykepleier",
    "home-care": "hjemmesykepleie",
    "housing-benefit": "bostøtte",
    "individually-adapted-education": "spesialundervisning",
    "kindergarten-place": "barnehageplass",
    "kindergarten-reduced-price": "billigere barnehage",
    "leave-from-school": "fri fra skolen",
    "marriage-conditions": "gifte oss",
    "maternity-grant": "gravid uten jobb",
    "moving-abroad": "flytte til utlandet",
    "wrong-entity-information": "feil navn i enhetsregisteret",
    "wrong-information": "feil adresse i folkeregisteret",
    "municipal-housing": "kommunal leilighet",
    "national-id-card": "nasjonalt id-kort",
    "neighbour-notice": "varsle naboen",
    "nursing-home-place": "plass på sykehjem til mor",
    "parental-benefit": "pappapermisjon",
    "parking-permit-disabled": "handikapparkering",
    "passport": "fornye passet",
    "personal-assistance": "personlig assistent",
    "police-certificate": "politiattest til trener",
    "property-division": "skille ut tomt",
    "protected-building": "fredet hus",
    "register-association": "registrere idrettslag",
    "retirement-pension": "søke om å gå av med pensjon",
    "retirement-pension-degree": "ta ut mindre pensjon",
    "residence-permit-renewal": "forlenge oppholdstillatelsen",
    "scattering-ashes": "spre asken",
    "school-transport-primary": "skolebuss barneskole",
    "school-transport-upper-secondary": "buss til videregående",
    "separation": "skilles",
    "serving-licence": "åpne kafé",
    "sickness-benefit": "sykmeldt fra jobben",
    "social-assistance": "har ikke penger",
    "sole-proprietorship": "starte eget firma",
    "start-loan": "lån til hus når banken sier nei",
    "student-support": "studielån",
    "support-contact": "støttekontakt",
    "tax-return": "selvangivelse og restskatt",
    "tax-card": "trekker for mye skatt",
    "trade-examination": "ta fagbrev",
    "transport-disabled": "drosje for funksjonshemmet",
    "unemployment-benefit": "mistet jobben",
    "upper-secondary-admission": "søke yrkesfag",
    "vat-return": "levere moms",
    "vat-terms": "levere mva en gang i året",
    "work-assessment-allowance": "AAP",
}
IN_NYNORSK_AND_ENGLISH = [
    ("sjukeheim", "nursing-home-place"),
    ("dagpengar", "unemployment-benefit"),
    ("skuleskyss", "school-transport-primary"),
    ("bustønad", "housing-benefit"),
    ("namneendring", "change-of-name"),
    ("byggje garasje", "building-permit"),
    ("heimesjukepleie", "home-care"),
    ("student loan", "student-support"),
    ("unemployed", "unemployment-benefit"),
    ("wheelchair", "assistive-devices"),
    ("wedding", "marriage-conditions"),
    ("nursing home", "nursing-home-place"),
    ("foreldrepengar", "parental-benefit"),
    ("graveløyve", "digging-permit"),
    ("citizenship", "citizenship"),
    ("divorce", "separation"),
    ("dentist", "dental-care"),
]


def found(asked):
    return [hit.slug for hit in catalogue.find(asked) if hit.kind == "service"][:3]


def test_each_service_has_its_question():
    assert sorted(ASKED) == sorted(one.slug for one in catalogue.services())


@pytest.mark.parametrize(("slug", "asked"), ASKED.items())
def test_an_everyday_question_finds_the_service(slug, asked):
    assert slug in found(asked), found(asked)


@pytest.mark.parametrize(("asked", "slug"), IN_NYNORSK_AND_ENGLISH)
def test_so_it_does_in_nynorsk_and_english(asked, slug):
    assert slug in found(asked), found(asked)


@pytest.mark.parametrize(
    ("asked", "event"),
    [
        ("gravid", "having-a-child"),
        ("alvorlig sykt barn", "seriously-ill-child"),
        ("arbeidsledig", "losing-and-finding-work"),
        ("ny i norge", "new-in-norway"),
        ("gründer", "starting-a-business"),
        ("dødsfall", "death-and-inheritance"),
        ("starte forening", "running-an-association"),
        ("flytte", "moving"),
        ("skolestart", "starting-school"),
        ("bryllup", "getting-married"),
        ("pusse opp", "building-and-renovating"),
        ("trenger hjelp hjemme", "needing-care"),
        ("skilsmisse", "splitting-up"),
    ],
)
def test_what_people_go_through_finds_the_life_event(asked, event):
    hits = [hit.slug for hit in catalogue.find(asked) if hit.kind == "life_event"]
    assert event in hits[:3], hits


def test_each_service_of_a_life_event_says_so_itself():
    """The package and its parts name each other, so that the service's own page leads to the whole."""
    loose = [
        (event.life_event, step.service)
        for event in catalogue.life_events()
        for step in event.steps
        if step.service and event.life_event not in catalogue.service(step.service).service.life_events
    ]
    packaged = {(event.life_event, step.service) for event in catalogue.life_events() for step in event.steps}
    loose += [
        (name, one.slug)
        for one in catalogue.services()
        for name in one.service.life_events
        if (name, one.slug) not in packaged
    ]
    assert not loose


def test_a_life_event_packages_several_authorities():
    for event in catalogue.life_events():
        services = [catalogue.service(step.service).service for step in event.steps if step.service]
        assert len(services) > 1, event.life_event
