"""The catalogue as linked data: CPSV-AP-NO 1.1 (a profile of CPSV-AP 3) in a DCAT catalogue, from the service files.

Whoever harvests public services reads this: the national service catalogue, other portals, search engines.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from rdflib import DCAT, DCTERMS, FOAF, RDF, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from allting.common.catalogue import shelf as _shelf
from allting.common.catalogue.definition import Service
from allting.common.catalogue.members import FormField
from allting.common.catalogue.shelf import LifeEvent, themes
from allting.common.registers import api as registers
from allting.kernel.text import Text

CPSV = Namespace("http://purl.org/vocab/cpsv#")
CV = Namespace("http://data.europa.eu/m8g/")
NO = Namespace("https://data.norge.no/vocabulary/cpsvno#")
DCATNO = Namespace("https://data.norge.no/vocabulary/dcatno#")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
EU = Namespace("http://publications.europa.eu/resource/authority/")
UNIT = URIRef("http://data.europa.eu/88u/dataset/atu-type")
NORWAY = EU["country/NOR"]
LOS = Namespace("https://psi.norge.no/los/")
LANGUAGES = {"nb": EU["language/NOB"], "nn": EU["language/NNO"], "en": EU["language/ENG"]}
_ANY = {"every municipality": "municipality", "every county": "county"}
_PERIODS = {"working day": (1, "D"), "day": (1, "D"), "week": (7, "D"), "month": (1, "M"), "year": (1, "Y")}


@cache
def catalogue() -> Graph:
    """All services, who offers them, and the life events they belong to. The same until the next start."""
    graph = Graph()
    for prefix, space in {"cpsv": CPSV, "cv": CV, "cpsvno": NO, "dcatno": DCATNO, "eli": ELI, "dcat": DCAT}.items():
        graph.bind(prefix, space)
    whole = _here("catalogue")
    _catalogue(graph, whole)
    shelf = _shelf.shelf()
    for one in shelf.services.values():
        graph.add((whole, DCATNO.containsService, _service(graph, one.service)))
    for event in shelf.life_events.values():
        graph.add((whole, DCATNO.containsEvent, _event(graph, event)))
    return graph


@cache
def written(syntax: str) -> bytes:
    """The catalogue as ``turtle`` or ``json-ld``."""
    return catalogue().serialize(format=syntax, encoding="utf-8")


def _here(*path: str) -> URIRef:
    return URIRef("/".join((settings.BASE_URL, *path)))


def _say(graph: Graph, about: Node, relation: URIRef, text: Text) -> None:
    for language, words in text.as_dict().items():
        graph.add((about, relation, Literal(words, lang=language)))


def _concept(graph: Graph, concept: URIRef, title: Text | None = None) -> URIRef:
    graph.add((concept, RDF.type, SKOS.Concept))
    if title:
        _say(graph, concept, SKOS.prefLabel, title)
    return concept


def _catalogue(graph: Graph, whole: URIRef) -> None:
    publisher = registers.authority(settings.OPERATOR_AUTHORITY)
    graph.add((whole, RDF.type, DCAT.Catalog))
    graph.add((whole, DCTERMS.identifier, Literal(str(whole))))
    _say(graph, whole, DCTERMS.title, Text({"nb": "Tjenester", "nn": "Tenester", "en": "Services"}))
    about = "Offentlige tjenester", "Offentlege tenester", "Public services"
    _say(graph, whole, DCTERMS.description, Text(dict(zip(("nb", "nn", "en"), about, strict=True))))
    graph.add((whole, DCTERMS.publisher, _authority(graph, publisher)))
    _contact(graph, whole)
    for language in LANGUAGES.values():
        graph.add((language, RDF.type, DCTERMS.LinguisticSystem))
        graph.add((whole, DCTERMS.language, language))


def _authority(graph: Graph, one: registers.Authority) -> URIRef:
    body = _here("authorities", one.slug)
    for kind in (CV.PublicOrganisation, FOAF.Agent):
        graph.add((body, RDF.type, kind))
    graph.add((body, DCTERMS.identifier, Literal(one.slug)))
    graph.add((body, SKOS.prefLabel, Literal(one.name, lang="nb")))
    graph.add((body, DCTERMS.title, Literal(one.name, lang="nb")))
    graph.add((body, DCTERMS.spatial, NORWAY))
    for kind in (UNIT, DCTERMS.Location):  # the class that CPSV-AP 3.1.1 asks for
        graph.add((NORWAY, RDF.type, kind))
    return body


def _service(graph: Graph, service: Service) -> URIRef:
    this = _here("services", service.service)
    graph.add((this, RDF.type, CPSV.PublicService))
    graph.add((this, DCTERMS.identifier, Literal(service.service)))
    _say(graph, this, DCTERMS.title, service.title)
    _say(graph, this, DCTERMS.description, service.summary)
    for one in _offering(service.offered_by):
        graph.add((this, CV.hasCompetentAuthority, _authority(graph, one)))
    for language in LANGUAGES.values():
        graph.add((this, DCTERMS.language, language))
    for name in service.themes:
        graph.add((this, CV.thematicArea, _concept(graph, LOS[themes()[name].los], themes()[name].title)))
    if service.words:  # one text a language, say the shapes
        graph.add((this, DCAT.keyword, Literal(", ".join(service.words), lang="nb")))
    for event in service.life_events:
        graph.add((this, CV.isGroupedBy, _here("life-events", event)))
    graph.add((this, CV.processingTime, Literal(_duration(service.deadline), datatype=XSD.duration)))
    _surroundings(graph, this, service)
    return this


def _surroundings(graph: Graph, this: URIRef, service: Service) -> None:
    """What the service follows, costs, needs and gives, and where it is reached."""
    _part(graph, this, CV.hasLegalResource, ELI.LegalResource, "law", {DCTERMS.title: Literal(service.law, lang="nb")})
    _contact(graph, this)
    online = _concept(graph, URIRef("https://data.norge.no/vocabulary/service-channel-type#e-service"))
    channel = {DCTERMS.identifier: Literal(f"{service.service}#online"), DCTERMS.type: online}
    _part(graph, this, CV.hasChannel, CV.Channel, "online", channel)
    if service.fee:
        krone = _concept(graph, EU["currency/NOK"])
        value = Literal(float(service.fee.kroner), datatype=XSD.double)
        facts = {DCTERMS.identifier: Literal(f"{service.service}#fee"), CV.hasValue: value, CV.currency: krone}
        _part(graph, this, CV.hasCost, CV.Cost, "fee", facts)
    decision = _part(graph, this, NO.hasPossibleOutput, NO.PossibleOutput, "decision", {})
    _say(graph, decision, DCTERMS.title, service.letters.granted.title)
    _say(graph, decision, DCTERMS.description, service.letters.granted.text[0])
    for name, field in service.fields.items():
        if field.type == "file":
            _evidence(graph, this, name, field)


def _contact(graph: Graph, this: URIRef) -> None:
    page = _here("contact")
    graph.add((page, RDF.type, FOAF.Document))
    _part(graph, this, CV.contactPoint, CV.ContactPoint, "contact", {CV.contactPage: page})


def _evidence(graph: Graph, this: URIRef, name: str, field: FormField) -> None:
    evidence = _part(graph, this, NO.hasRequiredEvidence, NO.RequiredEvidence, name, {})
    _say(graph, evidence, DCTERMS.title, field.label)
    _say(graph, evidence, DCTERMS.description, field.help or field.label)


def _part(
    graph: Graph, this: URIRef, relation: URIRef, kind: URIRef, name: str, facts: dict[URIRef, Any]
) -> URIRef | BNode:
    part = URIRef(f"{this}#{name}")
    graph.add((this, relation, part))
    graph.add((part, RDF.type, kind))
    for predicate, value in facts.items():
        graph.add((part, predicate, value))
    return part


def _event(graph: Graph, event: LifeEvent) -> URIRef:
    this = _here("life-events", event.life_event)
    kinds = (CV.BusinessEvent if event.business else CV.LifeEvent, CV.Event)
    for kind in kinds:
        graph.add((this, RDF.type, kind))
    graph.add((this, DCTERMS.identifier, Literal(event.life_event)))
    _say(graph, this, DCTERMS.title, event.title)
    _say(graph, this, DCTERMS.description, event.summary)
    for step in event.steps:
        if step.service:
            graph.add((this, CV.hasRelatedService, _here("services", step.service)))
            graph.add((this, NO.mayTrigger, _here("services", step.service)))
    return this


def _offering(offered_by: str) -> list[registers.Authority]:
    if offered_by == registers.EVERY:
        return registers.authorities()
    kind = _ANY.get(offered_by)
    return registers.authorities(kind) if kind else [registers.authority(offered_by)]


def _duration(period: str) -> str:
    """xsd:duration of a legal period. It has no weeks, and no working days: these are written as days."""
    count, _space, unit = period.partition(" ")
    times, sign = _PERIODS[unit.removesuffix("s")]
    return f"P{int(count) * times}{sign}"
