"""The catalogue as linked data conforms to the shapes of CPSV-AP-NO and CPSV-AP, and says what the files say."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
from django.conf import settings
from django.test import Client
from rdflib import DCTERMS, RDF, Graph, Literal, URIRef

from allting.common.catalogue import api as catalogue
from allting.common.catalogue import linked_data
from allting.common.catalogue.linked_data import CPSV, CV
from allting.common.registers.tests import factories as people

SHAPES = Path(__file__).resolve().parents[6] / "shared" / "data" / "schemas" / "cpsv-ap"


@pytest.fixture
def graph(db):
    for name in {one.service.offered_by for one in catalogue.services()}:
        if not name.startswith("every "):
            people.state(name)
    people.state(settings.OPERATOR_AUTHORITY)
    people.county()
    for number in people.PLACES:
        people.municipality(number)
    for cached in (linked_data.catalogue, linked_data.written):
        cached.cache_clear()
    yield linked_data.catalogue()
    for cached in (linked_data.catalogue, linked_data.written):
        cached.cache_clear()


@pytest.mark.parametrize("shapes", ["cpsv-ap-no-1-shacl.ttl", "cpsv-ap-3.1.1-shacl.ttl"])
def test_it_conforms(graph, shapes):
    services = set(graph.subjects(RDF.type, CPSV.PublicService))
    assert len(services) == len(catalogue.services())  # nothing would conform as well
    fits, _report, said = pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES / shapes))
    assert fits, said[:4000]


def test_a_fault_does_not_conform(graph):
    service = URIRef(f"{settings.BASE_URL}/services/kindergarten-place")
    graph.remove((service, CV.hasCompetentAuthority, None))
    fits, _report, _said = pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES / "cpsv-ap-no-1-shacl.ttl"))
    assert not fits


def test_it_says_what_the_file_says(graph):
    service = URIRef(f"{settings.BASE_URL}/services/driving-licence-replacement")
    title = catalogue.service("driving-licence-replacement").service.title
    assert {str(one) for one in graph.objects(service, DCTERMS.title)} == set(title.as_dict().values())
    assert graph.value(graph.value(service, CV.hasCost), CV.hasValue) == Literal(90.0)
    assert str(graph.value(service, CV.processingTime)) == "P14D"
    municipal = URIRef(f"{settings.BASE_URL}/services/kindergarten-place")
    assert len(set(graph.objects(municipal, CV.hasCompetentAuthority))) == len(people.PLACES)


@pytest.mark.parametrize(
    ("path", "media_type", "syntax"),
    [("/catalogue.ttl", "text/turtle", "turtle"), ("/catalogue.jsonld", "application/ld+json", "json-ld")],
)
def test_it_is_read_by_others(graph, path, media_type, syntax):
    answer = Client().get(path)
    assert answer["Content-Type"].startswith(media_type) and answer["Access-Control-Allow-Origin"] == "*"
    assert len(Graph().parse(data=answer.content, format=syntax)) == len(graph)


def test_the_map_of_the_site_names_every_service():
    page = Client().get("/sitemap.xml").content.decode()
    for one in catalogue.services():
        assert f"<loc>{settings.BASE_URL}/services/{one.slug}</loc>" in page
    assert f"Sitemap: {settings.BASE_URL}/sitemap.xml" in Client().get("/robots.txt").content.decode()


def test_the_browser_may_search_here():
    page = Client().get("/opensearch.xml", HTTP_ACCEPT_LANGUAGE="nb").content.decode()
    assert f'template="{settings.BASE_URL}/search?q={{searchTerms}}"' in page
