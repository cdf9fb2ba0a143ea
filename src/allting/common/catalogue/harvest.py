"""The catalogue for other programs: linked data, the site's map, and search from the browser's own field."""

from __future__ import annotations

import json
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from allting.common.catalogue import api as catalogue
from allting.common.catalogue import linked_data
from allting.kernel.access import public

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"


def _open(content: bytes, media_type: str) -> HttpResponse:
    """For anyone, from any page, and for an hour."""
    response = HttpResponse(content, content_type=media_type)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=3600"
    return response


@public
@require_GET
def schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of service files, for editors (``application/schema+json``)."""
    return _open(json.dumps(catalogue.json_schema(), ensure_ascii=False).encode(), "application/schema+json")


@public
@require_GET
def turtle(request: HttpRequest) -> HttpResponse:
    """CPSV-AP-NO as Turtle."""
    return _open(linked_data.written("turtle"), "text/turtle; charset=utf-8")


@public
@require_GET
def json_ld(request: HttpRequest) -> HttpResponse:
    """CPSV-AP-NO as JSON-LD."""
    return _open(linked_data.written("json-ld"), "application/ld+json")


@public
@require_GET
def sitemap(request: HttpRequest) -> HttpResponse:
    """sitemaps.org 0.9: the pages a search engine should know."""
    paths = ["/", "/services", "/privacy", "/accessibility", "/contact"]
    paths += [f"/services/{one.slug}" for one in catalogue.services()]
    paths += [f"/life-events/{one.life_event}" for one in catalogue.life_events()]
    urls = Element("urlset", xmlns=_SITEMAP)
    for path in paths:
        SubElement(SubElement(urls, "url"), "loc").text = settings.BASE_URL + path
    return _open(tostring(urls, encoding="utf-8", xml_declaration=True), "application/xml")


@public
@require_GET
def opensearch(request: HttpRequest) -> HttpResponse:
    """OpenSearch 1.1: the browser may search here."""
    found = Element("OpenSearchDescription", xmlns=_OPENSEARCH)
    SubElement(found, "ShortName").text = "Allting"
    SubElement(found, "Description").text = _("Search for a service")
    SubElement(found, "InputEncoding").text = "UTF-8"
    SubElement(found, "Url", type="text/html", template=f"{settings.BASE_URL}/search?q={{searchTerms}}")
    content = tostring(found, encoding="utf-8", xml_declaration=True)
    return _open(content, "application/opensearchdescription+xml")
